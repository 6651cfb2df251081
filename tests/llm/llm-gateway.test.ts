import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { turns } from '#server/db/conversation-tables.ts';
import { projects } from '#server/db/schema.ts';
import type { OfflineBuilder } from '#server/llm/chat-completions.ts';
import { generousLimits, KEY, MODEL, setupGateway } from './gateway-setup.ts';

test('passes the stream on as the provider wrote it and counts tokens and cost', async () => {
  const { ask, calls, gateway, provider } = await setupGateway();
  provider.answer({ kind: 'text', text: 'Done.', toolCalls: [{ name: 'write', args: { file: 'a.txt' } }] });
  const answer = await ask({ temperature: 0.2, stream_options: { foo: 1 } });
  expect(answer).toMatchObject({ status: 200, text: 'Done.', done: true });
  expect(answer.chunks[0]).toMatchObject({ provider: 'TestProvider' });
  expect(answer.chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])).toHaveLength(3);
  expect(calls()).toMatchObject([
    {
      projectId: 'p1',
      turnId: 't1',
      provider: 'openrouter',
      model: MODEL,
      outcome: 'ok',
      inputTokens: 194,
      outputTokens: 2,
      costMicros: 950,
    },
  ]);
  const usage = { calls: 1, inputTokens: 194, outputTokens: 2, costMicros: 950 };
  expect(gateway.usageOfTurn('t1')).toEqual(usage);
  expect(gateway.endTurn('p1')).toEqual(usage);
});

test('sends the provider what it needs and nothing of the agent’s own headers', async () => {
  const { ask, provider, token, gateway } = await setupGateway();
  await ask(
    { temperature: 0.2, stream_options: { foo: 1 } },
    { headers: { authorization: `Bearer ${token}`, 'x-session': 'agent', cookie: 'a=b' } },
  );
  const [request] = provider.requests;
  expect(request?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'x-title': 'doce' });
  expect(request?.headers).not.toHaveProperty('x-session');
  expect(request?.headers).not.toHaveProperty('cookie');
  expect(request?.body).toMatchObject({
    model: MODEL,
    temperature: 0.2,
    stream: true,
    stream_options: { include_usage: true, foo: 1 },
    usage: { include: true },
  });
  expect(JSON.stringify(provider.requests)).not.toContain(token);
  expect(gateway.baseUrl()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/llm\/v1$/);
});

test('a plain OpenAI-compatible server needs no key and gets no OpenRouter fields', async () => {
  const local = { name: 'compatible', baseUrl: '', apiKey: undefined };
  const { ask, provider } = await setupGateway({ resolveProvider: () => local });
  local.baseUrl = provider.baseUrl;
  provider.key = undefined;
  expect((await ask()).text).toBe('Hello');
  expect(provider.requests[0]?.headers).not.toHaveProperty('authorization');
  expect(provider.requests[0]?.body).not.toHaveProperty('usage');
});

test('a request without stream gets one body, tool calls put together', async () => {
  const { ask, provider, calls } = await setupGateway();
  provider.answer({ kind: 'text', text: 'Done.', toolCalls: [{ name: 'write', args: { file: 'a.txt' } }] });
  const answer = await ask({ stream: false });
  expect(JSON.parse(answer.body)).toMatchObject({
    object: 'chat.completion',
    choices: [
      {
        finish_reason: 'tool_calls',
        message: { content: 'Done.', tool_calls: [{ id: 'call_0', function: { name: 'write', arguments: '{"file":"a.txt"}' } }] },
      },
    ],
    usage: { prompt_tokens: 194 },
  });
  expect(calls()).toMatchObject([{ outcome: 'ok', costMicros: 950 }]);
});

test('tokens are estimated, and priced by the list, where the provider does not count', async () => {
  const { ask, provider, calls, gateway } = await setupGateway();
  provider.routes['/models'] = { status: 200, body: { data: [{ id: MODEL, pricing: { prompt: '0.00001', completion: '0.00002' } }] } };
  provider.answer({ kind: 'text', text: 'x'.repeat(400), usage: null });
  await ask();
  expect(calls()[0]).toMatchObject({ outputTokens: 100, costMicros: 0 });
  await gateway.models();
  await ask();
  const priced = calls()[1];
  expect(priced?.costMicros).toBe((priced?.inputTokens ?? 0) * 10 + 100 * 20);
});

