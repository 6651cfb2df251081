import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeAgent, MODEL } from '../support/agent.ts';
import type { ProviderAnswer } from '../support/provider-server.ts';
import { openGateway } from '../llm/gateway-setup.ts';

/** The real opencode in front of the real gateway in front of a provider that fails. */
let gateway: Awaited<ReturnType<typeof openGateway>>;
let agent: Awaited<ReturnType<typeof makeAgent>>;
let sessionId: string;

beforeAll(async () => {
  gateway = await openGateway();
  agent = await makeAgent({ llmBaseUrl: gateway.gateway.baseUrl });
  await agent.start([{ id: MODEL }], gateway.token);
  sessionId = await agent.host.createSession('p1', 'A conversation');
});
afterAll(async () => {
  await agent.close();
  await gateway.close();
});

async function turn(...answers: ProviderAnswer[]) {
  const { provider } = gateway;
  provider.answer(...answers);
  const before = provider.requests.length;
  gateway.gateway.beginTurn('p1', { turnId: 't1', model: MODEL });
  const running = agent.turn(sessionId, 'Make it blue');
  const result = await running.result;
  const texts = running.parts().flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  return { result, texts, requests: provider.requests.length - before, lastError: gateway.gateway.endTurn('p1').lastError };
}

test('an answer comes through and is paid for once', async () => {
  const { result, texts, requests } = await turn({ kind: 'text', text: 'It is blue.' });
  expect(result).toEqual({ state: 'completed' });
  expect(texts).toEqual(['It is blue.']);
  expect(requests).toBe(1);
  expect(gateway.calls()).toMatchObject([{ outcome: 'ok', costMicros: 950 }]);
});

test.each<[string, ProviderAnswer, string, number]>([
  ['401', { kind: 'status', status: 401 }, 'provider_unauthorized', 1],
  ['402', { kind: 'status', status: 402 }, 'provider_no_credit', 1],
  ['429', { kind: 'status', status: 429, retryAfter: '30' }, 'provider_rate_limited', 1],
  ['500', { kind: 'status', status: 500 }, 'provider_unavailable', 3],
  ['garbage', { kind: 'raw', contentType: 'text/html', body: '<h1>Too many requests</h1>' }, 'provider_garbage', 1],
  ['a cut before output', { kind: 'cut' }, 'provider_cut_stream', 3],
  ['a cut after output', { kind: 'cut', text: 'Half an answer' }, 'provider_cut_stream', 1],
  [
    'an error event after output',
    { kind: 'errorEvent', text: 'Half an answer', code: 503, message: 'Unavailable' },
    'provider_unavailable',
    1,
  ],
])('opencode does not repeat on its own what the gateway has given up: %s', async (_name, fault, code, expected) => {
  const { result, requests, lastError, texts } = await turn(fault);
  expect(result).toMatchObject({ state: 'failed' });
  expect(lastError?.code).toBe(code);
  expect(requests).toBe(expected);
  if ('text' in fault && fault.text) expect(texts.join('')).toContain('Half an answer');
});

test('a failure that passes within the gateway is not seen by the agent', async () => {
  const { result, texts, requests } = await turn({ kind: 'status', status: 500 }, { kind: 'text', text: 'Here.' });
  expect([result.state, texts, requests]).toEqual(['completed', ['Here.'], 2]);
});

test('an agent that repeats a failing tool call is stopped after three', async () => {
  const lost = { kind: 'text', text: '', toolCalls: [{ name: 'read', args: { filePath: '/nowhere/at-all.txt' } }] } as const;
  const { result, lastError, requests } = await turn(lost);
  expect(result.state).toBe('failed');
  expect(lastError?.code).toBe('loop_detected');
  expect(requests).toBe(3);
});

test('an agent that gets the same error in other words of its own is stopped as well', async () => {
  const attempt = (n: number) =>
    ({
      kind: 'text',
      text: '',
      toolCalls: [{ name: 'bash', args: { command: `cat missing.txt; exit ${n}`, description: `Try ${n}` } }],
    }) as const;
  const { lastError, requests } = await turn(attempt(1), attempt(2), attempt(3), { kind: 'text', text: 'I give up.' });
  expect([lastError?.code, requests]).toEqual(['loop_detected', 3]);
});
