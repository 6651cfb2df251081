import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { descendantsOf } from '../../scripts/bench/processes.ts';
import { fetchPreview } from './support/api.ts';
import type { Api } from './support/api.ts';
import { makeDataDir, processesOf } from './support/app.ts';
import type { App } from './support/app.ts';
import { killWhen as killHostWhen, startHost } from './support/host.ts';
import { importZip, noRegistry, programFiles, programManifest } from './support/program.ts';

// A site that is a program, and a host that is killed in every step of publishing it or going back to it. Needs no registry.
const { dataDir, remove } = makeDataDir();
let app: App;
let api: Api;
let id: string;
let slug: string;
let sqlite: Database.Database;
/** The mark that visitors see. */
let live: string;

beforeAll(async () => {
  ({ app, api } = await startHost(dataDir, noRegistry));
  sqlite = new Database(join(dataDir, 'db.sqlite'), { readonly: true });
});
afterAll(async () => {
  sqlite.close();
  await app.stop();
  expect(processesOf(dataDir)).toEqual([]);
  remove();
});

const folderOf = (path: string) => join(dataDir, 'projects', id, path);
const write = (path: string, content: string) => writeFileSync(folderOf(`workspace/${path}`), content);
const visit = () => fetchPreview(app, { previewUrl: `http://${slug}.localhost:${app.port}` });

interface Deployment {
  id: string;
  state: string;
  hash: string | null;
}
const newest = () =>
  sqlite
    .prepare('SELECT id, state, release_hash AS hash FROM deployments WHERE project_id = ? ORDER BY rowid DESC LIMIT 1')
    .get(id) as Deployment;
const liveHash = () => sqlite.prepare('SELECT production_hash FROM projects WHERE id = ?').pluck().get(id) as string;
const jobOf = (type: string, deploymentId: string) =>
  sqlite
    .prepare("SELECT state FROM queue_jobs WHERE type = ? AND json_extract(payload_json, '$.deploymentId') = ?")
    .pluck()
    .get(type, deploymentId) as string | undefined;
