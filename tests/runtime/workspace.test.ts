import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRuntime } from '#server/runtime/runtime.ts';
import { warmStore } from '#server/runtime/store.ts';
import { log, makeDataDir } from './harness.ts';

const LOCKFILE = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .: {}
`;

/** A runtime with one template that needs no packages. */
function open() {
  const folder = makeDataDir();
  const templatesDir = folder.makeFolder('templates');
  const template = folder.makeFolder('templates', 'plain');
  folder.makeFolder('projects');
  writeFileSync(join(template, 'package.json'), '{"name":"site","private":true}');
  writeFileSync(join(template, 'pnpm-lock.yaml'), LOCKFILE);
  writeFileSync(join(template, 'pnpm-workspace.yaml'), 'packages: []\n');
  mkdirSync(join(template, 'node_modules'));
  const runtime = createRuntime({ dataDir: folder.dataDir, templatesDir, log, sandbox: 'auto' });
  const projectDir = join(folder.dataDir, 'projects', 'p1');
  const prepare = (name = 'plain', signal = new AbortController().signal) =>
    runtime.prepareWorkspace({ projectDir, projectId: 'p1', template: name, signal, onLog: () => {} });
  return { ...folder, templatesDir, template, runtime, projectDir, prepare };
}

test('a workspace is the template without its own leftovers', async () => {
  using it = open();
  await it.prepare();
  expect(readdirSync(join(it.projectDir, 'workspace'))).toEqual(expect.arrayContaining(['package.json', 'pnpm-lock.yaml']) as string[]);
  expect(readdirSync(it.projectDir).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a second time keeps what the project became, and drops a copy that was cut short', async () => {
  using it = open();
  mkdirSync(join(it.projectDir, '.workspace-1-x'), { recursive: true });
  await it.prepare();
  expect(existsSync(join(it.projectDir, '.workspace-1-x'))).toBe(false);
  writeFileSync(join(it.projectDir, 'workspace', 'page.astro'), 'mine');
  await it.prepare();
  expect(readFileSync(join(it.projectDir, 'workspace', 'page.astro'), 'utf8')).toBe('mine');
});

test.each(['nothing', '..', '../templates/plain', 'Plain', ''])('the template %j does not exist', async (name) => {
  using it = open();
  await expect(it.prepare(name)).rejects.toMatchObject({ code: 'template_not_found' });
});

test('an aborted preparation says why', async () => {
  using it = open();
  await expect(it.prepare('plain', AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
});

test('a planted lockfile is not followed', { timeout: 20_000 }, async () => {
  using it = open();
  await it.prepare();
  const lockfile = join(it.projectDir, 'workspace', 'pnpm-lock.yaml');
  rmSync(lockfile);
  expect(spawnSync('mkfifo', [lockfile]).status).toBe(0);
  expect(await it.prepare('plain', AbortSignal.timeout(15_000))).toEqual({ state: 'ready', wasInstalled: true });
});

test('warming an already warm store runs nothing', async () => {
  using it = open();
  const input = { storeDir: join(it.dataDir, 'store'), templatesDir: it.templatesDir, log };
  await warmStore(input);
  const stamp = join(it.dataDir, 'store', 'warm-plain.json');
  const before = readFileSync(stamp, 'utf8');
  rmSync(join(it.template, 'package.json'));
  expect(await warmStore(input)).toEqual({ state: 'warm' });
  expect(readFileSync(stamp, 'utf8')).toBe(before);
});

test('a project is deleted whatever its code did to it', async () => {
  using it = open();
  const outside = it.makeFolder('outside');
  writeFileSync(join(outside, 'kept'), 'kept');
  const locked = it.makeFolder('projects', 'p1', 'workspace', 'locked');
  writeFileSync(join(locked, 'file'), '');
  chmodSync(locked, 0);
  symlinkSync(outside, join(it.projectDir, 'workspace', 'link'));
  it.makeFolder('projects', '.removing-p1', 'left');
  await it.runtime.removeProject(it.projectDir);
  await it.runtime.removeProject(it.projectDir);
  expect(readdirSync(join(it.dataDir, 'projects'))).toEqual([]);
  expect(existsSync(join(outside, 'kept'))).toBe(true);
});

test('nothing but a project can be removed', async () => {
  using it = open();
  const outside = it.makeFolder('outside');
  symlinkSync(outside, join(it.dataDir, 'projects', 'link'));
  const refused = [
    it.dataDir,
    join(it.dataDir, 'projects'),
    join(it.dataDir, 'projects', '..', 'outside'),
    join(it.projectDir, 'workspace'),
    '/',
  ];
  for (const path of [...refused, join(it.dataDir, 'projects', 'link')]) await expect(it.runtime.removeProject(path)).rejects.toThrow();
  expect(existsSync(outside)).toBe(true);
});
