import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BuildError } from '#server/releases/build-failure.ts';
import { KEPT_RELEASES } from '#server/projects/deployment-rows.ts';
import { makeRunningProject, setupProjects } from '../support/projects.ts';

// A dozen publications on real files in one test: on a busy machine they take their time.
vi.setConfig({ testTimeout: 60_000 });

/** A project with its files, on a data directory of its own, and ways to publish it. */
async function setup() {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-deployments-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const world = setupProjects({ dataDir });
  const host = await makeRunningProject(world);
  const { production } = host.projects;
  const { id, slug } = host.project;
  const { ownerId, fakeReleases } = world;
  const deploy = async () => {
    world.clock.advance(1_000);
    return production.deploy(ownerId, id, {});
  };
  const publish = async (html: string) => {
    fakeReleases.script.files = { 'index.html': html };
    const { id: deploymentId } = await deploy();
    await host.queue.whenIdle();
    return find(deploymentId);
  };
  const find = (deploymentId: string) => production.list(ownerId, id).find((one) => one.id === deploymentId)!;
  const site = createServer(
    (req, res) => void production.serve(req, res, slug).then((outcome) => outcome !== 'served' && res.end(outcome)),
  );
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    site.closeAllConnections();
    site.close();
  });
  const visit = async (path = '/') => (await fetch(`http://127.0.0.1:${(site.address() as AddressInfo).port}${path}`)).text();
  const states = () => production.list(ownerId, id).map(({ state }) => state);
  const releasesOnDisk = () => readdirSync(join(dataDir, 'projects', id, 'releases'));
  const columns = () => world.sqlite.prepare('SELECT * FROM projects WHERE id = ?').get(id) as Record<string, unknown>;
  return { ...world, ...host, dataDir, production, id, slug, deploy, publish, find, visit, states, releasesOnDisk, columns };
}

test('publishing builds, checks and switches, and every column of production says so', async () => {
  const { publish, visit, view, columns, clock, slug } = await setup();
  expect(view()).toMatchObject({ productionStatus: 'stopped', productionUrl: null });
  expect(await visit()).toBe('unpublished');
  const live = await publish('<h1>Bread</h1>');
  expect(live).toMatchObject({
    state: 'running',
    stateWords: 'Live',
    pageCount: 1,
    unchanged: false,
    error: null,
    log: ['Building the pages'],
  });
  expect(live.releaseHash).toMatch(/^[0-9a-f]{64}$/);
  expect(await visit()).toBe('<h1>Bread</h1>');
  expect(view()).toMatchObject({ productionStatus: 'running', productionUrl: `http://${slug}.localhost:4321` });
  expect(columns()).toMatchObject({
    production_hash: live.releaseHash,
    production_error: null,
    production_started_at: clock.now() / 1_000,
    production_port: null,
  });
});

test('the states a first publication goes through are told as they come', async () => {
  const { deploy, view, find, queue, fakeReleases } = await setup();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  fakeReleases.script.onBuild = () => held;
  const { id } = await deploy();
  expect(find(id)).toMatchObject({ state: 'queued', stateWords: 'Waiting' });
  expect(view().productionStatus).toBe('queued');
  await expect.poll(() => find(id).state).toBe('building');
  expect(view().productionStatus).toBe('building');
  release();
  await queue.whenIdle();
  expect(find(id).state).toBe('running');
});

test('a change goes live when it is ready, and the one before it until then', async () => {
  const { publish, deploy, visit, states, queue, fakeReleases, view } = await setup();
  await publish('old');
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  fakeReleases.script.onBuild = () => held;
  fakeReleases.script.files = { 'index.html': 'new' };
  await deploy();
  await expect.poll(states).toEqual(['building', 'running']);
  expect(await visit()).toBe('old');
  expect(view().productionStatus).toBe('running');
  release();
  await queue.whenIdle();
  expect(states()).toEqual(['running', 'superseded']);
  expect(await visit()).toBe('new');
});