/** Releases that have a process. */
const running = () => [...new Set(processesOf(dataDir).flatMap((line) => /\/releases\/([0-9a-f]{64})\/app\//.exec(line)?.[1] ?? []))];
const runs = (text: string) => processesOf(folderOf('build')).some((line) => line.includes(text));
const wasAsked = (line: string) =>
  existsSync(folderOf('site-data')) && readFileSync(folderOf('site-data/asked.txt'), 'utf8').includes(line);

/** One mark, at the beginning and at the end of a whole page. */
function markOf({ status, text }: { status: number; text: string }): string {
  expect(status, text).toBe(200);
  const marks = [...text.matchAll(/<p>(\S+) (?:begins|ends)<\/p>/g)].map((match) => match[1]!);
  expect(marks, text).toHaveLength(2);
  expect(new Set(marks).size, text).toBe(1);
  return marks[0]!;
}

async function ask(mark: string, hasStart = true): Promise<string> {
  write('mark.txt', mark);
  write('package.json', programManifest(hasStart));
  const { status, body } = await api.call('POST', `/api/projects/${id}/deployments`);
  expect(status).toBe(202);
  return body.deployment.id as string;
}

async function publish(mark: string, hasStart = true): Promise<Deployment> {
  const requested = await ask(mark, hasStart);
  await expect.poll(() => newest(), { timeout: 60_000 }).toMatchObject({ id: requested, state: 'running' });
  live = mark;
  return newest();
}

async function killWhen(moment: string, isThere: () => boolean): Promise<void> {
  ({ app, api } = await killHostWhen(moment, isThere, { host: { app, api }, dataDir, env: noRegistry }));
}

/** The site is back within ten seconds: the old one or the new one. */
async function expectBack(...allowed: string[]): Promise<string> {
  await expect.poll(async () => (await visit()).status, { timeout: 10_000 }).toBe(200);
  const mark = markOf(await visit());
  expect(allowed).toContain(mark);
  return mark;
}

/** Processes of the data directory that are not the host's. */
function strays(): string[] {
  const lines = processesOf(dataDir);
  const own = new Set([app.process.pid!, ...descendantsOf(app.process.pid!).map(({ pid }) => pid)]);
  return lines.filter((line) => !own.has(Number.parseInt(line)));
}

/** What the rows say, what visitors see and what runs are one and the same, and nothing is half done. */
async function expectAtRest(mark: string): Promise<void> {
  expect(markOf(await visit())).toBe(mark);
  const isProgram = existsSync(folderOf(`releases/${liveHash()}/app`));
  await expect.poll(running, { timeout: 10_000 }).toEqual(isProgram ? [liveHash()] : []);
  const inState = (where: string) =>
    sqlite.prepare(`SELECT release_hash FROM deployments WHERE project_id = ? AND ${where}`).pluck().all(id);
  expect(inState("state IN ('queued', 'building', 'checking')")).toEqual([]);
  expect(inState("state = 'running'")).toEqual([liveHash()]);
  expect(existsSync(folderOf('build'))).toBe(false);
  expect(readdirSync(folderOf('releases')).filter((name) => name.startsWith('.'))).toEqual([]);
  await expect.poll(strays, { timeout: 5_000 }).toEqual([]);
  live = mark;
}

test('a package with a start script: its ZIP, its packages, its preview, and its own server in production', async () => {
  ({ id, slug } = await importZip(app, api, 'Counter', programFiles('first')));
  await expect.poll(async () => (await api.project(id)).status, { timeout: 60_000 }).toBe('running');
  const project = await api.project(id);
  expect(project.packages).toEqual({ state: 'current', error: null });
  expect(markOf(await fetchPreview(app, project))).toBe('first');
  await publish('first');
  const answer = await visit();
  expect(answer.text).toContain('Program');
  expect(answer.text).toContain('more');
  expect((await api.call('GET', `/api/projects/${id}/production`)).body.production.server).toMatchObject({ isUp: true });
  await expectAtRest('first');
});

type Moment = readonly [string, (requested: string, mark: string) => boolean];
const isStored = () => newest().state === 'checking';

test.for<Moment>([
  ['it was just asked for', () => true],
  ['its packages are being installed', () => runs('--no-frozen-lockfile')],
  ['its build script runs', () => runs('build.js')],
  ['its release is being stored', () => isStored() || readdirSync(folderOf('releases')).some((name) => name.startsWith('.draft-'))],
  ['its release is stored', isStored],
  ['its program is being started', () => isStored() && running().includes(newest().hash!)],
  ['its program is being looked at', (_, mark) => wasAsked(`${mark} /linked`)],
  ['it is about to be switched to', (requested) => jobOf('deployment.switch', requested) !== undefined],
  ['it has just gone live', () => newest().state === 'running'],
])('deploy, killed when %s: the old program or the new one, and the new one in the end', async ([moment, isThere]) => {
  const mark = moment.replaceAll(' ', '-');
  const old = live;
  const requested = await ask(mark);
  // On a busy machine a short moment may go by between two looks.
  await killWhen(moment, () => newest().id === requested && (isThere(requested, mark) || newest().state === 'running'));
  await expectBack(old, mark);
  await expect.poll(() => newest(), { timeout: 60_000 }).toMatchObject({ id: requested, state: 'running' });
  await expectAtRest(mark);
});

test('deploy, killed while the old program still answers somebody: the new one is live, and the old one is gone', async () => {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const slow = request({ host: '127.0.0.1', port: app.port, path: '/slow', headers: { host: `${slug}.localhost:${app.port}` } });
  slow.on('response', (answer) => answer.once('data', () => begun.resolve()).once('error', () => ended.resolve()));
  slow.on('error', () => ended.resolve());
  slow.end();
  await begun.promise;
  const old = liveHash();
  const { hash } = await publish('drained');
  expect(running().sort()).toEqual([old, hash!].sort());
  await killWhen('at once', () => true);
  await ended.promise;
  await expectBack('drained');
  await expectAtRest('drained');
});

type Kind = 'program' | 'pages';
const made = new Map<string, Deployment>();

/** A release that can be gone back to, and that is not live: made once, and kept. */
async function keep(mark: string, kind: Kind): Promise<Deployment> {
  const kept = made.get(mark) ?? (await publish(mark, kind === 'program'));
  made.set(mark, kept);
  return kept;
}

const promote = (wanted: Deployment) => api.call('POST', `/api/projects/${id}/deployments/${wanted.id}/promote`);

test.for<[from: Kind, to: Kind, moment: string, isThere: (wanted: Deployment) => boolean]>([
  ['program', 'program', 'it was just asked for', () => true],
  ['program', 'program', 'that program is being started', ({ hash }) => running().includes(hash!)],
  ['program', 'program', 'that program has just gone live', ({ hash }) => liveHash() === hash],
  ['pages', 'program', 'that program is being started', ({ hash }) => running().includes(hash!)],
  ['pages', 'program', 'that program has just gone live', ({ hash }) => liveHash() === hash],
  ['program', 'pages', 'the pages have just gone live', ({ hash }) => liveHash() === hash],
])('going back from %s to %s, killed when %s: the one or the other', async ([from, to, moment, isThere]) => {
  const mark = `back-to-${to}`;
  const wanted = await keep(mark, to);
  const old = `away-from-${from}`;
  expect((await promote(await keep(old, from))).status).toBe(200);
  await expectAtRest(old);
  const asked = promote(wanted).then(
    ({ status }) => status,
    () => undefined,
  );
  await killWhen(moment, () => isThere(wanted));
  const back = await expectBack(old, mark);
  // An answer that came, or a switch that was seen, is never taken back.
  if ((await asked) === 200 || moment.endsWith('live')) expect(back).toBe(mark);
  expect(liveHash() === wanted.hash).toBe(back === mark);
  await expectAtRest(back);
});
