import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fetchPreview, makeApi } from './support/api.ts';
import type { Api } from './support/api.ts';
import { makeDataDir, processesOf, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { openWitness, untilMoment } from './support/moments.ts';
import type { Witness } from './support/moments.ts';

// The whole way with the real agent, then a host that is killed in every step of a restore: the old files or the new, never a mix.
const { dataDir, remove } = makeDataDir();
const MANY = 600;
let app: App;
let api: Api;
let witness: Witness;
let project: { id: string; previewUrl: string };
let workspace: string;

beforeAll(async () => {
  app = await startApp(dataDir);
  api = makeApi(app);
  await api.setup();
  project = (await api.call('POST', '/api/projects', { prompt: 'a landing page for a coffee roastery in Lisbon' })).body.project;
  workspace = join(dataDir, 'projects', project.id, 'workspace');
  witness = openWitness(dataDir);
  await turnEnded(0);
});
afterAll(async () => {
  witness.close();
  await app.stop();
  expect(processesOf(dataDir)).toEqual([]);
  remove();
});

const path = (rest: string) => `/api/projects/${project.id}/${rest}`;
const versions = async () => (await api.call('GET', path('versions'))).body.versions as { hash: string; kind: string; title: string }[];
const turnEnded = (index: number) =>
  vi.waitUntil(async () => (await api.turns(project.id)).at(index)?.state === 'completed', { timeout: 120_000, interval: 200 });
const restored = () => expect.poll(() => witness.liveJobs(project.id), { timeout: 30_000 }).not.toContain('version.restore');

async function restore(hash: string): Promise<void> {
  expect((await api.call('POST', path(`versions/${hash}/restore`), {})).status).toBe(202);
  await restored();
  expect(witness.job(project.id, 'version.restore')?.state).toBe('succeeded');
}

/** The sources: what versions hold and what they leave alone is told apart by the unit tests. */
function sources(): Record<string, string> {
  const names = readdirSync(join(workspace, 'src'), { recursive: true, encoding: 'utf8', withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.sort().map((file) => [file.slice(workspace.length), readFileSync(file, 'utf8')]));
}

test('a site that was changed by chat and by hand goes back and forth, and the preview follows', async () => {
  const built = sources();
  expect((await versions()).map(({ kind }) => kind)).toEqual(['turn', 'start']);
  await api.call('POST', path('turns'), { text: 'change the headline to "Roasted before the city wakes"' });
  await turnEnded(0);
  const [changed, before] = await versions();
  expect((await api.turns(project.id))[0].versionHash).toBe(changed!.hash);
  await expect.poll(async () => (await fetchPreview(app, project)).text, { timeout: 30_000 }).toContain('Roasted before the city wakes');

  const file = (await api.call('GET', path('files/src/pages/index.astro'))).body.file;
  const saved = await api.call('PUT', path('files/src/pages/index.astro'), {
    content: `${file.content}<p>By hand</p>\n`,
    baseHash: file.hash,
  });
  expect(saved.status).toBe(200);
  await restore(before!.hash);
  expect(sources()).toEqual(built);
  await expect
    .poll(async () => (await fetchPreview(app, project)).text, { timeout: 30_000 })
    .not.toContain('Roasted before the city wakes');
  const [latest, byHand] = await versions();
  expect([latest!.kind, byHand!.kind]).toEqual(['restore', 'hand-edit']);
  await restore(byHand!.hash);
  expect(readFileSync(join(workspace, 'src/pages/index.astro'), 'utf8')).toContain('<p>By hand</p>');
  await expect.poll(async () => (await fetchPreview(app, project)).text, { timeout: 30_000 }).toContain('By hand');
});

/** Makes two versions that differ in hundreds of files, and stands on the second. */
async function standOnSecond(): Promise<{ first: Record<string, string>; second: Record<string, string>; hash: string }> {
  const folder = join(workspace, 'src/many');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (let index = 0; index < MANY; index += 1) writeFileSync(join(folder, `${index}.txt`), 'first');
  await restore((await versions())[0]!.hash);
  const hash = (await versions()).find(({ kind }) => kind === 'hand-edit')!.hash;
  await restore(hash);
  const first = sources();
  for (let index = 0; index < MANY; index += 1) writeFileSync(join(folder, index % 2 ? `${index}.txt` : `new-${index}.txt`), 'second');
  for (let index = 0; index < MANY; index += 2) rmSync(join(folder, `${index}.txt`));
  return { first, second: sources(), hash };
}

const journal = () => join(dataDir, 'projects', project.id, 'versions.git/doce-restore.json');
const remaining = () => readdirSync(join(workspace, 'src/many')).filter((name) => name.startsWith('new-')).length;

test.each([
  ['the job is stored', () => witness.job(project.id, 'version.restore')?.state !== 'succeeded'],
  ['the intent is written down', () => existsSync(journal())],
  ['the first file is gone', () => remaining() < MANY / 2],
  ['half of the files are back', () => existsSync(join(workspace, 'src/many/300.txt'))],
  ['the last file is back', () => existsSync(join(workspace, 'src/many/98.txt'))],
])('kill -9 once %s: the next host finishes it, and nothing is lost', async (moment, isThere) => {
  const { first, second, hash } = await standOnSecond();
  expect((await api.call('POST', path(`versions/${hash}/restore`), {})).status).toBe(202);
  await untilMoment(moment, isThere);
  await app.kill();
  await expect.poll(() => processesOf(dataDir), { timeout: 5_000 }).toEqual([]);
  app = await startApp(dataDir, { PORT: String(app.port) });
  api = makeApi(app);
  await api.login();
  await restored();
  expect(sources()).toEqual(first);
  expect(existsSync(journal())).toBe(false);
  const edited = (await versions()).find(({ kind }) => kind === 'hand-edit')!;
  await restore(edited.hash);
  expect(sources()).toEqual(second);
});
