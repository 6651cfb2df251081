import { expect, test } from 'vitest';
import { KEY, setupGateway } from './gateway-setup.ts';

const listed = {
  data: [
    {
      id: 'acme/builder',
      name: 'Acme: Builder',
      context_length: 200_000,
      pricing: { prompt: '0.000003', completion: '0.000015' },
      supported_parameters: ['tools', 'temperature'],
      architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
    },
    { id: 'acme/talker', name: 'No tools', supported_parameters: ['temperature'] },
    { id: 'acme/painter', supported_parameters: ['tools'], architecture: { output_modalities: ['image'] } },
    { id: 'local-model', pricing: { prompt: '0', completion: '0' } },
    { name: 'No id' },
  ],
};

test('lists the offline builder first, then what can call tools', async () => {
  const { gateway, provider } = await setupGateway();
  provider.routes['/models'] = { status: 200, body: listed };
  expect(await gateway.models()).toMatchObject([
    { id: 'doce/offline', name: 'Offline builder', isAi: false, free: true, description: expect.stringContaining('Not an AI') },
    {
      id: 'acme/builder',
      name: 'Acme: Builder',
      isAi: true,
      free: false,
      contextLength: 200_000,
      seesImages: true,
      inputDollarsPerMillion: 3,
      outputDollarsPerMillion: 15,
    },
    { id: 'local-model', name: 'local-model', free: true },
  ]);
});

test('asks once for many readers and again after ten minutes', async () => {
  const { gateway, provider, clock } = await setupGateway();
  await Promise.all([gateway.models(), gateway.models()]);
  await gateway.models();
  expect(provider.requests).toHaveLength(1);
  clock.advance(10 * 60_000);
  await gateway.models();
  expect(provider.requests).toHaveLength(2);
});

test('a failure keeps the old list and says why', async () => {
  const { gateway, provider, clock, lines } = await setupGateway();
  provider.routes['/models'] = { status: 200, body: listed };
  await gateway.models();
  provider.routes['/models'] = { status: 503, body: { error: { code: 503, message: `down ${KEY}` } } };
  clock.advance(10 * 60_000);
  const list = await gateway.listModels();
  expect(list.models.map((model) => model.id)).toEqual(['doce/offline', 'acme/builder', 'local-model']);
  expect(list.note?.code).toBe('provider_unavailable');
  expect(JSON.stringify(list) + lines.join('')).not.toContain(KEY);
});

test('without a provider there is the offline builder and nothing to complain about', async () => {
  const { gateway } = await setupGateway({ resolveProvider: () => undefined });
  expect(await gateway.listModels()).toEqual({ models: [expect.objectContaining({ id: 'doce/offline' })] });
});

test('agents may list the models with their token', async () => {
  const { gateway, token } = await setupGateway();
  const response = await fetch(`${gateway.baseUrl()}/models`, { headers: { authorization: `Bearer ${token}` } });
  expect(await response.json()).toEqual({ object: 'list', data: [{ id: 'doce/offline', object: 'model', owned_by: 'doce' }] });
});

test('testing a key asks OpenRouter about the key', async () => {
  const { gateway, config, provider } = await setupGateway();
  expect(await gateway.testProvider(config)).toEqual({ ok: true, message: 'The key works. $4.90 may still be spent with it.' });
  expect(provider.requests.map((request) => request.path)).toEqual(['/key']);
});

test('a wrong key fails the test in the provider’s own words', async () => {
  const { gateway, config } = await setupGateway();
  const result = await gateway.testProvider({ ...config, apiKey: 'wrong-key-123' });
  expect(result).toMatchObject({ ok: false, code: 'provider_unauthorized', providerMessage: 'No auth credentials found' });
});

test('a key without credit fails the test', async () => {
  const { gateway, config, provider } = await setupGateway();
  provider.routes['/key'] = { status: 200, body: { data: { limit_remaining: 0 } } };
  expect(await gateway.testProvider(config)).toMatchObject({ ok: false, code: 'provider_no_credit' });
});

test('elsewhere one token proves the key, because anyone may list models', async () => {
  const { gateway, config, provider } = await setupGateway();
  provider.routes['/models'] = { status: 200, body: listed };
  const compatible = { ...config, name: 'compatible' };
  expect(await gateway.testProvider(compatible)).toEqual({ ok: true, message: 'The provider answers and offers 2 models.' });
  expect(provider.requests.at(-1)?.body).toMatchObject({ max_tokens: 1 });
  expect(await gateway.testProvider({ ...compatible, apiKey: 'wrong-key-123' })).toMatchObject({
    ok: false,
    code: 'provider_unauthorized',
  });
});

test('a server without a key endpoint is tested like any other', async () => {
  const { gateway, config, provider } = await setupGateway();
  delete provider.routes['/key'];
  expect(await gateway.testProvider(config)).toMatchObject({ ok: true, message: expect.stringContaining('offers 0 models') });
});

test('a server that is not there, or is no provider, fails the test in words', async () => {
  const { gateway, config, provider } = await setupGateway();
  provider.routes['/key'] = { status: 200, body: '<html>' };
  expect(await gateway.testProvider(config)).toMatchObject({ ok: false, code: 'provider_garbage' });
  expect(await gateway.testProvider({ ...config, baseUrl: 'http://127.0.0.1:9/v1' })).toMatchObject({
    ok: false,
    code: 'provider_unreachable',
    message: 'The AI provider could not be reached. Check the key and the base URL, then test again.',
  });
});