test('the same content is live at once, without another check, and says that nothing changed', async () => {
  const { publish, states, sqlite, releasesOnDisk } = await setup();
  const first = await publish('same');
  const second = await publish('same');
  expect(second).toMatchObject({ state: 'running', unchanged: true, releaseHash: first.releaseHash });
  expect(states()).toEqual(['running', 'superseded']);
  expect(releasesOnDisk()).toEqual([first.releaseHash]);
  const types = sqlite
    .prepare("SELECT type, count(*) AS n FROM queue_jobs WHERE type LIKE 'deployment.%' GROUP BY type ORDER BY type")
    .all();
  expect(types).toEqual([
    { type: 'deployment.build', n: 2 },
    { type: 'deployment.check', n: 1 },
    { type: 'deployment.switch', n: 2 },
  ]);
});

test.each([
  [new BuildError('build_failed', 'src/pages/index.astro:2:11 Unexpected token'), 'could not be built'],
  [new BuildError('build_timed_out', ''), 'took too long'],
  [new BuildError('build_out_of_memory', 'heap'), 'more memory'],
  [new BuildError('dependency_missing', 'left-pad'), 'package or file'],
])('a build that fails (%s) touches nothing live and says why', async (error, words) => {
  const { publish, deploy, find, visit, queue, fakeReleases, columns, production, ownerId, id, view } = await setup();
  const good = await publish('good');
  fakeReleases.script.onBuild = () => Promise.reject(error);
  const bad = await deploy();
  await queue.whenIdle();
  expect(find(bad.id)).toMatchObject({
    state: 'failed',
    error: { code: error.code, detail: error.message || null },
    log: ['Building the pages'],
  });
  expect(find(bad.id).error?.message).toContain(words);
  expect(find(good.id).state).toBe('running');
  expect(await visit()).toBe('good');
  expect(view().productionStatus).toBe('running');
  expect(columns()).toMatchObject({ production_hash: good.releaseHash, production_error: expect.stringContaining(words) as string });
  expect(queue.list({ type: 'deployment.build' }).jobs[0]).toMatchObject({ state: 'failed', attempts: 3 });
  expect(production.view(ownerId, id).live?.id).toBe(good.id);
});

test('a first publication that fails leaves the project without a site', async () => {
  const { deploy, queue, fakeReleases, view, visit } = await setup();
  fakeReleases.script.onBuild = () => Promise.reject(new BuildError('build_failed', 'line 2'));
  await deploy();
  await queue.whenIdle();
  expect(view()).toMatchObject({ productionStatus: 'failed', productionUrl: null });
  expect(await visit()).toBe('unpublished');
});

test('what the check finds does not go live, is named by file and line, and leaves the disk', async () => {
  const { publish, visit, releasesOnDisk } = await setup();
  const good = await publish('good');
  const bad = await publish('<p>\n<a href="/nowhere">Menu</a>');
  expect(bad).toMatchObject({
    state: 'failed',
    error: { code: 'check_link', detail: 'index.html:2 refers to /nowhere, which is not there' },
  });
  expect(await visit()).toBe('good');
  expect(releasesOnDisk()).toEqual([good.releaseHash]);
});

test('a key that is stored in doce never goes live', async () => {
  const { publish, context, ownerId, visit } = await setup();
  context.settings.secretValues = () => ['sk-or-v1-0123456789'];
  const bad = await publish('<script>const key = "sk-or-v1-0123456789";</script>');
  expect(bad).toMatchObject({ state: 'failed', error: { code: 'check_secret' } });
  expect(JSON.stringify(bad)).not.toContain('sk-or-v1');
  expect(ownerId && (await visit())).toBe('unpublished');
});

