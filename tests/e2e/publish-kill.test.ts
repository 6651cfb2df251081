import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fetchPreview } from './support/api.ts';
import type { Api } from './support/api.ts';
import { makeDataDir, processesOf } from './support/app.ts';
import type { App } from './support/app.ts';
import { killWhen as killHostWhen, startHost } from './support/host.ts';

// A host that is killed in every step of a publication: what is live is the old site or the new one, never something between.
const { dataDir, remove } = makeDataDir();
let app: App;
let api: Api;
let id: string;
let slug: string;
let sqlite: Database.Database;
let page: string;
let live = '';

beforeAll(async () => {
  ({ app, api } = await startHost(dataDir));
  const { body } = await api.call('POST', '/api/projects', { prompt: 'a website for a small bakery' });
  ({ id, slug } = body.project);
  page = join(dataDir, 'projects', id, 'workspace/src/pages/index.astro');
  await vi.waitUntil(async () => (await api.turns(id))[0].state === 'completed', { timeout: 120_000, interval: 200 });
  sqlite = new Database(join(dataDir, 'db.sqlite'), { readonly: true });
});
afterAll(async () => {
  sqlite.close();
  await app.stop();
  expect(processesOf(dataDir)).toEqual([]);
  remove();
});

const siteNow = () => fetchPreview(app, { previewUrl: `http://${slug}.localhost:${app.port}` });
const markOf = (html: string) => /data-mark="([^"]+)"/.exec(html)?.[1];
const newest = () =>
  sqlite.prepare('SELECT id, state FROM deployments WHERE project_id = ? ORDER BY rowid DESC LIMIT 1').get(id) as {
    id: string;
    state: string;
  };
const jobState = (type: string) =>
  sqlite.prepare('SELECT state FROM queue_jobs WHERE type = ? ORDER BY rowid DESC LIMIT 1').pluck().get(type) as string | undefined;

async function request(mark: string): Promise<string> {
  const source = readFileSync(page, 'utf8').replace(/\n<i hidden data-mark.*$/s, '');
  writeFileSync(page, `${source}\n<i hidden data-mark="${mark}"></i>\n`);
  const { status, body } = await api.call('POST', `/api/projects/${id}/deployments`);
  expect(status).toBe(202);
  return body.deployment.id as string;
}

const isLive = (requested: string) => newest().id === requested && newest().state === 'running';

async function killWhen(moment: string, isThere: () => boolean): Promise<void> {
  ({ app, api } = await killHostWhen(moment, isThere, { host: { app, api }, dataDir }));
}

test('there is something live', async () => {
  await request('first');
  await expect.poll(() => newest().state, { timeout: 60_000 }).toBe('running');
  expect(markOf((await siteNow()).text)).toBe('first');
  live = 'first';
});

test.each([
  ['before the build', (requested: string) => newest().id === requested],
  ['while it builds', () => newest().state === 'building' && processesOf(dataDir).some((line) => line.includes('build'))],
  ['once the release is stored', () => newest().state === 'checking'],
  ['while it is looked at', () => newest().state === 'checking' && jobState('deployment.check') !== 'queued'],
  ['around the switch', () => ['running', 'succeeded'].includes(jobState('deployment.check') ?? '') && newest().state !== 'building'],
  ['right after it went live', isLive],
] as const)('killed %s, the old site or the new one is served, and the new one in the end', async (moment, isThere) => {
  const old = live;
  const wanted = moment.replaceAll(' ', '-');
  const requested = await request(wanted);
  // On a busy machine a short moment may go by between two looks.
  await killWhen(moment, () => isThere(requested) || isLive(requested));
  const first = await siteNow();
  expect(first.status).toBe(200);
  expect([old, wanted]).toContain(markOf(first.text));
  await expect.poll(() => newest(), { timeout: 60_000 }).toEqual({ id: requested, state: 'running' });
  expect(markOf((await siteNow()).text)).toBe(wanted);
  live = wanted;
  expect(sqlite.prepare("SELECT count(*) FROM deployments WHERE state IN ('queued', 'building', 'checking')").pluck().get()).toBe(0);
});

test('killed right after going back, the release that was gone back to is live', async () => {
  const { body } = await api.call('GET', `/api/projects/${id}/deployments`);
  const target = body.deployments.find((one: { canGoLive: boolean }) => one.canGoLive);
  expect((await api.call('POST', `/api/projects/${id}/deployments/${target.id}/promote`)).body.deployment.state).toBe('running');
  const { text } = await siteNow();
  await killWhen('at once', () => true);
  expect((await siteNow()).text).toBe(text);
});
