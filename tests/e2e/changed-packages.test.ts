import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fetchPreview } from './support/api.ts';
import type { Api } from './support/api.ts';
import { makeDataDir, processesOf } from './support/app.ts';
import type { App } from './support/app.ts';
import { killWhen as killHostWhen, startHost } from './support/host.ts';
import { openWitness } from './support/moments.ts';
import type { Witness } from './support/moments.ts';
import { noRegistry } from './support/program.ts';

// Packages of a site that change by hand and by going back, in order. Both versions of the package are among those of the starter's
// packages, so no registry is needed, and there is none.
const { dataDir, remove } = makeDataDir();
let app: App;
let api: Api;
let witness: Witness;
let project: { id: string; previewUrl: string };
let workspace: string;
let starter: { manifest: { dependencies: Record<string, string> }; lockfile: string };

beforeAll(async () => {
  ({ app, api } = await startHost(dataDir, noRegistry));
  project = (await api.call('POST', '/api/projects', { prompt: 'a website for a small bakery' })).body.project;
  workspace = join(dataDir, 'projects', project.id, 'workspace');
  witness = openWitness(dataDir);
  await vi.waitUntil(async () => (await api.turns(project.id))[0].state === 'completed', { timeout: 120_000, interval: 200 });
  starter = { manifest: JSON.parse(read('package.json')) as (typeof starter)['manifest'], lockfile: read('pnpm-lock.yaml') };
});
afterAll(async () => {
  witness.close();
  await app.stop();
  expect(processesOf(dataDir)).toEqual([]);
  remove();
});

const read = (path: string) => readFileSync(join(workspace, path), 'utf8');
const path = (rest: string) => `/api/projects/${project.id}/${rest}`;
const preview = async () => (await fetchPreview(app, project)).text;
const installed = () =>
  existsSync(join(workspace, 'node_modules/picomatch')) ? realpathSync(join(workspace, 'node_modules/picomatch')) : '';
const versions = async () => (await api.call('GET', path('versions'))).body.versions as { hash: string; kind: string }[];

async function save(file: string, content: string): Promise<void> {
  const { status, body } = await api.call('PUT', path(`files/${file}`), { content });
  expect(status, JSON.stringify(body)).toBeLessThan(300);
}

/** What a person does who adds a package: the lockfile is what their own pnpm wrote, and package.json is saved in the editor. */
async function savePackages(version: string): Promise<void> {
  const entry = `      picomatch:\n        specifier: ${version}\n        version: ${version}\n      tailwindcss:\n`;
  writeFileSync(join(workspace, 'pnpm-lock.yaml'), starter.lockfile.replace('      tailwindcss:\n', entry));
  const dependencies = { ...starter.manifest.dependencies, picomatch: version };
  await save('package.json', JSON.stringify({ ...starter.manifest, dependencies }, null, 2));
}

/** A page that says which version it runs with, and that the package works. */
const PAGE = `---
import { createRequire } from 'node:module';
import picomatch from 'picomatch';
const { version } = createRequire(import.meta.url)('picomatch/package.json');
---
<h1>picomatch {version} says {String(picomatch('*.bread')('rye.bread'))}</h1>
`;
const says = (version: string) => `picomatch ${version} says true`;

/** Nothing of it waits or runs any more, the preview runs and says this, with packages as they are asked for. */
async function expectSettled(text: string): Promise<void> {
  await expect.poll(preview, { timeout: 60_000, interval: 200 }).toContain(text);
  await expect.poll(() => witness.liveJobs(project.id), { timeout: 30_000 }).toEqual([]);
  expect(await api.project(project.id)).toMatchObject({ status: 'running', error: null, packages: { state: 'current', error: null } });
  expect(await preview()).toContain(text);
}

async function restore(hash: string): Promise<void> {
  expect((await api.call('POST', path(`versions/${hash}/restore`), {})).status).toBe(202);
  await expect.poll(() => witness.liveJobs(project.id), { timeout: 60_000 }).toEqual([]);
  expect(witness.job(project.id, 'version.restore')?.state).toBe('succeeded');
}

/** The version that a restore recorded of what was there before it. */
async function restoreAndKeep(hash: string): Promise<string> {
  await restore(hash);
  const { restore: detail } = (await versions())[0] as unknown as { restore: { before: string } };
  return detail.before;
}

async function killWhen(moment: string, isThere: () => boolean): Promise<void> {
  ({ app, api } = await killHostWhen(moment, isThere, { host: { app, api }, dataDir, env: noRegistry }));
}

let without: string;
let withOld: string;
let withNew: string;

test('a package that is added by hand is installed, and the preview runs with it', async () => {
  without = (await versions())[0]!.hash;
  expect(installed()).toBe('');
  await savePackages('2.3.2');
  await save('src/pages/index.astro', PAGE);
  await expectSettled(says('2.3.2'));
  expect(installed()).toContain('/picomatch/2.3.2/');
});

test('going back to before takes it away again, and going back to it brings it back', async () => {
  withOld = await restoreAndKeep(without);
  await expectSettled('<html');
  expect(await preview()).not.toContain('picomatch');
  expect(installed()).toBe('');
  expect(read('package.json')).not.toContain('picomatch');
  await restore(withOld);
  await expectSettled(says('2.3.2'));
  expect(installed()).toContain('/picomatch/2.3.2/');
});

test('another version of it that is asked for by hand takes its place, and going back exchanges them again', async () => {
  await savePackages('4.0.7');
  await expectSettled(says('4.0.7'));
  expect(installed()).toContain('/picomatch/4.0.7/');
  withNew = await restoreAndKeep(withOld);
  await expectSettled(says('2.3.2'));
  await restore(withNew);
  await expectSettled(says('4.0.7'));
});

test('what can not be installed leaves the preview with what it has, by hand as by going back, and both are put right', async () => {
  await savePackages('4.9.9');
  const failed = () => expect.poll(async () => (await api.project(project.id)).packages, { timeout: 60_000 });
  await failed().toMatchObject({ state: 'failed', error: { code: 'packages_unavailable' } });
  expect(await preview()).toContain(says('4.0.7'));
  const withUnknown = await restoreAndKeep(withOld);
  await expectSettled(says('2.3.2'));
  await restore(withUnknown);
  await failed().toMatchObject({ state: 'failed', error: { code: 'packages_unavailable' } });
  expect(await api.project(project.id)).toMatchObject({ status: 'running', error: null });
  expect(await preview()).toContain(says('2.3.2'));
  await savePackages('4.0.7');
  await expectSettled(says('4.0.7'));
});

const installs = () => processesOf(join(dataDir, 'projects', project.id)).some((line) => line.includes('--no-frozen-lockfile'));

test.for([
  ['by hand', '2.3.2', () => savePackages('2.3.2')],
  ['by going back', '4.0.7', () => api.call('POST', path(`versions/${withNew}/restore`), {})],
] as const)(
  'packages that change %s, with a host that is killed while they are installed: %s is there at the next start',
  async ([, version, change]) => {
    await change();
    await killWhen('they are being installed', installs);
    await expect.poll(() => witness.liveJobs(project.id), { timeout: 60_000 }).toEqual([]);
    expect((await api.project(project.id)).packages).toEqual({ state: 'current', error: null });
    expect((await api.call('PUT', path('runtime'), { state: 'running' })).status).toBe(202);
    await expectSettled(says(version));
    expect(installed()).toContain(`/picomatch/${version}/`);
    expect(readdirSync(join(workspace, '..')).filter((name) => name.startsWith('.'))).toEqual([]);
  },
);
