import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeAgent, MODEL } from '../support/agent.ts';

let agent: Awaited<ReturnType<typeof makeAgent>>;
let sessionId: string;
beforeAll(async () => {
  agent = await makeAgent();
  await agent.start();
  sessionId = await agent.host.createSession('p1', 'A conversation');
});
afterAll(() => agent.close());

test('text and reasoning stream, and end as complete parts', async () => {
  agent.model.script({ reasoning: 'Let me think.', text: 'Here is your answer.' });
  const turn = agent.turn(sessionId, 'Hello');
  expect(await turn.result).toEqual({ state: 'completed' });
  expect(turn.parts()).toMatchObject([
    { kind: 'reasoning', text: 'Let me think.', complete: true, position: 0 },
    { kind: 'text', text: 'Here is your answer.', complete: true, position: 1 },
  ]);
  const streamed = turn.events.flatMap((event) => (event.type === 'delta' && event.kind === 'text' ? [event.delta] : []));
  expect(streamed.length).toBeGreaterThan(1);
  expect(streamed.join('')).toBe('Here is your answer.');
});

test('the model is asked with the project token, the model id verbatim and the workspace instructions', () => {
  const [request] = agent.model.requests;
  expect(request).toMatchObject({ authorization: 'Bearer llm-token-of-the-project', model: MODEL });
  expect(JSON.stringify(request?.messages)).toContain('Instructions of this project: sing.');
  expect(agent.model.requests).toHaveLength(1);
});

test('tools work inside the workspace and tell which file and how many lines', async () => {
  const page = join(agent.workspace, 'src/pages/index.astro');
  agent.model.script(
    { text: 'I write it.', toolCalls: [{ name: 'write', args: { filePath: page, content: 'one\ntwo\nthree\n' } }] },
    { toolCalls: [{ name: 'edit', args: { filePath: page, oldString: 'two\n', newString: 'TWO\nand more\n' } }] },
    {
      toolCalls: [
        { name: 'read', args: { filePath: 'src/pages/index.astro' } },
        { name: 'grep', args: { pattern: 'TWO' } },
      ],
    },
    {
      toolCalls: [
        { name: 'bash', args: { command: 'echo out; exit 3', description: 'x' } },
        { name: 'teleport', args: {} },
      ],
    },
    { text: 'Done.' },
  );
  const turn = agent.turn(sessionId, 'Write a page');
  expect(await turn.result).toEqual({ state: 'completed' });
  expect(readFileSync(page, 'utf8')).toBe('one\nTWO\nand more\nthree\n');
  const file = 'src/pages/index.astro';
  expect(turn.parts()).toMatchObject([
    { kind: 'text', text: 'I write it.' },
    { kind: 'tool', tool: 'write', state: 'done', title: `Wrote ${file}`, file, added: 3, removed: 0 },
    { kind: 'tool', tool: 'edit', state: 'done', title: `Edited ${file}`, file, added: 2, removed: 1 },
    { kind: 'tool', tool: 'read', state: 'done', title: `Read ${file}`, file },
    { kind: 'tool', tool: 'grep', state: 'done', title: 'Searched for TWO' },
    { kind: 'tool', tool: 'bash', state: 'failed', title: 'Ran echo out; exit 3', detail: 'out' },
    { kind: 'tool', state: 'failed', title: 'Tried a tool that is not available' },
    { kind: 'text', text: 'Done.' },
  ]);
});

test('a tool call outside the workspace is refused and the turn goes on to its end', async () => {
  const outside = join(agent.projectDir, 'outside.txt');
  agent.model.script(
    {
      toolCalls: [
        { name: 'write', args: { filePath: outside, content: 'x' } },
        { name: 'read', args: { filePath: '/etc/passwd' } },
      ],
    },
    { text: 'I may not.' },
  );
  const turn = agent.turn(sessionId, 'Write elsewhere');
  expect(await turn.result).toEqual({ state: 'completed' });
  expect(existsSync(outside)).toBe(false);
  expect(turn.parts()).toMatchObject([
    { tool: 'write', state: 'failed', detail: 'Refused: the agent may only work inside the project.' },
    { tool: 'read', state: 'failed', title: 'Could not read /etc/passwd' },
    { kind: 'text', text: 'I may not.' },
  ]);
});

