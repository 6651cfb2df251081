import { expect, test } from 'vitest';
import { makeRunningProject, setupProjects } from '../support/projects.ts';

const UNKNOWN = { code: 'package_unknown', detail: 'No matching version found for bread@9.0.0', hasPackages: true } as const;

/** A running project whose first answer has ended. */
async function openProject() {
  const world = setupProjects();
  const host = await makeRunningProject(world);
  host.turn.end({ state: 'completed' });
  await expect.poll(() => host.context.liveTurns.size).toBe(0);
  await host.queue.whenIdle();
  const { script, calls, servers } = world.fakeRuntime;
  calls.length = 0;
  const ask = async (text = 'add bread') => {
    host.projects.requestTurn(world.ownerId, host.project.id, { text });
    return world.fakeAgent.nextTurn();
  };
  return { world, ...host, script, calls, servers, ask };
}

test('a turn that changes what packages are asked for has them installed, then the preview starts anew', async () => {
  const it = await openProject();
  const turn = await it.ask();
  it.script.areCurrent = false;
  turn.end({ state: 'completed' });
  await expect.poll(() => it.calls).toContain(`start ${it.project.id}`);
  await it.queue.whenIdle();
  expect(it.calls.filter((call) => /^(?:stop|start)/.test(call))).toEqual([`stop ${it.project.id}`, `start ${it.project.id}`]);
  expect(it.view()).toMatchObject({ status: 'running', packages: { state: 'current', error: null } });
});

test('a turn that does not change them leaves the preview alone', async () => {
  const it = await openProject();
  const turn = await it.ask();
  turn.end({ state: 'completed' });
  await expect.poll(() => it.context.liveTurns.size).toBe(0);
  await it.queue.whenIdle();
  expect(it.calls).toEqual([]);
});

test('while they are installed the page says so and the preview goes on', async () => {
  const it = await openProject();
  const turn = await it.ask();
  let release = () => {};
  it.script.areCurrent = false;
  it.script.holdInstall = new Promise((resolve) => (release = resolve));
  turn.end({ state: 'completed' });
  await expect.poll(() => it.view().packages.state).toBe('installing');
  expect(it.view().status).toBe('running');
  expect(it.servers.size).toBe(1);
  release();
  await expect.poll(() => it.view().packages.state).toBe('current');
});

test('a failed install keeps the preview, says why, and can be tried again', async () => {
  const it = await openProject();
  const turn = await it.ask();
  it.script.areCurrent = false;
  it.script.outdated = UNKNOWN;
  turn.end({ state: 'completed' });
  await expect.poll(() => it.view().packages.state).toBe('failed');
  await it.queue.whenIdle();
  expect(it.view()).toMatchObject({
    status: 'running',
    packages: { state: 'failed', error: { code: 'package_unknown', detail: UNKNOWN.detail } },
  });
  expect(it.view().packages.error?.message).toContain('does not exist');
  expect(it.calls.filter((call) => call.startsWith('stop'))).toEqual([]);

  it.script.outdated = undefined;
  it.projects.setRuntime(it.world.ownerId, it.project.id, 'running');
  await it.queue.whenIdle();
  expect(it.view()).toMatchObject({ status: 'running', packages: { state: 'current', error: null } });
  expect(it.calls).toContain(`stop ${it.project.id}`);
});

test('a problem that was undone in the files is gone', async () => {
  const it = await openProject();
  const turn = await it.ask();
  it.script.areCurrent = false;
  it.script.outdated = UNKNOWN;
  turn.end({ state: 'completed' });
  await expect.poll(() => it.view().packages.state).toBe('failed');
  it.script.areCurrent = true;
  const second = await it.ask('take it out again');
  second.end({ state: 'completed' });
  await expect.poll(() => it.view().packages.state).toBe('current');
});

test('a project that was never installed says so and does not start; one that was starts with what it has', async () => {
  const world = setupProjects();
  world.fakeRuntime.script.areCurrent = false;
  world.fakeRuntime.script.outdated = { ...UNKNOWN, hasPackages: false };
  const { projects, queue } = world.boot();
  queue.start();
  const { id } = projects.create(world.ownerId, { prompt: 'a bakery', template: 'starter' });
  await queue.whenIdle();
  expect(projects.view(world.ownerId, id)).toMatchObject({ status: 'error', error: { code: 'package_unknown', detail: UNKNOWN.detail } });
  world.fakeRuntime.script.outdated = UNKNOWN;
  projects.setRuntime(world.ownerId, id, 'running');
  await queue.whenIdle();
  expect(projects.view(world.ownerId, id)).toMatchObject({ status: 'running', packages: { state: 'failed' } });
});

test('stopping the project ends an install, and a sleeping one installs nothing until it starts', async () => {
  const it = await openProject();
  const turn = await it.ask();
  it.script.areCurrent = false;
  it.script.holdInstall = new Promise(() => {});
  turn.end({ state: 'completed' });
  await expect.poll(() => it.view().packages.state).toBe('installing');
  it.projects.setRuntime(it.world.ownerId, it.project.id, 'stopped');
  await expect.poll(() => it.view().status).toBe('stopped');
  await it.queue.whenIdle();
  expect(it.view().packages.state).toBe('current');
  it.script.holdInstall = undefined;
  it.projects.setRuntime(it.world.ownerId, it.project.id, 'running');
  await it.queue.whenIdle();
  expect(it.script.areCurrent).toBe(true);
  expect(it.view().status).toBe('running');
});

test('a host that died while packages were installed says no more that they are; the next start installs them', async () => {
  const it = await openProject();
  const turn = await it.ask();
  it.script.areCurrent = false;
  it.script.holdInstall = new Promise(() => {});
  turn.end({ state: 'completed' });
  await expect.poll(() => it.view().packages.state).toBe('installing');

  const next = it.world.boot();
  next.projects.recover();
  const view = () => next.projects.view(it.world.ownerId, it.project.id);
  expect(view()).toMatchObject({ status: 'stopped', packages: { state: 'current', error: null } });
  it.script.holdInstall = undefined;
  next.queue.start();
  next.projects.setRuntime(it.world.ownerId, it.project.id, 'running');
  await next.queue.whenIdle();
  expect(it.script.areCurrent).toBe(true);
  expect(view().status).toBe('running');
});
