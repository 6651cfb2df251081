import { expect, test } from 'vitest';
import { AppError } from '#server/errors.ts';
import type { DoceEvent } from '#server/events/events.ts';
import { makeRunningProject, setupProjects } from '../support/projects.ts';

test('parts and streamed text are stored and announced, and the turn completes', async () => {
  const world = setupProjects();
  const { turn, view, events, context, project } = await makeRunningProject(world);
  const heard: DoceEvent[] = [];
  events.subscribe((event) => heard.push(event), project.id);
  turn.emit({ type: 'part', part: { id: 'a', position: 0, kind: 'text', text: '', complete: false } });
  turn.emit({ type: 'delta', partId: 'a', kind: 'text', delta: 'Hel' });
  turn.emit({ type: 'delta', partId: 'a', kind: 'text', delta: 'lo' });
  expect(view().turns[0]?.parts).toEqual([{ id: 'a', kind: 'text', text: 'Hello', complete: false }]);
  turn.emit({ type: 'part', part: { id: 'b', position: 1, kind: 'tool', tool: 'write', state: 'done', title: 'Wrote index.astro' } });
  turn.emit({ type: 'part', part: { id: 'a', position: 0, kind: 'text', text: 'Hello.', complete: true } });
  turn.end({ state: 'completed' });
  await expect.poll(() => context.liveTurns.size).toBe(0);
  expect(view()).toMatchObject({ turnState: 'completed' });
  expect(view().turns[0]?.parts).toMatchObject([{ text: 'Hello.', complete: true }, { title: 'Wrote index.astro' }]);
  const deltas = heard.filter((event) => event.kind === 'turn.delta').map(({ data }) => [data['delta'], data['offset']]);
  expect(deltas).toEqual([
    ['Hel', 0],
    ['lo', 3],
  ]);
});

test('a prompt sent while another is answered waits, and goes when that one ends', async () => {
  const world = setupProjects();
  const { turn, projects, view, project } = await makeRunningProject(world);
  projects.requestTurn(world.ownerId, project.id, { text: 'make it green' });
  projects.requestTurn(world.ownerId, project.id, { text: 'and larger' });
  expect(view().turns.map((each) => each.state)).toEqual(['running', 'queued', 'queued']);
  turn.end({ state: 'failed', code: 'provider_no_credit', message: 'No credit.' });
  await expect.poll(() => world.fakeAgent.prompts).toEqual(['a landing page for a bakery', 'make it green']);
  expect(view().turns[0]).toMatchObject({ state: 'failed', error: { code: 'provider_no_credit' } });
});

test('Stop ends the answer and keeps its text; without one it says so', async () => {
  const world = setupProjects();
  const { turn, projects, view, project } = await makeRunningProject(world);
  turn.emit({ type: 'part', part: { id: 'a', position: 0, kind: 'text', text: 'Half', complete: false } });
  await projects.stopTurn(world.ownerId, project.id);
  expect(view().turns[0]).toMatchObject({ state: 'stopped', parts: [{ text: 'Half' }] });
  await expect(projects.stopTurn(world.ownerId, project.id)).rejects.toThrow(AppError);
});

test('an agent that does not start is tried again, then the turn fails and can be sent again', async () => {
  const world = setupProjects();
  // One more than the job's attempts: the early start beside the dev server fails as well.
  world.fakeAgent.script.failStarts = 4;
  const { projects, queue } = world.boot();
  queue.start();
  const { id } = projects.create(world.ownerId, { prompt: 'a bakery', template: 'starter' });
  await expect
    .poll(async () => {
      world.clock.advance(60_000);
      queue.updateSettings({});
      await queue.whenIdle();
      return projects.view(world.ownerId, id).turns[0];
    })
    .toMatchObject({ state: 'failed', error: { code: 'agent_start_failed' } });
  expect(world.fakeAgent.prompts).toEqual([]);
  projects.requestTurn(world.ownerId, id, { text: 'a bakery' });
  await world.fakeAgent.nextTurn();
  expect(world.fakeAgent.prompts).toEqual(['a bakery']);
});

test('after a crash nothing is sent twice: the agent is asked what became of the prompt', async () => {
  const world = setupProjects();
  const before = await makeRunningProject(world);
  const { id } = before.project;
  await before.queue.stop(0);
  for (const [answer, state, code] of [
    [{ found: true, complete: true, parts: [{ id: 'a', position: 0, kind: 'text', text: 'Done', complete: true }] }, 'completed', null],
    [{ found: true, complete: false, parts: [] }, 'needs_attention', 'interrupted'],
    [{ found: false }, 'needs_attention', 'prompt_unconfirmed'],
  ] as const) {
    world.sqlite.exec("UPDATE turns SET state = 'running', error_code = NULL");
    world.fakeAgent.script.found = answer as never;
    const after = world.boot();
    after.queue.recover();
    expect(after.projects.recover()).toEqual({ interruptedTurns: 1 });
    expect(after.projects.view(world.ownerId, id).status).toBe('stopped');
    after.queue.start();
    await after.queue.whenIdle();
    await after.queue.stop(0);
    const [turn] = after.projects.view(world.ownerId, id).turns;
    expect([turn?.state, turn?.error?.code ?? null]).toEqual([state, code]);
  }
  expect(world.fakeAgent.prompts).toEqual(['a landing page for a bakery']);
});

test('a prompt whose intent was never written is sent after a crash, once', async () => {
  const world = setupProjects();
  const before = world.boot();
  before.projects.create(world.ownerId, { prompt: 'a bakery', template: 'starter' });
  const after = world.boot();
  after.queue.recover();
  after.projects.recover();
  after.queue.start();
  await world.fakeAgent.nextTurn();
  await after.queue.whenIdle();
  expect(world.fakeAgent.prompts).toEqual(['a bakery']);
});

test('a host that stops leaves the turn for the person to decide', async () => {
  const world = setupProjects();
  const { projects, view } = await makeRunningProject(world);
  await projects.interruptTurns();
  expect(view().turns[0]).toMatchObject({ state: 'needs_attention', error: { code: 'host_stopped' } });
});

test('a prompt to a sleeping project wakes its preview', async () => {
  const world = setupProjects();
  const { projects, queue, view, project } = await makeRunningProject(world);
  projects.setRuntime(world.ownerId, project.id, 'stopped');
  await queue.whenIdle();
  projects.requestTurn(world.ownerId, project.id, { text: 'make it green' });
  await world.fakeAgent.nextTurn();
  await queue.whenIdle();
  expect(view()).toMatchObject({ status: 'running', turnState: 'running' });
});
