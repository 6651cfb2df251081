import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createAgentHost } from '#server/agent/agent-host.ts';
import { systemClock } from '#server/clock.ts';
import { createLog } from '#server/log.ts';
import { makeAgent, MODEL } from '../support/agent.ts';
import type { ModelReply } from '../support/model-server.ts';

describe('a provider that fails', () => {
  let agent: Awaited<ReturnType<typeof makeAgent>>;
  let sessionId: string;
  beforeAll(async () => {
    agent = await makeAgent({ limits: { providerRetries: 0 } });
    await agent.start();
    sessionId = await agent.host.createSession('p1', 'A conversation');
  });
  afterAll(() => agent.close());

  const faults: [string, ModelReply, string][] = [
    ['401', { fault: { status: 401, message: 'No.' } }, 'provider_unauthorized'],
    ['403', { fault: { status: 403, message: 'No.' } }, 'provider_unauthorized'],
    ['402', { fault: { status: 402, message: 'No.' } }, 'provider_no_credit'],
    ['429', { fault: { status: 429, message: 'Rate limit reached.', headers: { 'retry-after': '30' } } }, 'provider_rate_limited'],
    ['500', { fault: { status: 500, message: 'Oops.' } }, 'provider_unavailable'],
    ['a cut stream', { text: 'Half of', cut: true }, 'provider_cut_stream'],
    [
      'an error within the stream',
      { text: 'Half of', errorChunk: { code: 'provider_cut_stream', message: 'It broke.' } },
      'provider_cut_stream',
    ],
    ['the gateway’s own code in the body', { fault: { status: 400, code: 'budget_exceeded', message: 'Enough.' } }, 'budget_exceeded'],
    [
      'the gateway’s own code in a header',
      { fault: { status: 400, message: 'Stopped.', headers: { 'x-doce-error': 'loop_detected' } } },
      'loop_detected',
    ],
  ];
  test.each(faults)('ends the turn with its own code: %s', async (_, reply, code) => {
    agent.model.script(reply);
    const before = agent.model.requests.length;
    const turn = agent.turn(sessionId, 'Try');
    expect(await turn.result).toMatchObject({ state: 'failed', code });
    expect(agent.model.requests.length - before).toBe(1);
    expect(turn.parts().every((part) => !('complete' in part) || part.complete)).toBe(true);
  });

  test('is forgotten by the next turn', async () => {
    agent.model.script({ text: 'Back again.' });
    expect(await agent.turn(sessionId, 'Again').result).toEqual({ state: 'completed' });
  });
});

