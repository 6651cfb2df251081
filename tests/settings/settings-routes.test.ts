import type { APIContext } from 'astro';
import { expect, test } from 'vitest';
import { KEY, setupGateway } from '../llm/gateway-setup.ts';
import { setupSettings } from './settings-setup.ts';
import { GET as getModels } from '../../src/pages/api/models.ts';
import { GET, PATCH } from '../../src/pages/api/settings.ts';
import { POST as postTest } from '../../src/pages/api/settings/test.ts';

type Route = (context: APIContext) => Response | Promise<Response>;

/** The routes on real settings and a real gateway, with the provider's address in the environment. */
async function setup(signedIn = true) {
  const { gateway, provider } = await setupGateway();
  const base = setupSettings(provider.baseUrl);
  const auth = { findSession: () => (signedIn ? { user: { id: 'u1' }, session: { id: 's1' } } : null) };
  const services = { settings: base.settings, llm: gateway, auth, log: { error: () => {} } };
  async function call(route: Route, body?: unknown) {
    const url = new URL('http://localhost:4321/api/settings');
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const context = { request: new Request(url, init), url, params: {}, locals: { services, edge: { requestId: 'r1' } } };
    const response = await route(context as unknown as APIContext);
    const text = await response.text();
    return { status: response.status, text, json: JSON.parse(text) as Record<string, unknown> };
  }
  return { ...base, provider, call };
}

test('a key is stored and tried, and never comes back', async () => {
  const { call, settings } = await setup();
  const answer = await call(PATCH as Route, { llm: { apiKey: KEY } });
  expect(answer).toMatchObject({
    status: 200,
    json: { settings: { llm: { hasKey: true, keyLast4: KEY.slice(-4), lastWorkedAt: '2026-01-01T00:00:00.000Z' } }, test: { ok: true } },
  });
  const read = await call(GET as Route);
  expect(answer.text + read.text).not.toContain(KEY);
  expect(settings.resolveProvider()?.apiKey).toBe(KEY);
});

test('a key that the provider refuses is stored, with the provider’s words', async () => {
  const { call } = await setup();
  const { json } = await call(PATCH as Route, { llm: { apiKey: 'wrong-key-123' } });
  expect(json).toMatchObject({
    settings: { llm: { hasKey: true } },
    test: { ok: false, code: 'provider_unauthorized', providerMessage: 'No auth credentials found' },
  });
});

test('a test uses what is given and stores nothing', async () => {
  const { call, settings } = await setup();
  expect((await call(postTest as Route, { apiKey: KEY })).json).toMatchObject({ ok: true });
  expect((await call(postTest as Route, {})).json).toMatchObject({ ok: false, code: 'provider_unauthorized' });
  expect(settings.readSettings('u1').llm).toMatchObject({ hasKey: false, lastWorkedAt: undefined });
});

test('what does not fit is refused by field', async () => {
  const { call } = await setup();
  expect(await call(PATCH as Route, { llm: { baseUrl: 'nonsense' } })).toMatchObject({
    status: 422,
    json: { error: { code: 'invalid_input', issues: [{ path: 'llm.baseUrl' }] } },
  });
});

test('models come with the offline builder first', async () => {
  const { call } = await setup();
  expect((await call(getModels as Route)).json).toMatchObject({ models: [{ id: 'doce/offline', isAi: false }] });
});

test('nobody without a session reads or changes anything', async () => {
  const { call, settings } = await setup(false);
  for (const route of [GET, PATCH, postTest, getModels] as Route[]) expect((await call(route, { llm: { apiKey: KEY } })).status).toBe(401);
  expect(settings.secretValues()).toEqual([]);
});
