import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { DoceEvent } from '#server/events/events.ts';
import { createEditWatch } from '#server/projects/record-version.ts';
import { setupProjects } from '../support/projects.ts';

// Real git, a dozen short processes a test: on a busy machine they take their time.
vi.setConfig({ testTimeout: 60_000 });
const patient = { timeout: 20_000 };

/** A project with real files, whose first prompt is being answered by an agent that the test plays. */
async function setup() {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-project-versions-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const world = setupProjects({ dataDir, spareIsWanted: false });
  const host = world.boot();
  const { id } = host.projects.create(world.ownerId, { prompt: 'a landing page for a bakery', template: 'starter' });
  const projectDir = join(dataDir, 'projects', id);
  const at = (path: string) => join(projectDir, 'workspace', path);
  mkdirSync(at('src'), { recursive: true });
  const put = (path: string, content: string) => writeFileSync(at(path), content);
  const read = (path: string) => readFileSync(at(path), 'utf8');
  put('src/index.astro', 'template\n');
  host.queue.start();
  const turn = await world.fakeAgent.nextTurn();
  const page = { limit: 50 };
  return {
    ...{ ...world, ...host, id, projectDir, at, put, read, turn },
    list: (from = host) => from.projects.versions.list(world.ownerId, id, page).versions,
    turns: (from = host) => from.projects.view(world.ownerId, id).turns,
    ended: () => expect.poll(() => host.context.liveTurns.size, patient).toBe(0),
    /** Sends a prompt and lets the agent answer it with `work`. */
    async answer(text: string, work: () => void, result: Parameters<typeof turn.end>[0] = { state: 'completed' }) {
      host.projects.requestTurn(world.ownerId, id, { text });
      const next = await world.fakeAgent.nextTurn();
      work();
      next.end(result);
      await expect.poll(() => host.context.liveTurns.size, patient).toBe(0);
    },
    /** Asks for a version and waits until it is back. */
    async restore(hash: string, from = host) {
      const jobId = from.projects.versions.restoreLater(world.ownerId, id, hash);
      await expect.poll(() => from.queue.find(jobId)?.state, patient).toBe('succeeded');
    },
  };
}

test('the template is the first version, each turn another, and edits by hand are told apart', async () => {
  const { turn, put, list, turns, ended, answer } = await setup();
  put('src/index.astro', 'bakery\nbread\n');
  turn.end({ state: 'completed' });
  await ended();
  put('src/index.astro', 'bakery\nmy bread\n');
  await answer('make it\ngreen', () => put('src/style.css', 'green\n'));
  expect(
    list().map(({ number, kind, title, files, added, removed, isCurrent }) => [number, kind, title, files, added, removed, isCurrent]),
  ).toEqual([
    [4, 'turn', 'make it green', 1, 1, 0, true],
    [3, 'hand-edit', 'Edited by hand', 1, 1, 1, false],
    [2, 'turn', 'a landing page for a bakery', 1, 2, 1, false],
    [1, 'start', 'Started from the template “starter”', 1, 1, 0, false],
  ]);
  expect(turns().map(({ id, versionHash }) => [id, versionHash])).toEqual([
    [list()[2]!.turnId, list()[2]!.hash],
    [list()[0]!.turnId, list()[0]!.hash],
  ]);
});

test('a turn that changed nothing makes no version and knows the one it left', async () => {
  const { turn, list, turns, ended } = await setup();
  turn.end({ state: 'completed' });
  await ended();
  expect(list()).toHaveLength(1);
  expect(turns()[0]).toMatchObject({ state: 'completed', versionHash: list()[0]!.hash });
});

test('stopped and failed turns are versions too, named for what they are', async () => {
  const { turn, put, list, ended, answer, projects, ownerId, id } = await setup();
  put('src/index.astro', 'half');
  await projects.stopTurn(ownerId, id);
  void turn;
  await ended();
  await answer('again', () => put('src/index.astro', 'other half'), { state: 'failed', code: 'provider_no_credit', message: 'No credit.' });
  expect(
    list()
      .map(({ title }) => title)
      .slice(0, 2),
  ).toEqual(['Failed: again', 'Stopped: a landing page for a bakery']);
});

