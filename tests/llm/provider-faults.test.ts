import { expect, test } from 'vitest';
import type { LlmErrorCode } from '#server/llm/llm-failure.ts';
import { KEY, setupGateway } from './gateway-setup.ts';
import type { ProviderAnswer } from '../support/provider-server.ts';

/** What opencode 1.18 looks for in messages and bodies before it repeats a call on its own. */
const RETRY_BAIT =
  /429|50[0-4]|524|rate.?limit|too many requests|overloaded|unavailable|internal.error|server.error|terminated|fetch failed|network|timed? ?out|exhausted|try again/i;

const html = '<!doctype html><html><body>502 Bad Gateway</body></html>';
const whileNothingWasShown: [string, ProviderAnswer, LlmErrorCode, number | null][] = [
  ['401', { kind: 'status', status: 401, message: 'No auth credentials found' }, 'provider_unauthorized', 401],
  ['403', { kind: 'status', status: 403, message: 'Key disabled' }, 'provider_unauthorized', 403],
  ['403 by moderation', { kind: 'status', status: 403, message: 'Your input was flagged' }, 'provider_refused', 403],
  ['402', { kind: 'status', status: 402, message: 'Insufficient credits' }, 'provider_no_credit', 402],
  ['429 with a long wait', { kind: 'status', status: 429, retryAfter: '37' }, 'provider_rate_limited', 429],
  ['429 always', { kind: 'status', status: 429 }, 'provider_rate_limited', 429],
  ['400', { kind: 'status', status: 400, message: 'temperature must be a number' }, 'provider_refused', 400],
  ['400 about the model', { kind: 'status', status: 400, message: 'test/model is not a valid model ID' }, 'model_not_found', 400],
  ['404', { kind: 'status', status: 404, message: 'No endpoints found for test/model' }, 'model_not_found', 404],
  ['a full context', { kind: 'status', status: 400, message: 'maximum context length is 32500 tokens' }, 'provider_context_full', 400],
  ['500 always', { kind: 'status', status: 500 }, 'provider_unavailable', 500],
  ['an HTML 502', { kind: 'status', status: 502, html }, 'provider_unavailable', 502],
  ['an error event first', { kind: 'errorEvent', code: 402, message: 'Insufficient credits' }, 'provider_no_credit', 402],
  [
    'an error body with status 200',
    { kind: 'raw', contentType: 'application/json', body: '{"error":{"code":401,"message":"no"}}' },
    'provider_unauthorized',
    401,
  ],
  ['a cut before any output', { kind: 'cut' }, 'provider_cut_stream', 200],
  ['an empty stream', { kind: 'raw', contentType: 'text/event-stream', body: '' }, 'provider_cut_stream', 200],
  ['garbage in an event', { kind: 'raw', contentType: 'text/event-stream', body: 'data: {"hello": "wor\n\n' }, 'provider_garbage', null],
  [
    'an event that is no chunk',
    { kind: 'raw', contentType: 'text/event-stream', body: 'data: {"hello":"world"}\n\n' },
    'provider_garbage',
    null,
  ],
  ['HTML with status 200', { kind: 'raw', contentType: 'text/html', body: '<h1>Login</h1>' }, 'provider_garbage', 200],
  ['a redirect', { kind: 'redirect', location: 'http://127.0.0.1:9/elsewhere' }, 'provider_garbage', 307],
];

test.each(whileNothingWasShown)(
  '%s ends in its own message and a terminal answer for the agent',
  async (_name, fault, code, httpStatus) => {
    const { provider, ask, gateway, calls, lines } = await setupGateway();
    provider.answer(fault);
    const answer = await ask();
    expect(answer.status).toBe(400);
    expect(answer.headers.get('x-doce-error')).toBe(code);
    expect(answer.body).not.toMatch(RETRY_BAIT);
    const { lastError } = gateway.endTurn('p1');
    expect(lastError?.code).toBe(code);
    expect(lastError?.message).toMatch(/^[A-Z].*\. .*[.”]$/);
    expect(calls()).toMatchObject([{ outcome: code, httpStatus, costMicros: 0, projectId: 'p1', turnId: 't1' }]);
    expect(answer.body + JSON.stringify(lastError) + lines.join('')).not.toContain(KEY);
  },
);

test('every fault has a message of its own', async () => {
  const messages = new Map<string, string>();
  const { provider, ask, gateway } = await setupGateway();
  for (const [, fault, code] of whileNothingWasShown) {
    gateway.beginTurn('p1', { turnId: 't1', model: 'test/model' });
    provider.answer(fault);
    await ask();
    messages.set(code, gateway.endTurn('p1').lastError?.message ?? '');
  }
  expect(new Set(messages.values()).size).toBe(messages.size);
});

test('429 says how many seconds to wait, in the message and in the header', async () => {
  const { provider, ask, gateway } = await setupGateway();
  provider.answer({ kind: 'status', status: 429, retryAfter: '37' });
  const answer = await ask();
  expect(answer.headers.get('retry-after')).toBe('37');
  expect(provider.requests).toHaveLength(1);
  expect(gateway.endTurn('p1').lastError).toMatchObject({ retryAfterSeconds: 37, message: expect.stringContaining('Wait 37 seconds') });
});

test('429 with a short wait is tried again', async () => {
  const { provider, ask, gateway } = await setupGateway();
  provider.answer({ kind: 'status', status: 429, retryAfter: '0' }, { kind: 'text' });
  expect((await ask()).text).toBe('Hello');
  expect(provider.requests).toHaveLength(2);
  expect(gateway.endTurn('p1').lastError).toBeUndefined();
});

