import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { projects as projectRows } from '#server/db/schema.ts';
import { createActivity, sweepIdleProjects } from '#server/projects/idle.ts';
import { setupProjects } from '../support/projects.ts';

const MINUTE_MS = 60_000;
const prompt = { prompt: 'a landing page for a bakery', template: 'starter' };

function setup(options: Parameters<typeof setupProjects>[0] = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-spare-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const world = setupProjects({ dataDir, ...options });
  const host = world.boot();
  const folders = () => (existsSync(join(dataDir, 'projects')) ? readdirSync(join(dataDir, 'projects')) : []);
  const started = () => world.fakeRuntime.calls.filter((call) => call.startsWith('start '));
  return { ...world, ...host, dataDir, folders, started };
}

/** With a spare whose dev server is up. */
async function setupReady(options: Parameters<typeof setupProjects>[0] = {}) {
  const it = setup(options);
  it.projects.askForSpare();
  await expect.poll(() => it.fakeRuntime.servers.size).toBe(1);
  const [id] = it.folders() as [string];
  return { ...it, id };
}

test('a spare has files and a dev server, and is shown nowhere', async () => {
  const { id, projects, ownerId, fakeRuntime, sqlite, folders } = await setupReady();
  expect(fakeRuntime.calls).toEqual([`prepare ${id}`, `start ${id}`]);
  expect(projects.list(ownerId)).toEqual([]);
  expect(projects.findPreview('spare')).toBeUndefined();
  for (const table of ['projects', 'queue_jobs', 'events'])
    expect(sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0);
  projects.askForSpare();
  expect(folders()).toEqual([id]);
});

test('a new project takes the spare over: its id, its files and the dev server that runs, which now tells the project', async () => {
  const { id, projects, ownerId, queue, fakeAgent, fakeRuntime, dataDir } = await setupReady();
  const { port } = fakeRuntime.servers.get(id)!;
  expect(projects.create(ownerId, prompt)).toMatchObject({ id, slug: 'bakery', status: 'created' });
  queue.start();
  await fakeAgent.nextTurn();
  await queue.whenIdle();
  expect(projects.view(ownerId, id).status).toBe('running');
  expect(projects.findPreview('bakery')).toMatchObject({ projectId: id, port });
  const { input } = fakeRuntime.servers.get(id)!;
  expect(input.publicHost).toBe('bakery.preview.localhost:4321');
  input.onGaveUp?.({ logTail: 'boom' });
  expect(projects.view(ownerId, id).error?.code).toBe('preview_crashed');
  expect(existsSync(join(dataDir, 'projects', id, 'spare'))).toBe(false);
});

test('the one after it is made the ordinary way, and typing again makes another spare', async () => {
  const { id, projects, ownerId, queue, fakeRuntime } = await setupReady();
  expect(projects.create(ownerId, prompt).id).toBe(id);
  const second = projects.create(ownerId, prompt);
  expect(second.id).not.toBe(id);
  projects.askForSpare();
  await expect.poll(() => fakeRuntime.servers.size).toBe(2);
  queue.start();
  await expect.poll(() => projects.view(ownerId, second.id).status).toBe('running');
});

test('a project that comes while the files are still being put there waits for them, and starts no second preparation beside it', async () => {
  const { projects, ownerId, queue, fakeRuntime, started } = setup();
  const { promise, resolve: release } = Promise.withResolvers<void>();
  fakeRuntime.script.holdPrepare = promise;
  projects.askForSpare();
  queue.start();
  const { id } = projects.create(ownerId, prompt);
  await expect.poll(() => queue.list({ projectId: id }).jobs[0]?.state).toBe('running');
  expect(fakeRuntime.calls).toEqual([`prepare ${id}`]);
  release();
  await expect.poll(() => projects.view(ownerId, id).status).toBe('running');
  expect(started()).toEqual([`start ${id}`]);
});

test('a project that comes while the dev server starts joins that start', async () => {
  const { projects, ownerId, queue, fakeRuntime, started } = setup();
  const { promise, resolve: release } = Promise.withResolvers<void>();
  fakeRuntime.script.holdStart = promise;
  projects.askForSpare();
  await expect.poll(started).toHaveLength(1);
  queue.start();
  const { id } = projects.create(ownerId, prompt);
  await expect.poll(started).toEqual([`start ${id}`, `start ${id}`]);
  release();
  await expect.poll(() => projects.view(ownerId, id).status).toBe('running');
});

test('a deletion ends what is still being prepared for the project, and leaves nothing', async () => {
  const { projects, ownerId, queue, fakeRuntime, folders, started, sqlite } = setup();
  fakeRuntime.script.holdPrepare = new Promise(() => {});
  projects.askForSpare();
  const { id } = projects.create(ownerId, prompt);
  projects.delete(ownerId, id);
  queue.start();
  await queue.whenIdle();
  expect(sqlite.prepare('SELECT count(*) FROM projects').pluck().get()).toBe(0);
  expect(folders()).toEqual([]);
  expect(started()).toEqual([]);
});

test('another template is made the ordinary way and leaves the spare where it is', async () => {
  const { id, projects, ownerId, folders } = await setupReady();
  expect(projects.create(ownerId, { ...prompt, template: 'blog' }).id).not.toBe(id);
  expect(folders()).toEqual([id]);
  expect(projects.create(ownerId, prompt).id).toBe(id);
});