test('undo brings back what was there before the turn, and undoing that brings back the turn', async () => {
  const { turn, put, read, list, ended, restore, at } = await setup();
  put('src/index.astro', 'bakery');
  put('src/new.astro', 'new');
  turn.end({ state: 'completed' });
  await ended();
  const [made, template] = list();
  await restore(template!.hash);
  expect(read('src/index.astro')).toBe('template\n');
  expect(existsSync(at('src/new.astro'))).toBe(false);
  const [restored] = list();
  expect(restored).toMatchObject({
    kind: 'restore',
    title: 'Restored “Started from the template “starter””',
    restore: { restoredFrom: template!.hash, before: made!.hash, stoppedTurnId: null, removed: ['src/new.astro'], kept: [] },
  });
  await restore(made!.hash);
  expect(read('src/new.astro')).toBe('new');
  expect(list()).toHaveLength(4);
});

test('a restore stops the turn that runs first, and says so', async () => {
  const { turn, put, read, list, turns, restore } = await setup();
  void turn;
  put('src/index.astro', 'half an answer');
  await restore(list()[0]!.hash);
  expect(turns()[0]).toMatchObject({ state: 'stopped', versionHash: list()[1]!.hash });
  expect(list()[1]).toMatchObject({ title: 'Stopped: a landing page for a bakery' });
  expect(list()[0]!.restore).toMatchObject({ stoppedTurnId: turns()[0]!.id });
  expect(read('src/index.astro')).toBe('template\n');
});

test('a preview that was started with other packages is started again, any other goes on', async () => {
  const { turn, put, list, ended, restore, fakeRuntime, answer, queue } = await setup();
  put('package.json', '{}');
  turn.end({ state: 'completed' });
  await ended();
  await answer('write', () => put('src/index.astro', 'two'));
  await queue.whenIdle();
  fakeRuntime.calls.length = 0;
  await restore(list()[1]!.hash);
  await queue.whenIdle();
  expect(fakeRuntime.calls).toEqual([]);
  await restore(list().find(({ kind }) => kind === 'start')!.hash);
  await queue.whenIdle();
  expect(fakeRuntime.calls.map((call) => call.split(' ')[0])).toEqual(['stop', 'prepare', 'start']);
});

test('a preview that is about to come back from a crash when other packages are restored gets those', async () => {
  const { turn, put, list, ended, restore, fakeRuntime, queue, id } = await setup();
  put('package.json', '{}');
  turn.end({ state: 'completed' });
  await ended();
  await queue.whenIdle();
  fakeRuntime.servers.delete(id);
  fakeRuntime.script.areCurrent = false;
  await restore(list().find(({ kind }) => kind === 'start')!.hash);
  await queue.whenIdle();
  expect(fakeRuntime.script.areCurrent).toBe(true);
});

test('a host that died between the commit and the end of the turn makes it good', async () => {
  const { turn, put, list, turns, ended, boot, sqlite, queue, fakeAgent, ownerId, id } = await setup();
  put('src/index.astro', 'bakery');
  turn.end({ state: 'completed' });
  await ended();
  await queue.stop(0);
  const hash = list()[0]!.hash;
  sqlite.exec("DELETE FROM versions WHERE position = 2; UPDATE turns SET state = 'running', version_hash = NULL, finished_at_ms = NULL");
  fakeAgent.script.found = { found: true, complete: true, parts: [] } as never;
  const next = boot();
  next.queue.recover();
  next.projects.recover();
  await next.projects.versions.recover();
  expect(next.projects.versions.view(ownerId, id, hash)).toMatchObject({ kind: 'turn', title: 'a landing page for a bakery' });
  next.queue.start();
  await expect.poll(() => turns(next)[0], patient).toMatchObject({ state: 'completed', versionHash: hash });
  expect(list(next)).toHaveLength(2);
});