test.each<[string, ProviderAnswer]>([
  ['500', { kind: 'status', status: 500 }],
  ['a cut before any output', { kind: 'cut' }],
  ['a 503 in an error event', { kind: 'errorEvent', code: 503, message: 'No provider' }],
])('%s, then success: the agent sees only the success', async (_name, fault) => {
  const { provider, ask, calls } = await setupGateway();
  provider.answer(fault, fault, { kind: 'text', text: 'Here you are' });
  const answer = await ask();
  expect(answer).toMatchObject({ status: 200, text: 'Here you are', done: true, error: undefined });
  expect(provider.requests).toHaveLength(3);
  expect(calls()).toMatchObject([{ outcome: 'ok', httpStatus: 200 }]);
});

test('500 is tried three times in all, 401 once', async () => {
  const { provider, ask } = await setupGateway();
  provider.answer({ kind: 'status', status: 500 });
  await ask();
  expect(provider.requests).toHaveLength(3);
  provider.answer({ kind: 'status', status: 401 });
  await ask();
  expect(provider.requests).toHaveLength(4);
});

test.each<[string, ProviderAnswer, LlmErrorCode]>([
  ['a cut', { kind: 'cut', text: 'Half an ans' }, 'provider_cut_stream'],
  ['an end without a finish', { kind: 'text', text: 'Half an ans', finish: false, usage: null }, 'provider_cut_stream'],
  ['a 502 event', { kind: 'errorEvent', text: 'Half an ans', code: 502, message: 'Provider disconnected' }, 'provider_unavailable'],
  ['silence', { kind: 'silence', text: 'Half an ans' }, 'provider_timeout'],
])('after output, %s ends the stream with an error event and is never tried again', async (_name, fault, code) => {
  const { provider, ask, gateway, calls } = await setupGateway({
    timeouts: { firstByteMs: 5_000, silenceMs: 60, stallMs: 5_000, totalMs: 10_000 },
  });
  provider.answer(fault, { kind: 'text', text: 'Second try' });
  const answer = await ask();
  expect(answer).toMatchObject({ status: 200, text: 'Half an ans', done: false });
  expect(answer.error).toEqual({ message: expect.not.stringMatching(RETRY_BAIT), type: 'doce_stopped', code: 'doce_stopped' });
  expect(provider.requests).toHaveLength(1);
  expect(gateway.endTurn('p1').lastError?.code).toBe(code);
  expect(calls()[0]?.outcome).toBe(code);
  expect(calls()[0]?.outputTokens).toBeGreaterThan(0);
});

test('silence from the start is given up, once', async () => {
  for (const headers of [true, false]) {
    const { provider, ask, gateway } = await setupGateway({
      timeouts: { firstByteMs: 60, silenceMs: 5_000, stallMs: 5_000, totalMs: 10_000 },
    });
    provider.answer({ kind: 'silence', headers });
    expect((await ask()).headers.get('x-doce-error')).toBe('provider_timeout');
    expect(provider.requests).toHaveLength(1);
    expect(gateway.endTurn('p1').lastError?.code).toBe('provider_timeout');
  }
});

test('a slow trickle that gets on is left to finish', async () => {
  const { provider, ask } = await setupGateway({ timeouts: { firstByteMs: 2_000, silenceMs: 500, stallMs: 500, totalMs: 10_000 } });
  provider.answer({ kind: 'trickle', text: 'abcdefghij', everyMs: 60 });
  expect(await ask()).toMatchObject({ text: 'abcdefghij', done: true });
});

test('a trickle without end is stopped at the cap', async () => {
  const { provider, ask, gateway } = await setupGateway({
    timeouts: { firstByteMs: 5_000, silenceMs: 5_000, stallMs: 5_000, totalMs: 150 },
  });
  provider.answer({ kind: 'trickle', text: 'a'.repeat(10_000), everyMs: 10 });
  expect((await ask()).error?.code).toBe('doce_stopped');
  expect(gateway.endTurn('p1').lastError?.code).toBe('provider_timeout');
});

test('keep-alive comments without an answer count as a stall', async () => {
  const { provider, ask, gateway } = await setupGateway({
    timeouts: { firstByteMs: 100, silenceMs: 5_000, stallMs: 150, totalMs: 10_000 },
  });
  provider.answer({ kind: 'comments', everyMs: 10 });
  await ask();
  expect(gateway.endTurn('p1').lastError?.code).toBe('provider_timeout');
});

test('a provider that is not there is named so', async () => {
  const { provider, ask, gateway } = await setupGateway();
  await provider.close();
  const answer = await ask();
  provider.close = async () => {};
  expect(answer.headers.get('x-doce-error')).toBe('provider_unreachable');
  expect(gateway.endTurn('p1').lastError?.message).toContain('could not be reached');
});

test('the provider’s words reach people without the key or markup', async () => {
  const { provider, ask, gateway, lines } = await setupGateway();
  provider.answer({ kind: 'status', status: 400, message: `Bad key ${KEY} <b>in</b> your request` });
  await ask();
  const { lastError } = gateway.endTurn('p1');
  expect(lastError?.message).toContain('“Bad key [redacted] in your request”');
  expect(lines.join('')).not.toContain(KEY);
});

test('a provider that echoes the key does not get it into the project', async () => {
  const { provider, ask } = await setupGateway();
  provider.answer({ kind: 'text', text: `Your key is ${KEY}.` });
  expect((await ask()).text).toBe('Your key is [redacted].');
});

test('a full context is passed on as what the agent shortens its conversation for', async () => {
  const { provider, ask } = await setupGateway();
  provider.answer({ kind: 'status', status: 400, message: 'This endpoint’s maximum context length is 32500 tokens.' });
  expect((await ask()).error).toMatchObject({ code: 'context_length_exceeded', message: 'prompt is too long' });
});
