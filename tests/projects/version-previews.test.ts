import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createGateway } from '#server/gateway/gateway.ts';
import { createLog } from '#server/log.ts';
import { KEPT_PREVIEWS } from '#server/projects/version-preview-rows.ts';
import { BuildError } from '#server/releases/build-failure.ts';
import { setupProjects } from '../support/projects.ts';

// Real git, a dozen short processes a test: on a busy machine they take their time.
vi.setConfig({ testTimeout: 60_000 });
const patient = { timeout: 20_000 };

/** A project with `count` versions, a gateway in front of it, and ways to look at them. */
async function setup(count = 2) {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-looks-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const world = setupProjects({ dataDir, spareIsWanted: false });
  const host = world.boot();
  const { projects, queue, context } = host;
  const { id, slug } = projects.create(world.ownerId, { prompt: 'a bakery', template: 'starter' });
  const workspace = (path: string) => join(dataDir, 'projects', id, 'workspace', path);
  mkdirSync(workspace('src'), { recursive: true });
  writeFileSync(workspace('src/page.txt'), '0\n');
  queue.start();
  (await world.fakeAgent.nextTurn()).end({ state: 'completed' });
  await expect.poll(() => context.liveTurns.size, patient).toBe(0);
  for (let number = 1; number < count; number += 1) {
    projects.files.write(world.ownerId, id, 'src/page.txt', { content: `${number}\n`, encoding: 'utf8', kind: 'file' });
    await projects.versions.archive(world.ownerId, id, undefined, { history: false }).then((zip) => zip.resume());
  }
  await queue.whenIdle();
  const hashes = projects.versions
    .list(world.ownerId, id, { limit: 200 })
    .versions.map(({ hash }) => hash)
    .reverse();
  const gateway = createGateway({
    sitesDomain: 'localhost',
    appOrigins: () => ['http://localhost:4321'],
    resolveProject: projects.findPreview,
    servePublished: projects.production.serve,
    serveVersion: projects.versionPreviews.serve,
    touch: () => {},
    wake: () => {},
    log: createLog('silent'),
  });
  const server = createServer((req, res) => void gateway.handleRequest(req, res, gateway.matchHost(String(req.headers['x-host']))!));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    gateway.close();
    server.closeAllConnections();
    server.close();
  });
  const previews = projects.versionPreviews;
  const { ownerId, fakeReleases, clock } = world;
  const view = (hash: string) => previews.view(ownerId, id, hash);
  const request = async (hash: string) => {
    clock.advance(1_000);
    return previews.request(ownerId, id, hash);
  };
  const look = async (hash: string) => {
    await request(hash);
    await queue.whenIdle();
    return view(hash);
  };
  const ask = (hostname: string, path = '/') =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers: { 'x-host': hostname } });
  const visit = (hash: string, path = '/') => ask(`${hash.slice(0, 12)}--${slug}.preview.localhost`, path);
  const releasesOnDisk = () => readdirSync(join(dataDir, 'projects', id, 'releases'));
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    fakeReleases.script.onBuild = ({ signal }) =>
      Promise.race([promise, new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))]);
    return resolve;
  };
  return { ...world, ...host, id, slug, hashes, view, request, look, ask, visit, releasesOnDisk, hold, previews };
}

test('a version is built from its own files and shown under an address of its own', async () => {
  const { hashes, look, visit, fakeReleases, slug, ownerId, projects, id } = await setup();
  let sources: string[] = [];
  fakeReleases.script.onBuild = async ({ checkout, projectDir, signal }) => {
    await checkout(join(projectDir, 'build/site'), signal);
    sources = readdirSync(join(projectDir, 'build/site/src'));
  };
  const [first] = hashes as [string];
  const shown = await look(first);
  expect(shown).toMatchObject({ state: 'built', error: null, url: `http://${first.slice(0, 12)}--${slug}.preview.localhost:4321` });
  expect(sources).toEqual(['page.txt']);
  expect(projects.siteNames.isServed(`${first.slice(0, 12)}--${slug}.preview.localhost`)).toBe(true);
  const answer = await visit(first);
  expect(await answer.text()).toBe('<h1>Bread</h1>');
  expect(answer.headers.get('x-robots-tag')).toBe('noindex, nofollow');
  expect(answer.headers.get('content-security-policy')).toBe('frame-ancestors http://localhost:4321');
  // Nothing went live, and the project is as it was.
  expect(projects.view(ownerId, id).productionStatus).toBe('stopped');
});

test('the second look builds nothing, and neither does one at what was published', async () => {
  const { hashes, look, request, fakeReleases, projects, ownerId, id, queue } = await setup();
  await look(hashes[0]!);
  expect(await request(hashes[0]!)).toMatchObject({ state: 'built' });
  await projects.production.deploy(ownerId, id, { versionHash: hashes[1]! });
  await queue.whenIdle();
  expect(await request(hashes[1]!)).toMatchObject({ state: 'built' });
  expect(fakeReleases.builds).toHaveLength(2);
});

