import { expect, test } from 'vitest';
import { AppError } from '#server/errors.ts';
import { changeStatus } from '#server/projects/status.ts';
import { makeRunningProject, setupProjects } from '../support/projects.ts';

test('creating writes the project, its first turn and its first job together, and returns at once', () => {
  const { boot, ownerId, sqlite } = setupProjects();
  const { projects } = boot();
  const project = projects.create(ownerId, { prompt: 'a landing page for a bakery', template: 'starter' });
  expect(project).toMatchObject({ status: 'created', slug: 'bakery', name: 'Bakery', turnState: 'queued', model: 'doce/offline' });
  expect(project.previewUrl).toBe('http://bakery.preview.localhost:4321');
  expect(sqlite.prepare('SELECT type, state, project_id FROM queue_jobs').all()).toEqual([
    { type: 'project.prepare', state: 'queued', project_id: project.id },
  ]);
});

test('a new project gets its files, its preview, and its prompt is sent once', async () => {
  const world = setupProjects();
  const { view, project } = await makeRunningProject(world);
  expect(view()).toMatchObject({ status: 'running', turnState: 'running' });
  expect(view().steps.map((step) => [step.key, step.state])).toEqual([
    ['files', 'done'],
    ['preview', 'done'],
    ['agent', 'done'],
    ['building', 'active'],
  ]);
  expect(world.fakeAgent.prompts).toEqual(['a landing page for a bakery']);
  expect(world.fakeRuntime.calls).toEqual([`prepare ${project.id}`, `prepare ${project.id}`, `start ${project.id}`]);
});

test('a preview that does not start says why, and its prompt is sent all the same', async () => {
  const world = setupProjects();
  world.fakeRuntime.script.outcome = { state: 'exited', exitCode: 1, logTail: 'SyntaxError: Unexpected token' };
  const { view } = await makeRunningProject(world);
  expect(view()).toMatchObject({
    status: 'error',
    turnState: 'running',
    error: { code: 'preview_exited', detail: 'SyntaxError: Unexpected token' },
  });
  expect(view().error?.message).toContain('could not start');
});

test('files that cannot be prepared end in an error that can be retried by starting again', async () => {
  const world = setupProjects();
  world.fakeRuntime.script.prepareError = new AppError('packages_unavailable');
  const { projects, queue } = world.boot();
  queue.start();
  const { id } = projects.create(world.ownerId, { prompt: 'a bakery', template: 'starter' });
  await queue.whenIdle();
  expect(projects.view(world.ownerId, id)).toMatchObject({ status: 'error', turnState: 'queued', error: { code: 'packages_unavailable' } });
  world.fakeRuntime.script.prepareError = undefined;
  projects.setRuntime(world.ownerId, id, 'running');
  await world.fakeAgent.nextTurn();
  await queue.whenIdle();
  expect(projects.view(world.ownerId, id)).toMatchObject({ status: 'running', error: null });
});

test('stopping ends the turn, the agent and the preview; starting again brings the preview back on its port', async () => {
  const world = setupProjects();
  const { view, projects, queue, project } = await makeRunningProject(world);
  const firstPort = world.fakeRuntime.servers.get(project.id)?.port;
  expect(projects.setRuntime(world.ownerId, project.id, 'stopped').status).toBe('stopping');
  await queue.whenIdle();
  expect(view()).toMatchObject({ status: 'stopped', turnState: 'stopped' });
  expect(world.fakeAgent.started.size).toBe(0);
  expect(world.fakeRuntime.servers.size).toBe(0);
  projects.wake(project.id);
  await queue.whenIdle();
  expect(view().status).toBe('running');
  expect(world.fakeRuntime.servers.get(project.id)?.port).toBe(firstPort);
});

test('stopping before the files are prepared starts nothing; starting prepares them', async () => {
  const world = setupProjects();
  const { projects, queue } = world.boot();
  const { id } = projects.create(world.ownerId, { prompt: 'a bakery', template: 'starter' });
  projects.setRuntime(world.ownerId, id, 'stopped');
  queue.start();
  await queue.whenIdle();
  expect(projects.view(world.ownerId, id)).toMatchObject({ status: 'stopped', turnState: 'stopped' });
  expect(world.fakeRuntime.calls.filter((call) => call.startsWith('start'))).toEqual([]);
  projects.setRuntime(world.ownerId, id, 'running');
  await queue.whenIdle();
  expect(projects.view(world.ownerId, id).status).toBe('running');
});

test('deleting while the preview starts pre-empts the start and leaves no row', async () => {
  const world = setupProjects();
  let release = () => {};
  world.fakeRuntime.script.holdStart = new Promise((resolve) => (release = resolve));
  const { projects, queue } = world.boot();
  queue.start();
  const { id } = projects.create(world.ownerId, { prompt: 'a bakery', template: 'starter' });
  await expect.poll(() => world.fakeRuntime.calls).toContain(`start ${id}`);
  projects.delete(world.ownerId, id);
  expect(projects.list(world.ownerId)).toEqual([]);
  release();
  await queue.whenIdle();
  expect(world.fakeRuntime.calls).toContain(`remove /data/projects/${id}`);
  for (const table of ['projects', 'turns', 'turn_parts'])
    expect(world.sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
  expect(world.fakeAgent.prompts).toEqual([]);
});

test('a late state can not overwrite a deletion', async () => {
  const world = setupProjects();
  const { projects, context, project } = await makeRunningProject(world);
  projects.delete(world.ownerId, project.id);
  expect(changeStatus(context.db, project.id, 'running')).toBe(false);
  expect(changeStatus(context.db, project.id, 'stopped')).toBe(false);
});

test('the watcher of a preview that gave up sets the error; a stopped project keeps its state', async () => {
  const world = setupProjects();
  const { view, projects, queue, project } = await makeRunningProject(world);
  const { input } = world.fakeRuntime.servers.get(project.id)!;
  input.onExit({ exitCode: 1, signal: null, isRestarting: true });
  expect(view().status).toBe('starting');
  input.onRestarted?.({ port: 6_000, pid: 2 });
  expect(view().status).toBe('running');
  input.onGaveUp?.({ logTail: 'boom' });
  expect(view()).toMatchObject({ status: 'error', error: { code: 'preview_crashed', detail: 'boom' } });
  projects.setRuntime(world.ownerId, project.id, 'stopped');
  await queue.whenIdle();
  input.onRestarted?.({ port: 6_001, pid: 3 });
  expect(view().status).toBe('stopped');
});

test('the list shows each project with the state of its own latest turn, newest first', async () => {
  const world = setupProjects();
  const { projects, turn, context } = await makeRunningProject(world);
  turn.end({ state: 'completed' });
  await expect.poll(() => context.liveTurns.size).toBe(0);
  projects.create(world.ownerId, { prompt: 'a florist', template: 'starter' });
  expect(projects.list(world.ownerId).map(({ name, turnState }) => [name, turnState])).toEqual([
    ['Florist', 'queued'],
    ['Bakery', 'completed'],
  ]);
  expect(projects.list(world.ownerId, 1).map(({ name }) => name)).toEqual(['Florist']);
  expect(projects.count(world.ownerId)).toBe(2);
  expect(projects.count('stranger')).toBe(0);
});

test("someone else's project does not exist", async () => {
  const world = setupProjects();
  const { projects, project } = await makeRunningProject(world);
  expect(() => projects.view('stranger', project.id)).toThrow(AppError);
  expect(() => projects.delete('stranger', project.id)).toThrow(AppError);
  expect(() => projects.requestTurn('stranger', project.id, { text: 'hi' })).toThrow(AppError);
});