test('a restore that a host did not finish is finished by the next, before anything runs', async () => {
  const { turn, put, read, list, ended, boot, queue, id, projectDir } = await setup();
  put('src/index.astro', 'bakery');
  turn.end({ state: 'completed' });
  await ended();
  await queue.stop(0);
  const [before, target] = list();
  writeFileSync(
    join(projectDir, 'versions.git', 'doce-restore.json'),
    JSON.stringify({ target: target!.hash, before: before!.hash, title: 'Restored', kept: [] }),
  );
  const next = boot();
  expect(await next.projects.versions.recover()).toEqual({ finishedRestores: 1 });
  expect(read('src/index.astro')).toBe('template\n');
  expect(list(next)[0]).toMatchObject({ kind: 'restore', restore: { before: before!.hash } });
  void id;
});

test('ten saves in a row are one version, and the host does not stop without them', async () => {
  const { turn, put, list, ended, context, id } = await setup();
  turn.end({ state: 'completed' });
  await ended();
  const watch = createEditWatch(context, 3_600_000);
  for (let count = 0; count < 10; count += 1) {
    put('src/index.astro', `save ${count}`);
    watch.edited(id);
  }
  expect(list()).toHaveLength(1);
  await watch.flush();
  expect(list()[0]).toMatchObject({ kind: 'hand-edit', files: 1 });
  expect(list()).toHaveLength(2);
});

test('names, bookmarks, pages of the list, and the event that tells pages', async () => {
  const { turn, put, list, ended, answer, projects, ownerId, id, events } = await setup();
  const heard: DoceEvent[] = [];
  events.subscribe((event) => heard.push(event), id);
  put('src/index.astro', 'bakery');
  turn.end({ state: 'completed' });
  await ended();
  await answer('two', () => put('src/index.astro', 'two'));
  const { hash } = list()[1]!;
  const { versions } = projects;
  expect(versions.describe(ownerId, id, hash, { name: 'The good one', bookmarked: true })).toMatchObject({
    name: 'The good one',
    bookmarked: true,
  });
  expect(versions.describe(ownerId, id, hash, { name: null })).toMatchObject({ name: null, bookmarked: true });
  expect(versions.list(ownerId, id, { limit: 9, bookmarked: true }).versions).toHaveLength(1);
  const first = versions.list(ownerId, id, { limit: 2 });
  const rest = versions.list(ownerId, id, { limit: 2, cursor: Number(first.nextCursor) });
  expect([...first.versions, ...rest.versions].map(({ number }) => number)).toEqual([3, 2, 1]);
  expect(rest.nextCursor).toBeUndefined();
  await expect
    .poll(() => heard.filter(({ kind, data }) => kind === 'version.recorded' && data['hash'] === list()[0]!.hash))
    .toHaveLength(1);
  expect(() => versions.view(ownerId, id, '0'.repeat(40))).toThrow('does not exist');
  expect(() => versions.view('someone-else', id, hash)).toThrow('does not exist');
});

test('a version says what it changed, what another changed since, and what now differs', async () => {
  const { turn, put, list, ended, projects, ownerId, id } = await setup();
  put('src/index.astro', 'bakery\n');
  turn.end({ state: 'completed' });
  await ended();
  const [made, template] = list();
  const { versions } = projects;
  const changed = await versions.diff(ownerId, id, made!.hash, undefined);
  expect(changed).toMatchObject({ from: template!.hash, to: made!.hash, files: [{ path: 'src/index.astro', added: 1, removed: 1 }] });
  expect((await versions.diff(ownerId, id, template!.hash, undefined)).files).toMatchObject([{ status: 'added' }]);
  put('src/index.astro', 'bakery\nby hand\n');
  expect((await versions.diff(ownerId, id, made!.hash, 'now')).files).toMatchObject([{ added: 1, removed: 0 }]);
  await expect(versions.diff(ownerId, id, made!.hash, 'f'.repeat(40))).rejects.toMatchObject({ code: 'version_not_found' });
});

test('without git a turn ends all the same', async () => {
  const { turn, ended, turns, context, put } = await setup();
  put('src/index.astro', 'bakery');
  context.versions.recordVersion = () => Promise.reject(new Error('no git'));
  turn.end({ state: 'completed' });
  await ended();
  expect(turns()[0]).toMatchObject({ state: 'completed', versionHash: null });
});