test('the provider is told to stop when the agent leaves', async () => {
  const { provider, gateway, token, calls } = await setupGateway();
  provider.answer({ kind: 'silence', text: 'Half' });
  const leaving = new AbortController();
  const response = await fetch(`${gateway.baseUrl()}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ model: MODEL, stream: true, messages: [{ role: 'user', content: 'Hello' }] }),
    signal: leaving.signal,
  });
  await response.body?.getReader().read();
  leaving.abort();
  await provider.clientLeft;
  await gateway.close();
  expect(calls()).toMatchObject([{ outcome: 'stopped' }]);
  expect(gateway.endTurn('p1').lastError).toBeUndefined();
});

test('ending a turn ends its calls and closing writes them down', async () => {
  const { provider, gateway, ask, calls } = await setupGateway();
  provider.answer({ kind: 'silence' });
  const answer = ask();
  await expect.poll(() => provider.requests.length).toBe(1);
  gateway.endTurn('p1');
  expect((await answer).status).toBe(400);
  await provider.clientLeft;
  await gateway.close();
  expect(calls()).toMatchObject([{ outcome: 'stopped' }]);
});

test('only a project’s token opens the gateway', async () => {
  const { gateway, token, provider } = await setupGateway();
  const url = `${gateway.baseUrl()}/chat/completions`;
  const other = gateway.issueToken('p2');
  expect(other).not.toBe(token);
  expect(gateway.issueToken('p1')).toBe(token);
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  const statuses: number[] = [];
  gateway.revokeToken('p2');
  for (const authorization of [
    undefined,
    '',
    'Bearer',
    `Bearer ${token}x`,
    `Basic ${token}`,
    `Bearer ${'a'.repeat(43)}`,
    `Bearer ${other}`,
  ]) {
    const response = await fetch(url, {
      method: 'POST',
      body: '{}',
      ...(authorization === undefined ? {} : { headers: { authorization } }),
    });
    statuses.push(response.status);
  }
  expect(statuses).toEqual(statuses.map(() => 401));
  expect(provider.requests).toHaveLength(0);
});

test('refuses what is no request, what is too large, and other addresses', async () => {
  const { ask, gateway, token, provider } = await setupGateway();
  expect((await ask({ messages: 'none' })).status).toBe(400);
  expect((await ask({}, { body: '{' })).status).toBe(400);
  expect((await ask({}, { body: Buffer.alloc(20 * 1024 * 1024 + 1, ' ') })).status).toBe(413);
  const headers = { authorization: `Bearer ${token}` };
  expect((await fetch(`${gateway.baseUrl()}/embeddings`, { method: 'POST', headers, body: '{}' })).status).toBe(404);
  expect(provider.requests).toHaveLength(0);
});

test('nothing is spent outside a turn, on another model, or once the turn is over', async () => {
  const { ask, gateway, provider } = await setupGateway({ turn: false });
  expect((await ask()).headers.get('x-doce-error')).toBe('no_turn_running');
  gateway.beginTurn('p1', { turnId: 't1', model: MODEL });
  expect((await ask({ model: 'expensive/model' })).headers.get('x-doce-error')).toBe('model_not_allowed');
  gateway.endTurn('p1');
  expect((await ask()).headers.get('x-doce-error')).toBe('no_turn_running');
  expect(provider.requests).toHaveLength(0);
});

test('a seventh call at the same time is refused without failing the turn', async () => {
  const { ask, provider, gateway } = await setupGateway();
  provider.answer({ kind: 'silence' });
  const waiting = Array.from({ length: 6 }, () => ask());
  await expect.poll(() => provider.requests.length).toBe(6);
  const seventh = await ask();
  expect([seventh.status, seventh.headers.get('x-doce-error')]).toEqual([429, 'too_many_calls']);
  expect(gateway.endTurn('p1').lastError).toBeUndefined();
  await Promise.all(waiting);
});

test('without a provider the message says where to set one up', async () => {
  const { ask, gateway } = await setupGateway({ resolveProvider: () => undefined });
  expect((await ask()).headers.get('x-doce-error')).toBe('provider_not_configured');
  expect(gateway.endTurn('p1').lastError?.message).toContain('Settings');
});

test('the offline builder answers over the same protocol, for nothing, without a provider', async () => {
  const { ask, gateway, calls, provider } = await setupGateway({ resolveProvider: () => undefined });
  gateway.beginTurn('p1', { turnId: 't1', model: 'doce/offline' });
  expect(await ask({ model: 'doce/offline' })).toMatchObject({ status: 200, text: 'I follow rules.', done: true });
  expect(calls()).toMatchObject([{ provider: 'doce', model: 'doce/offline', outcome: 'ok', costMicros: 0 }]);
  expect(provider.requests).toHaveLength(0);
});

test('a fault of the offline builder is called what it is', async () => {
  const offline: OfflineBuilder = {
    async *stream() {
      throw new Error('bug');
    },
  };
  const { ask, gateway, lines } = await setupGateway({ offline });
  gateway.beginTurn('p1', { turnId: 't1', model: 'doce/offline' });
  expect((await ask({ model: 'doce/offline' })).headers.get('x-doce-error')).toBe('offline_builder_failed');
  expect(lines.join('')).toContain('bug');
});

test.each([
  ['calls', { maxCallsPerTurn: 2 }, '2 calls'],
  ['tokens', { maxTokensPerTurn: 300 }, '300 tokens'],
  ['dollars a turn', { maxCostMicrosPerTurn: 1_500 }, '$0.0015'],
  ['dollars a project and day', { maxCostMicrosPerProjectDay: 1_500 }, 'This project'],
  ['dollars a day', { maxCostMicrosPerDay: 1_500 }, 'All projects'],
])('the budget of %s stops the third call before it is made', async (_name, limit, words) => {
  const { ask, provider, gateway } = await setupGateway({ limits: () => ({ ...generousLimits, ...limit }) });
  expect((await ask()).status).toBe(200);
  expect((await ask()).status).toBe(200);
  const refused = await ask();
  expect([refused.status, refused.headers.get('x-doce-error')]).toEqual([400, 'budget_exceeded']);
  expect(provider.requests).toHaveLength(2);
  expect(gateway.endTurn('p1').lastError?.message).toContain(words);
});

test('a day’s budget is free again after 24 hours and never bars the offline builder', async () => {
  const { ask, clock, gateway } = await setupGateway({ limits: () => ({ ...generousLimits, maxCostMicrosPerDay: 900 }) });
  await ask();
  gateway.beginTurn('p1', { turnId: 't2', model: MODEL });
  expect((await ask()).headers.get('x-doce-error')).toBe('budget_exceeded');
  gateway.beginTurn('p1', { turnId: 't2', model: 'doce/offline' });
  expect((await ask({ model: 'doce/offline' })).status).toBe(200);
  clock.advance(24 * 60 * 60 * 1000);
  gateway.beginTurn('p1', { turnId: 't2', model: MODEL });
  expect((await ask()).status).toBe(200);
});

test('a turn that is begun again after a crash keeps what it used', async () => {
  const { ask, gateway } = await setupGateway({ limits: () => ({ ...generousLimits, maxCallsPerTurn: 1 }) });
  await ask();
  gateway.beginTurn('p1', { turnId: 't1', model: MODEL });
  expect((await ask()).headers.get('x-doce-error')).toBe('budget_exceeded');
  gateway.beginTurn('p1', { turnId: 't2', model: MODEL });
  expect((await ask()).status).toBe(200);
});

test('a loop is stopped before it costs another call', async () => {
  const { ask, provider, gateway } = await setupGateway();
  const step = (id: string) => [
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id, type: 'function', function: { name: 'bash', arguments: '{"command":"npm test"}' } }],
    },
    { role: 'tool', tool_call_id: id, content: 'Error: no test specified' },
  ];
  const user = { role: 'user', content: 'Hello' };
  expect((await ask({ messages: [user, ...step('a'), ...step('b')] })).status).toBe(200);
  const refused = await ask({ messages: [user, ...step('a'), ...step('b'), ...step('c')] });
  expect(refused.headers.get('x-doce-error')).toBe('loop_detected');
  expect(provider.requests).toHaveLength(1);
  expect(gateway.endTurn('p1').lastError?.message).toContain('repeating');
});

test('what a deleted project spent stays in the books', async () => {
  const { db, ask, calls, provider } = await setupGateway();
  db.delete(turns).where(eq(turns.projectId, 'p1')).run();
  db.delete(projects).where(eq(projects.id, 'p1')).run();
  expect((await ask()).text).toBe('Hello');
  expect(calls()).toMatchObject([{ projectId: null, turnId: null, costMicros: 950 }]);
  expect(provider.requests).toHaveLength(1);
});

test('an answer that cannot be written down is not called a success', async () => {
  const { db, ask, gateway } = await setupGateway();
  db.run(`create trigger full before insert on llm_calls begin select raise(abort, 'disk full'); end`);
  expect(await ask()).toMatchObject({ text: 'Hello', done: false, error: { code: 'doce_stopped' } });
  expect(gateway.lastError('p1')?.code).toBe('gateway_failed');
});

test('a budget that cannot be read refuses the call', async () => {
  const { db, ask, gateway, provider } = await setupGateway();
  db.run('drop table llm_calls');
  expect((await ask()).headers.get('x-doce-error')).toBe('gateway_failed');
  expect(gateway.lastError('p1')?.code).toBe('gateway_failed');
  expect(provider.requests).toHaveLength(0);
});

test('tells that the provider worked, at most once a minute', async () => {
  const worked: string[] = [];
  const { ask, clock, provider } = await setupGateway({ onProviderWorked: ({ name }) => void worked.push(name) });
  await ask();
  await ask();
  clock.advance(60_000);
  await ask();
  provider.answer({ kind: 'status', status: 402 });
  clock.advance(60_000);
  await ask();
  expect(worked).toEqual(['openrouter', 'openrouter']);
});