test('an earlier release is live again at once, without a job, and the page’s own assets stay reachable', async () => {
  const { publish, production, ownerId, id, visit, states, sqlite, fakeReleases, deploy, queue } = await setup();
  const first = await publish('one');
  fakeReleases.script.files = { 'index.html': 'two', '_astro/two.css': 'style of two' };
  await deploy();
  await queue.whenIdle();
  const jobs = sqlite.prepare('SELECT count(*) FROM queue_jobs').pluck();
  const before = jobs.get();
  expect(await production.promote(ownerId, id, first.id)).toMatchObject({ state: 'running' });
  expect(jobs.get()).toBe(before);
  expect(states()).toEqual(['superseded', 'running']);
  expect(await visit()).toBe('one');
  expect(await visit('/_astro/two.css')).toBe('style of two');
});

test('promoting works while the queue is paused', async () => {
  const { publish, production, ownerId, id, visit, queue } = await setup();
  const first = await publish('one');
  await publish('two');
  queue.updateSettings({ paused: true });
  await production.promote(ownerId, id, first.id);
  expect(await visit()).toBe('one');
});

test('stopping takes the site down and keeps everything; starting brings it back', async () => {
  const { publish, production, ownerId, id, visit, view, states, columns } = await setup();
  await publish('one');
  await publish('two');
  production.stop(ownerId, id);
  production.stop(ownerId, id);
  expect(await visit()).toBe('unpublished');
  expect(view()).toMatchObject({ productionStatus: 'stopped', productionUrl: null });
  expect(columns()).toMatchObject({ production_hash: null, production_started_at: null });
  expect(states()).toEqual(['stopped', 'superseded']);
  await production.start(ownerId, id);
  expect(await visit()).toBe('two');
  expect(states()).toEqual(['running', 'superseded']);
});

test('what was never published can not be started, promoted or found', async () => {
  const { production, ownerId, id, fakeReleases, deploy, queue } = await setup();
  await expect(production.start(ownerId, id)).rejects.toMatchObject({ code: 'nothing_to_start' });
  await expect(production.promote(ownerId, id, 'nope')).rejects.toMatchObject({ code: 'deployment_not_found' });
  await expect(production.deploy('someone else', id, {})).rejects.toMatchObject({ code: 'project_not_found' });
  fakeReleases.script.onBuild = () => Promise.reject(new BuildError('build_failed', ''));
  const failed = await deploy();
  await queue.whenIdle();
  await expect(production.promote(ownerId, id, failed.id)).rejects.toMatchObject({ code: 'release_not_kept' });
  await expect(production.deploy(ownerId, id, { versionHash: 'a'.repeat(40) })).rejects.toMatchObject({ code: 'version_not_found' });
});

test('a project whose files are not there yet can not be published', async () => {
  const world = setupProjects();
  const { projects } = world.boot();
  const { id } = projects.create(world.ownerId, { prompt: 'a bakery', template: 'starter' });
  await expect(projects.production.deploy(world.ownerId, id, {})).rejects.toMatchObject({ code: 'project_not_ready' });
});

test('cancelling ends the build down to its signal; what is live stays', async () => {
  const { publish, deploy, production, ownerId, id, find, visit, queue, fakeReleases } = await setup();
  await publish('live');
  const { promise: aborted, resolve: onAborted } = Promise.withResolvers<void>();
  fakeReleases.script.onBuild = ({ signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        onAborted();
        reject(signal.reason as Error);
      });
    });
  const { id: deploymentId } = await deploy();
  await expect.poll(() => find(deploymentId).state).toBe('building');
  production.delete(ownerId, id, deploymentId);
  expect(find(deploymentId)).toMatchObject({ state: 'stopped', stateWords: 'Cancelled', error: { code: 'cancelled' } });
  await aborted;
  await queue.whenIdle();
  expect(find(deploymentId)).toMatchObject({ state: 'stopped', canGoLive: false });
  expect(await visit()).toBe('live');
});