test('a failing build says why, keeps its log, and can be tried again', async () => {
  const { hashes, look, visit, fakeReleases } = await setup();
  fakeReleases.script.onBuild = () => {
    throw new BuildError('build_failed', 'src/pages/index.astro:3 Unexpected token');
  };
  const failed = await look(hashes[0]!);
  expect(failed).toMatchObject({
    state: 'failed',
    url: null,
    error: { code: 'build_failed', detail: 'src/pages/index.astro:3 Unexpected token', needsServer: false },
    log: ['Building the pages'],
  });
  expect((await visit(hashes[0]!)).status).toBe(404);
  fakeReleases.script.onBuild = () => {};
  expect(await look(hashes[0]!)).toMatchObject({ state: 'built', error: null, log: [] });
});

test('a version whose pages hold a secret is not shown, and leaves the disk', async () => {
  const { hashes, look, visit, fakeReleases, releasesOnDisk, projects, ownerId, id, queue } = await setup();
  projects.settings.setVariable(ownerId, id, 'API_KEY', 'shh-0123456789&');
  projects.settings.setVariable(ownerId, id, 'PUBLIC_KEY', 'pk-visible-0123');
  fakeReleases.script.files = { 'index.html': '<p>pk-visible-0123</p>', 'app.js': 'let a;\nlet key = "shh-0123456789&";' };
  const refused = await look(hashes[0]!);
  expect(refused).toMatchObject({
    state: 'failed',
    url: null,
    error: { code: 'check_secret', detail: 'app.js:2 contains the value of API_KEY', needsServer: false },
  });
  expect(refused.error!.message).toContain('hold a secret');
  expect(JSON.stringify(refused)).not.toContain('shh-0123456789');
  expect((await visit(hashes[0]!)).status).toBe(404);
  await queue.whenIdle();
  expect(releasesOnDisk()).toEqual([]);
  fakeReleases.script.files = { 'index.html': '<p>pk-visible-0123 <a href="/gone">Gone</a></p>' };
  expect(await look(hashes[0]!)).toMatchObject({ state: 'built', error: null });
  expect((await visit(hashes[0]!)).status).toBe(200);
});

test('a version whose pages hold a key of a provider is not shown', async () => {
  const { hashes, look, visit, fakeReleases, context } = await setup();
  context.settings.secretValues = () => ['sk-or-v1-0123456789abcdef'];
  fakeReleases.script.files = { 'index.html': 'sk-or-v1-0123456789abcdef' };
  expect((await look(hashes[0]!)).error).toMatchObject({ detail: 'index.html:1 contains a key that is stored in doce' });
  expect((await visit(hashes[0]!)).status).toBe(404);
});

test('after a variable was set, what was looked at before is built and searched anew', async () => {
  const { hashes, look, fakeReleases, projects, ownerId, id, clock } = await setup();
  fakeReleases.script.files = { 'index.html': 'word-that-was-no-secret' };
  expect(await look(hashes[0]!)).toMatchObject({ state: 'built' });
  expect(await look(hashes[0]!)).toMatchObject({ state: 'built' });
  expect(fakeReleases.builds).toHaveLength(1);
  clock.advance(1_000);
  projects.settings.setVariable(ownerId, id, 'WORD', 'word-that-was-no-secret');
  expect(await look(hashes[0]!)).toMatchObject({ state: 'failed', error: { code: 'check_secret' } });
  expect(fakeReleases.builds).toHaveLength(2);
});

test('a version that needs a server says that only its files can be looked at', async () => {
  const { hashes, look, fakeReleases } = await setup();
  fakeReleases.script.onBuild = () => {
    throw new BuildError('server_output', 'astro.config has an adapter, so the build made a server.');
  };
  const { error } = await look(hashes[0]!);
  expect(error).toMatchObject({ needsServer: true, message: expect.stringContaining('only its files') });
});

test('the picture of a project is what is live, else what was looked at last, and never has to be built', async () => {
  const { hashes, look, ask, projects, ownerId, id, slug, queue } = await setup();
  const picture = () => projects.list(ownerId)[0]!.pictureUrl;
  const urlOf = (hash: string) => `http://${hash.slice(0, 12)}--${slug}.preview.localhost:4321`;
  const [first, second] = hashes as [string, string];
  expect(picture()).toBeNull();
  await look(first);
  expect(picture()).toBe(urlOf(first));
  await projects.production.deploy(ownerId, id, { versionHash: second });
  await queue.whenIdle();
  await look(first);
  const live = `live--${slug}.preview.localhost`;
  expect(picture()).toBe(`http://${live}:4321/?${second.slice(0, 12)}`);
  const answer = await ask(live, `/?${second.slice(0, 12)}`);
  expect(await answer.text()).toBe('<h1>Bread</h1>');
  expect(answer.headers.get('content-security-policy')).toBe('frame-ancestors http://localhost:4321');
  projects.production.stop(ownerId, id);
  expect(picture()).toBe(urlOf(first));
  expect((await ask(live)).status).toBe(404);
});