test('what was answered can be found again by the id of the prompt', async () => {
  agent.model.script({ text: 'Remember me.' });
  const turn = agent.turn(sessionId, 'Say something');
  await turn.result;
  await agent.turn(sessionId, 'Something else').result;
  expect(await agent.host.findAnswer('p1', sessionId, turn.messageId)).toEqual({ found: true, complete: true, parts: turn.parts() });
  expect(await agent.host.findAnswer('p1', sessionId, agent.host.newMessageId())).toEqual({ found: false });
});

test('a stop ends the turn as stopped and keeps the partial text', async () => {
  const held = Promise.withResolvers<void>();
  agent.model.script({ text: 'The beginning of', hold: held.promise });
  const seen = Promise.withResolvers<void>();
  const turn = agent.turn(sessionId, 'Talk for long', (event) => {
    if (event.type === 'delta') seen.resolve();
  });
  await seen.promise;
  turn.stop.abort();
  expect(await turn.result).toEqual({ state: 'stopped' });
  held.resolve();
  const [part] = turn.parts();
  expect(part).toMatchObject({ kind: 'text', complete: true });
  expect(part?.kind === 'text' && 'The beginning of'.startsWith(part.text) && part.text.length > 0).toBe(true);
  expect(agent.host.status('p1')).toMatchObject({ busy: false });
  expect(await agent.turn(sessionId, 'Still there?').result).toEqual({ state: 'completed' });
});

test('an abort from elsewhere ends the running turn as stopped', async () => {
  const held = Promise.withResolvers<void>();
  const asked = agent.model.asked(agent.model.requests.length + 1);
  agent.model.script({ hold: held.promise });
  const turn = agent.turn(sessionId, 'Wait');
  await asked;
  await agent.host.abort('p1', sessionId);
  expect(await turn.result).toEqual({ state: 'stopped' });
  held.resolve();
});

test('the agent serves nobody without its password', async () => {
  const { port } = agent.host.status('p1')!;
  for (const path of ['/session', '/event', '/global/health', '/doc', '/config'])
    expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(401);
});

test('a repeated start uses the running process; another model restarts it and keeps the conversation', async () => {
  const before = agent.host.status('p1')!;
  expect(await agent.start()).toEqual({ port: before.port, pid: before.pid });
  const both = await Promise.all([1, 2].map(() => agent.start([{ id: MODEL }, { id: 'maker/model-2' }])));
  expect(both[0]).toEqual(both[1]);
  expect(both[0]!.pid).not.toBe(before.pid);
  expect(await agent.turn(sessionId, 'After the restart').result).toEqual({ state: 'completed' });
});

test('a conversation that grows too long is shortened midway and the turn goes on', async () => {
  agent.model.script(
    { text: 'First half.', promptTokens: 127_000, toolCalls: [{ name: 'bash', args: { command: 'true', description: 'x' } }] },
    { text: 'An account of the conversation.' },
    { text: 'Second half.' },
  );
  const turn = agent.turn(sessionId, 'Work long');
  expect(await turn.result).toEqual({ state: 'completed' });
  expect(turn.parts()).toMatchObject([{ text: 'First half.' }, { tool: 'bash', state: 'done' }, { text: 'Second half.' }]);
  expect(await agent.host.findAnswer('p1', sessionId, turn.messageId)).toMatchObject({ complete: true, parts: turn.parts() });
});

test('the agent keeps everything of its own in its own folder and leaves the workspace clean', () => {
  for (const request of agent.spawner.requests) {
    expect(request.writable).toEqual([agent.workspace, join(agent.projectDir, 'agent')]);
    expect(request.env.HOME).toBe(join(agent.projectDir, 'agent/home'));
  }
  expect(existsSync(join(agent.workspace, '.opencode'))).toBe(false);
});