describe('an agent that fails', () => {
  const setup = async (...args: Parameters<typeof makeAgent>) => {
    const agent = await makeAgent(...args);
    onTestFinished(() => agent.close());
    await agent.start();
    return { agent, sessionId: await agent.host.createSession('p1', 'A conversation') };
  };

  test('a crash mid-turn fails the turn; after a new start the conversation goes on and the answer can be looked up', async () => {
    const { agent, sessionId } = await setup();
    const file = `${agent.workspace}/a.txt`;
    agent.model.script(
      { toolCalls: [{ name: 'write', args: { filePath: file, content: 'a\n' } }] },
      { text: 'Partly', hold: new Promise(() => {}) },
    );
    const turn = agent.turn(sessionId, 'Begin');
    await agent.model.asked(2);
    const { pid } = agent.host.status('p1')!;
    process.kill(pid, 'SIGKILL');
    expect(await turn.result).toMatchObject({ state: 'failed', code: 'agent_crashed' });
    expect(agent.host.status('p1')).toBeUndefined();
    expect(turn.parts()[0]).toMatchObject({ tool: 'write', state: 'done', added: 1 });

    expect((await agent.start()).pid).not.toBe(pid);
    const found = await agent.host.findAnswer('p1', sessionId, turn.messageId);
    expect(found).toMatchObject({ found: true, complete: false, parts: [{ tool: 'write', state: 'done' }] });

    agent.model.script({ text: 'Going on.' });
    const next = agent.turn(sessionId, 'Go on');
    expect(await next.result).toEqual({ state: 'completed' });
    expect(next.parts()).toMatchObject([{ kind: 'text', text: 'Going on.' }]);
    expect(agent.model.requests).toHaveLength(3);
  });

  test('a stop ends an agent that does not react to it', async () => {
    const { agent, sessionId } = await setup({ limits: { stopMs: 300 } });
    agent.model.script({ hold: new Promise(() => {}) });
    const turn = agent.turn(sessionId, 'Hang');
    await agent.model.asked(1);
    process.kill(agent.host.status('p1')!.pid, 'SIGSTOP');
    turn.stop.abort();
    expect(await turn.result).toEqual({ state: 'stopped' });
    expect(agent.host.status('p1')).toBeUndefined();
  });

  test('silence ends the turn, and the agent lives when it answers the probe', async () => {
    // However long it takes on a busy machine: an agent that needs longer than it has is ended.
    const { agent, sessionId } = await setup({ limits: { silenceMs: 3_000, stopMs: 30_000 } });
    agent.model.script({ hold: new Promise(() => {}) });
    expect(await agent.turn(sessionId, 'Say nothing').result).toMatchObject({ state: 'failed', code: 'agent_silent' });
    expect(agent.host.status('p1')).toMatchObject({ busy: false });
  });

  test('silence ends an agent that does not answer the probe', async () => {
    const { agent, sessionId } = await setup({ limits: { silenceMs: 8_000, stopMs: 300 } });
    agent.model.script({ hold: new Promise(() => {}) });
    const turn = agent.turn(sessionId, 'Say nothing');
    await agent.model.asked(1);
    process.kill(agent.host.status('p1')!.pid, 'SIGSTOP');
    expect(await turn.result).toMatchObject({ state: 'failed', code: 'agent_silent' });
    expect(agent.host.status('p1')).toBeUndefined();
  });

  test('a turn ends at its time limit', async () => {
    const { agent, sessionId } = await setup({ limits: { turnMs: 700 } });
    agent.model.script({ hold: new Promise(() => {}) });
    expect(await agent.turn(sessionId, 'Work for ever').result).toMatchObject({ state: 'failed', code: 'turn_too_long' });
  });

  test('a lost event stream is taken up again and the transcript ends equal', async () => {
    const streams: AbortController[] = [];
    const connect: typeof fetch = async (input, init) => {
      const request = new Request(input, init);
      if (!request.url.endsWith('/event')) return fetch(request);
      const cut = new AbortController();
      streams.push(cut);
      const response = await fetch(request);
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      response.body?.pipeTo(writable, { signal: cut.signal }).catch(() => undefined);
      return new Response(readable, response);
    };
    const { agent, sessionId } = await setup({ fetch: connect });
    const held = Promise.withResolvers<void>();
    agent.model.script(
      { text: 'First I write.', toolCalls: [{ name: 'write', args: { filePath: `${agent.workspace}/a.txt`, content: 'a\n' } }] },
      { text: 'Then I talk on', hold: held.promise },
    );
    const turn = agent.turn(sessionId, 'Go', (event) => {
      if (event.type === 'part' && event.part.kind === 'tool' && event.part.state === 'running') streams[0]?.abort();
    });
    await agent.model.asked(2);
    held.resolve();
    expect(await turn.result).toEqual({ state: 'completed' });
    expect(streams.length).toBeGreaterThan(1);
    expect(turn.parts()).toMatchObject([
      { kind: 'text', text: 'First I write.', complete: true },
      { tool: 'write', state: 'done', added: 1 },
      { kind: 'text', text: 'Then I talk on', complete: true },
    ]);
    expect(await agent.host.findAnswer('p1', sessionId, turn.messageId)).toMatchObject({ complete: true, parts: turn.parts() });
  });

  test('a prompt whose delivery is uncertain is looked up, not sent again', async () => {
    const sent: string[] = [];
    const connect: typeof fetch = async (input, init) => {
      const request = new Request(input, init);
      const response = await fetch(request);
      if (!request.url.endsWith('/prompt_async')) return response;
      sent.push(request.url);
      throw new TypeError('the answer got lost');
    };
    const { agent, sessionId } = await setup({ fetch: connect });
    agent.model.script({ text: 'It arrived.' });
    const turn = agent.turn(sessionId, 'Once');
    expect(await turn.result).toEqual({ state: 'completed' });
    expect(turn.parts()).toMatchObject([{ kind: 'text', text: 'It arrived.' }]);
    expect(sent).toHaveLength(1);
    expect(agent.model.requests).toHaveLength(1);
  });

  test('a prompt that is not taken says so', async () => {
    const { agent } = await setup();
    expect(await agent.turn('ses_0000000000000000000000000', 'Hello').result).toMatchObject({ code: 'prompt_not_delivered' });
  });

  test('a stop while it starts leaves nothing running', async () => {
    const agent = await makeAgent();
    onTestFinished(() => agent.close());
    const started = agent.start();
    await agent.host.stop('p1');
    await expect(started).rejects.toThrow();
    for (const child of agent.spawner.children) expect(await child.exited).toBeTruthy();
    expect(agent.host.status('p1')).toBeUndefined();
  });
});

test('a server that answers without the password is not used', async () => {
  const open = createServer((_, response) => response.end('[]')).listen(0, '127.0.0.1');
  await once(open, 'listening');
  onTestFinished(() => void open.close());
  const agent = await makeAgent();
  onTestFinished(() => agent.close());
  const { port } = open.address() as AddressInfo;
  const host = createAgentHost({
    log: createLog('silent'),
    clock: systemClock,
    llmBaseUrl: () => agent.model.baseUrl,
    spawnChild: (request) =>
      agent.spawner.spawnChild({
        ...request,
        file: process.execPath,
        args: ['-e', `console.log('opencode server listening on http://127.0.0.1:${port}'); setInterval(() => {}, 1000)`],
      }),
  });
  const { signal } = new AbortController();
  const input = { projectId: 'p1', projectDir: agent.projectDir, llmToken: 't', models: [{ id: MODEL }], signal };
  await expect(host.ensureStarted(input)).rejects.toThrow('without its password');
  expect(await agent.spawner.children[0]!.exited).toBeTruthy();
  expect(host.status('p1')).toBeUndefined();
});