test('a creation that is not stored leaves the spare for the next one', async () => {
  const { id, projects, ownerId, folders, dataDir } = await setupReady();
  expect(() => projects.create('nobody', { ...prompt, model: 'doce/offline' })).toThrow();
  expect(folders()).toEqual([id]);
  expect(existsSync(join(dataDir, 'projects', id, 'spare'))).toBe(true);
  expect(projects.create(ownerId, prompt).id).toBe(id);
});

test('three minutes after the last keystroke it is given up; typing on keeps it', async () => {
  const { id, projects, clock, spare, folders, fakeRuntime } = await setupReady();
  clock.advance(2 * MINUTE_MS);
  projects.askForSpare();
  clock.advance(2 * MINUTE_MS);
  spare.sweep();
  expect(folders()).toEqual([id]);
  clock.advance(MINUTE_MS);
  spare.sweep();
  await expect.poll(folders).toEqual([]);
  expect(fakeRuntime.servers.size).toBe(0);
  projects.askForSpare();
  await expect.poll(folders).toHaveLength(1);
});

test('the idle sweep neither sees the spare nor is kept from stopping others by it', async () => {
  const { id, context, clock, fakeRuntime } = await setupReady();
  clock.advance(60 * MINUTE_MS);
  sweepIdleProjects(context, { activity: createActivity(clock.now), viewers: () => 0 });
  expect([...fakeRuntime.servers.keys()]).toEqual([id]);
});

test.each([
  ['files', { prepareError: new Error('no packages') }],
  ['dev server', { outcome: { state: 'exited' as const, exitCode: 1, logTail: 'boom' } }],
])('a spare whose %s fail is dropped in silence, and none is tried for a while; creating works as ever', async (_what, failure) => {
  const { projects, ownerId, queue, clock, fakeRuntime, folders } = setup();
  Object.assign(fakeRuntime.script, failure);
  projects.askForSpare();
  await expect.poll(() => fakeRuntime.calls.at(-1)).toMatch(/^remove /);
  await expect.poll(folders).toEqual([]);
  projects.askForSpare();
  expect(folders()).toEqual([]);
  Object.assign(fakeRuntime.script, { prepareError: undefined, outcome: undefined });
  queue.start();
  const { id } = projects.create(ownerId, prompt);
  await expect.poll(() => projects.view(ownerId, id).status).toBe('running');
  clock.advance(3 * MINUTE_MS);
  projects.askForSpare();
  await expect.poll(() => fakeRuntime.servers.size).toBe(2);
});

test('files that fail after the project took them over are prepared again by its job', async () => {
  const { projects, ownerId, queue, fakeRuntime } = setup();
  const { promise, reject: fail } = Promise.withResolvers<void>();
  fakeRuntime.script.holdPrepare = promise;
  projects.askForSpare();
  const { id } = projects.create(ownerId, prompt);
  fakeRuntime.script.holdPrepare = undefined;
  fail(new Error('no packages'));
  queue.start();
  await expect.poll(() => projects.view(ownerId, id).status).toBe('running');
});

test('a spare whose dev server dies is dropped; the next project is made the ordinary way', async () => {
  const { id, projects, ownerId, fakeRuntime, folders } = await setupReady();
  fakeRuntime.servers.get(id)!.input.onExit({ exitCode: 1, signal: null, isRestarting: true });
  expect(projects.create(ownerId, prompt).id).not.toBe(id);
  await expect.poll(folders).toEqual([]);
});

test.each([
  ['switched off', { spareIsWanted: false }],
  ['on a machine with little free memory', { availableBytes: 1024 ** 3 }],
])('%s there is none, and creating works as ever', (_why, options) => {
  const { projects, ownerId, folders } = setup(options);
  projects.askForSpare();
  expect(folders()).toEqual([]);
  expect(projects.create(ownerId, prompt).status).toBe('created');
});

test('a host that stops leaves none, and makes no other', async () => {
  const { spare, projects, folders, fakeRuntime } = await setupReady();
  await spare.stop();
  expect(folders()).toEqual([]);
  expect(fakeRuntime.servers.size).toBe(0);
  projects.askForSpare();
  expect(folders()).toEqual([]);
});

test('the next start removes what a killed host left of spares, and no folder of a project or of anyone else', async () => {
  const it = await setupReady();
  const make = (name: string, isMarked: boolean) => {
    mkdirSync(join(it.dataDir, 'projects', name, 'workspace'), { recursive: true });
    if (isMarked) writeFileSync(join(it.dataDir, 'projects', name, 'spare'), '');
  };
  make('half-made', true);
  make('.removing-half-gone', true);
  make('without-a-row-or-a-mark', false);
  const taken = it.projects.create(it.ownerId, prompt).id;
  const deleted = it.projects.create(it.ownerId, prompt).id;
  it.db
    .update(projectRows)
    .set({ deletedAt: new Date(0) })
    .where(eq(projectRows.id, deleted))
    .run();
  for (const id of [taken, deleted]) make(id, true);

  const next = it.boot();
  expect(await next.spare.removeLeftovers()).toBe(2);
  expect(it.fakeRuntime.calls.filter((call) => call.startsWith('remove')).sort()).toEqual(
    ['half-gone', 'half-made'].map((name) => `remove ${join(it.dataDir, 'projects', name)}`),
  );
  expect(
    it
      .folders()
      .filter((name) => !name.startsWith('.'))
      .sort(),
  ).toEqual([deleted, taken, 'without-a-row-or-a-mark'].sort());
  expect(existsSync(join(it.dataDir, 'projects', taken, 'spare'))).toBe(false);
});