test('a job that is cancelled from the monitor ends its deployment too', async () => {
  const { deploy, find, queue, fakeReleases } = await setup();
  fakeReleases.script.onBuild = ({ signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const { id } = await deploy();
  await expect.poll(() => find(id).state).toBe('building');
  queue.cancel(queue.list({ type: 'deployment.build' }).jobs[0]!.id);
  await queue.whenIdle();
  expect(find(id)).toMatchObject({ state: 'stopped', error: { code: 'cancelled' } });
});

test('asking again while one waits is the same one; while one builds, the newest wish wins', async () => {
  const { deploy, queue, fakeReleases, states, visit, find } = await setup();
  queue.updateSettings({ paused: true });
  const first = await deploy();
  expect((await deploy()).id).toBe(first.id);
  let hold: Promise<void> | undefined = new Promise(() => {});
  fakeReleases.script.onBuild = ({ signal }) =>
    hold &&
    Promise.race([hold, new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))]);
  queue.updateSettings({ paused: false });
  await expect.poll(() => find(first.id).state).toBe('building');
  hold = undefined;
  fakeReleases.script.files = { 'index.html': 'newest' };
  await deploy();
  await expect.poll(states, { timeout: 5_000 }).toEqual(['running', 'stopped']);
  expect(find(first.id).error?.code).toBe('replaced');
  expect(await visit()).toBe('newest');
});

test('one that is over can be deleted, with its release; the live one can not', async () => {
  const { publish, production, ownerId, id, states, releasesOnDisk, queue } = await setup();
  const first = await publish('one');
  const second = await publish('two');
  expect(() => production.delete(ownerId, id, second.id)).toThrow(expect.objectContaining({ code: 'deployment_live' }) as Error);
  production.delete(ownerId, id, first.id);
  await queue.whenIdle();
  expect(states()).toEqual(['running']);
  expect(releasesOnDisk()).toEqual([second.releaseHash]);
});

test(`the last ${KEPT_RELEASES} releases can be gone back to; the live one is never pruned`, async () => {
  const { publish, production, ownerId, id, releasesOnDisk, visit } = await setup();
  const first = await publish('release 0');
  const second = await publish('release 1');
  await production.promote(ownerId, id, first.id);
  for (let number = 2; number < KEPT_RELEASES + 1; number += 1) {
    await publish(`release ${number}`);
    await production.promote(ownerId, id, first.id);
  }
  const list = () => production.list(ownerId, id);
  expect(list().find(({ id: one }) => one === second.id)?.canGoLive).toBe(false);
  expect(list().filter(({ canGoLive }) => canGoLive)).toHaveLength(KEPT_RELEASES - 1);
  await expect.poll(() => releasesOnDisk().length).toBe(KEPT_RELEASES);
  expect(await visit()).toBe('release 0');
  await expect(production.promote(ownerId, id, second.id)).rejects.toMatchObject({ code: 'release_not_kept' });
});

test('production is there again after a restart, whatever the dead host was doing', async () => {
  const world = await setup();
  await world.publish('live');
  world.fakeReleases.script.onBuild = () => new Promise(() => {});
  const { id } = await world.deploy();
  await expect.poll(() => world.find(id).state).toBe('building');
  // As a dead host leaves it: nothing was given back, the row says building.
  const next = world.boot();
  next.queue.recover();
  next.projects.recover();
  next.projects.production.recover();
  expect(next.projects.view(world.ownerId, world.id).productionStatus).toBe('running');
  world.fakeReleases.script.onBuild = () => {};
  world.fakeReleases.script.files = { 'index.html': 'after the crash' };
  next.queue.start();
  await expect.poll(world.states).toEqual(['running', 'superseded']);
  expect(await world.visit()).toBe('after the crash');
});