test('a look makes way for a publication, and is built after it', async () => {
  const { hashes, request, view, hold, projects, ownerId, id, queue, fakeReleases } = await setup();
  hold();
  await request(hashes[0]!);
  await expect.poll(() => view(hashes[0]!).state).toBe('building');
  const { id: deploymentId } = await projects.production.deploy(ownerId, id, { versionHash: hashes[1]! });
  await expect.poll(() => fakeReleases.builds.length).toBe(2);
  fakeReleases.script.onBuild = () => {};
  expect(view(hashes[0]!).state).toBe('queued');
  projects.production.delete(ownerId, id, deploymentId);
  await queue.whenIdle();
  const [job] = queue.list({ type: 'version.build' }).jobs;
  queue.runNow(job!.id);
  await queue.whenIdle();
  expect(view(hashes[0]!).state).toBe('built');
});

test('another look replaces one that is under way; leaving ends it', async () => {
  const { hashes, request, view, hold, queue, fakeReleases, previews, ownerId, id } = await setup(3);
  hold();
  await request(hashes[0]!);
  await expect.poll(() => view(hashes[0]!).state).toBe('building');
  await request(hashes[1]!);
  expect(view(hashes[0]!).state).toBe('none');
  await expect.poll(() => view(hashes[1]!).state).toBe('building');
  expect(fakeReleases.builds[0]!.signal.aborted).toBe(true);
  previews.discard(ownerId, id, hashes[1]!);
  previews.discard(ownerId, id, hashes[1]!);
  await queue.whenIdle();
  expect(view(hashes[1]!).state).toBe('none');
});

test('a job that is cancelled in the monitor while it waits takes its look and its publication along', async () => {
  const { hashes, request, view, queue, projects, ownerId, id, sqlite } = await setup();
  queue.updateSettings({ paused: true });
  await request(hashes[0]!);
  const { id: deploymentId } = await projects.production.deploy(ownerId, id, { versionHash: hashes[1]! });
  const waiting = sqlite.prepare("SELECT id FROM queue_jobs WHERE state = 'queued'").all() as { id: string }[];
  expect(waiting).toHaveLength(2);
  for (const job of waiting) queue.cancel(job.id);
  await expect.poll(() => view(hashes[0]!).state).toBe('none');
  await expect
    .poll(() => projects.production.list(ownerId, id).find((one) => one.id === deploymentId))
    .toMatchObject({ state: 'stopped', stateWords: 'Cancelled', error: { code: 'cancelled' } });
});

test('beyond the number that is kept, what was looked at longest ago leaves the disk; what is live never', async () => {
  const { hashes, look, view, visit, releasesOnDisk, fakeReleases, projects, ownerId, id, queue } = await setup(KEPT_PREVIEWS + 3);
  fakeReleases.script.files = { 'index.html': 'live' };
  await projects.production.deploy(ownerId, id, { versionHash: hashes.at(-1)! });
  await queue.whenIdle();
  for (const [number, hash] of hashes.slice(0, KEPT_PREVIEWS + 1).entries()) {
    fakeReleases.script.files = { 'index.html': `version ${number}` };
    await look(hash);
  }
  await queue.whenIdle();
  expect(view(hashes[0]!)).toMatchObject({ state: 'none', url: null });
  expect((await visit(hashes[0]!)).status).toBe(404);
  expect(await (await visit(hashes[1]!)).text()).toBe('version 1');
  expect(await (await visit(hashes.at(-1)!)).text()).toBe('live');
  expect(releasesOnDisk()).toHaveLength(KEPT_PREVIEWS + 1);
});

test('a look that a dead host left waits on, or is as if it had not been asked for', async () => {
  const { hashes, request, view, queue, boot, sqlite } = await setup();
  queue.updateSettings({ paused: true });
  await request(hashes[0]!);
  await queue.stop(0);
  const next = boot();
  next.queue.recover();
  next.projects.versionPreviews.recover();
  expect(view(hashes[0]!).state).toBe('queued');
  sqlite.prepare("UPDATE queue_jobs SET state = 'failed' WHERE type = 'version.build'").run();
  next.projects.versionPreviews.recover();
  expect(view(hashes[0]!).state).toBe('none');
});

test('only the owner looks, and only at versions there are', async () => {
  const { hashes, previews, id, ownerId } = await setup();
  expect(() => previews.view('someone-else', id, hashes[0]!)).toThrow(expect.objectContaining({ code: 'project_not_found' }));
  await expect(previews.request('someone-else', id, hashes[0]!)).rejects.toMatchObject({ code: 'project_not_found' });
  await expect(previews.request(ownerId, id, 'f'.repeat(40))).rejects.toMatchObject({ code: 'version_not_found' });
});