test('a deployment whose job is over without it gets an end at the next start', async () => {
  const { deploy, queue, sqlite, production, find } = await setup();
  queue.updateSettings({ paused: true });
  const { id } = await deploy();
  queue.cancel(queue.list({ type: 'deployment.build' }).jobs[0]!.id);
  production.recover();
  expect(find(id)).toMatchObject({ state: 'stopped', error: { code: 'cancelled' } });
  const again = await deploy();
  sqlite.prepare("UPDATE queue_jobs SET state = 'failed', dedupe_active = NULL WHERE type = 'deployment.build'").run();
  production.recover();
  expect(find(again.id)).toMatchObject({ state: 'failed', error: { code: 'interrupted' } });
  expect(queue.list({ type: 'deployment.prune', state: 'queued' }).jobs).toHaveLength(1);
});

test('deleting the project ends its build, takes the site down at once and leaves nothing', async () => {
  const { publish, deploy, projects, ownerId, id, visit, find, queue, fakeReleases, sqlite, dataDir, fakeRuntime } = await setup();
  await publish('live');
  fakeReleases.script.onBuild = ({ signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const { id: deploymentId } = await deploy();
  await expect.poll(() => find(deploymentId).state).toBe('building');
  projects.delete(ownerId, id);
  expect(await visit()).toBe('unpublished');
  await queue.whenIdle();
  expect(sqlite.prepare('SELECT count(*) FROM deployments').pluck().get()).toBe(0);
  expect(fakeRuntime.calls).toContain(`remove ${join(dataDir, 'projects', id)}`);
  expect(existsSync(dataDir)).toBe(true);
});

test('a turn is answered while a build takes its time', async () => {
  const { deploy, find, fakeReleases, projects, ownerId, id, turn, fakeAgent } = await setup();
  fakeReleases.script.onBuild = ({ signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const { id: deploymentId } = await deploy();
  await expect.poll(() => find(deploymentId).state).toBe('building');
  turn.end({ state: 'completed' });
  await expect.poll(() => projects.turns(ownerId, id)[0]?.state).toBe('completed');
  projects.requestTurn(ownerId, id, { text: 'make it blue' });
  await fakeAgent.nextTurn();
  expect(find(deploymentId).state).toBe('building');
});

test('changes since the publication are noticed', async () => {
  const { publish, production, ownerId, id, projects, turn, fakeAgent, clock } = await setup();
  const isBehind = () => production.view(ownerId, id).hasUnpublishedChanges;
  turn.end({ state: 'completed' });
  await expect.poll(() => projects.turns(ownerId, id)[0]?.state).toBe('completed');
  expect(isBehind()).toBe(false);
  await publish('one');
  expect(isBehind()).toBe(false);
  clock.advance(5_000);
  projects.requestTurn(ownerId, id, { text: 'make it blue' });
  const next = await fakeAgent.nextTurn();
  clock.advance(5_000);
  next.end({ state: 'completed' });
  await expect.poll(isBehind).toBe(true);
  await publish('two');
  expect(isBehind()).toBe(false);
});

test('a hundred publications and ways back under constant requests: none fails, none mixes two releases', async () => {
  const { publish, production, ownerId, id, visit } = await setup();
  const page = (name: string) => `<p>${name}</p>${'<p>bread</p>'.repeat(2_000)}<p>${name}</p>`;
  const releases = [await publish(page('north')), await publish(page('south'))];
  const seen = new Map<string, number>();
  let switching = true;
  const visitor = async () => {
    while (switching) {
      const text = await visit();
      const names = new Set([...text.matchAll(/<p>(north|south|west-\d+)<\/p>/g)].map((match) => match[1]));
      const key = names.size === 1 && text === page([...names][0]!) ? [...names][0]!.replace(/-.*/, '') : `wrong: ${text.slice(0, 80)}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  };
  const visitors = Array.from({ length: 6 }, visitor);
  for (let round = 0; round < 100; round += 1) {
    if (round % 10 === 9) await publish(page(`west-${round}`));
    else await production.promote(ownerId, id, releases[round % 2]!.id);
    await visit();
  }
  switching = false;
  await Promise.all(visitors);
  expect([...seen.keys()].sort()).toEqual(['north', 'south', 'west']);
}, 60_000);
