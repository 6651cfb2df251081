import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createRuntime } from '#server/runtime/runtime.ts';
import type { RuntimeOptions } from '#server/runtime/runtime.ts';
import { startRegistry } from './fake-registry.ts';
import { log, makeDataDir, sandboxes } from './harness.ts';

vi.setConfig({ testTimeout: 60_000 });

let registry: Awaited<ReturnType<typeof startRegistry>>;
beforeAll(async () => {
  registry = await startRegistry();
  registry.publish('bread', '1.0.0');
  registry.publish('bread', '1.1.0');
  registry.publish('oven', '2.0.0', { dependencies: { bread: '^1.0.0' } });
  registry.publish('trap', '1.0.0', { scripts: { postinstall: "node -e \"require('fs').writeFileSync('ran', '')\"" } });
  registry.publish('fussy', '1.0.0', { peerDependencies: { bread: '^7.0.0' }, engines: { node: '4.x' } });
  registry.publish('mountain', '1.0.0', { dependencies: { endless: '1.0.0' } }, { 'rock.bin': randomBytes(6 * 1024 ** 2) });
  registry.publish('endless', '1.0.0');
  registry.state.endless = '/endless/-/1.0.0.tgz';
  vi.stubEnv('pnpm_config_registry', `${registry.origin()}/`);
  vi.stubEnv('pnpm_config_fetch_retries', '0');
});
afterAll(() => {
  vi.unstubAllEnvs();
  registry.close();
});

/** A project with a manifest of its own, on an empty store. */
function open(manifest: unknown, options: Partial<RuntimeOptions> = {}) {
  const folder = makeDataDir();
  const projectDir = join(folder.dataDir, 'projects', 'p1');
  const workspace = folder.makeFolder('projects', 'p1', 'workspace');
  const runtime = createRuntime({ dataDir: folder.dataDir, templatesDir: folder.dataDir, log, sandbox: sandboxes[0], ...options });
  const lines: string[] = [];
  const write = (name: string, content: unknown) =>
    writeFileSync(join(workspace, name), typeof content === 'string' ? content : JSON.stringify(content));
  write('package.json', manifest);
  registry.state.isDown = false;
  registry.state.asked = [];
  return {
    ...folder,
    projectDir,
    workspace,
    runtime,
    lines,
    write,
    prepare: (signal = new AbortController().signal) =>
      runtime.prepareWorkspace({ projectDir, projectId: 'p1', template: 'none', signal, onLog: (line) => void lines.push(line) }),
    versionOf: (name: string) =>
      (JSON.parse(readFileSync(join(workspace, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version,
    /** What a project's folder holds besides what belongs there. */
    leftovers: () => readdirSync(projectDir).filter((name) => name.startsWith('.')),
    async [Symbol.asyncDispose]() {
      await runtime.stopAll();
      folder[Symbol.dispose]();
    },
  };
}

test('packages come from the registry once; the next project has them without one, and nothing else of the site is changed', async () => {
  await using it = open({ dependencies: { oven: '^2.0.0' } });
  expect(await it.prepare()).toEqual({ state: 'ready', wasInstalled: true });
  expect(it.versionOf('oven')).toBe('2.0.0');
  expect(realpathSync(join(it.workspace, 'node_modules', 'oven')).startsWith(join(realpathSync(it.dataDir), 'store'))).toBe(true);
  expect(readdirSync(it.workspace).sort()).toEqual(['node_modules', 'package.json']);
  expect(it.leftovers()).toEqual([]);
  expect(it.lines.join('\n')).toContain('registry');

  registry.state.isDown = true;
  expect(await it.prepare()).toEqual({ state: 'ready', wasInstalled: false });
  rmSync(join(it.workspace, 'node_modules'), { recursive: true });
  expect(await it.prepare()).toEqual({ state: 'ready', wasInstalled: true });
  expect(it.versionOf('oven')).toBe('2.0.0');
});

test('a changed manifest is noticed and installed; a change that asks for nothing new is not', async () => {
  await using it = open({ dependencies: { bread: '1.0.0' } });
  await it.prepare();
  expect(await it.runtime.arePackagesCurrent(it.projectDir)).toBe(true);
  it.write('package.json', { scripts: { dev: 'astro dev' }, dependencies: { bread: '1.0.0' } });
  expect(await it.runtime.arePackagesCurrent(it.projectDir)).toBe(true);
  it.write('package.json', { dependencies: { bread: '1.1.0', oven: '2.0.0' } });
  expect(await it.runtime.arePackagesCurrent(it.projectDir)).toBe(false);
  expect(await it.prepare()).toEqual({ state: 'ready', wasInstalled: true });
  expect(it.versionOf('bread')).toBe('1.1.0');
});

test('the versions of a lockfile are kept, npm’s too, and the file stays as it was', async () => {
  await using it = open({ dependencies: { bread: '^1.0.0' } });
  const integrity = await integrityOf('bread', '1.0.0');
  const npm = JSON.stringify({
    name: 'site',
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { bread: '^1.0.0' } },
      'node_modules/bread': { version: '1.0.0', resolved: `${registry.origin()}/bread/-/1.0.0.tgz`, integrity },
    },
  });
  it.write('package-lock.json', npm);
  await it.prepare();
  expect(it.versionOf('bread')).toBe('1.0.0');
  expect(readFileSync(join(it.workspace, 'package-lock.json'), 'utf8')).toBe(npm);
});

test('the same sources get the same versions later, although newer ones came out: what is built is what was previewed', async () => {
  registry.publish('butter', '1.0.0');
  await using it = open({ dependencies: { butter: '^1.0.0' } });
  await it.prepare();
  registry.publish('butter', '1.5.0');
  const folder = it.makeFolder('projects', 'p1', 'build', 'site');
  writeFileSync(join(folder, 'package.json'), readFileSync(join(it.workspace, 'package.json')));
  const home = join(it.projectDir, 'build', 'home');
  const logFile = join(it.projectDir, 'logs', 'build.log');
  const built = await it.runtime.installPackages({
    ...{ projectId: 'p1', folder, home, logFile, signal: new AbortController().signal },
    onLog: () => {},
  });
  expect(built.state).toBe('installed');
  expect(JSON.parse(readFileSync(join(folder, 'node_modules', 'butter', 'package.json'), 'utf8'))).toMatchObject({ version: '1.0.0' });
});

test('nobody’s scripts run, and what a site says about its package manager is not obeyed', async () => {
  await using it = open({
    packageManager: 'pnpm@9.0.0',
    scripts: { preinstall: 'touch ran', postinstall: 'touch ran' },
    dependencies: { trap: '1.0.0' },
    pnpm: { onlyBuiltDependencies: ['trap'] },
  });
  it.write('pnpm-workspace.yaml', `storeDir: ${join(it.dataDir, 'elsewhere')}\nallowBuilds:\n  trap: true\nmodulesDir: ../../stolen\n`);
  it.write('.npmrc', `registry=http://127.0.0.1:9/\nstore-dir=${join(it.dataDir, 'elsewhere')}\n`);
  it.write('.pnpmfile.cjs', `require('fs').writeFileSync('${join(it.dataDir, 'ran')}', '')`);
  expect(await it.prepare()).toMatchObject({ state: 'ready' });
  expect(existsSync(join(it.workspace, 'ran'))).toBe(false);
  expect(existsSync(join(realpathSync(join(it.workspace, 'node_modules', 'trap')), 'ran'))).toBe(false);
  for (const name of ['elsewhere', 'stolen', 'ran']) expect(existsSync(join(it.dataDir, name)), name).toBe(false);
});

test('peers that do not fit and other engines are warnings', async () => {
  await using it = open({ engines: { node: '4.x' }, dependencies: { fussy: '1.0.0', bread: '1.0.0' } });
  expect(await it.prepare()).toMatchObject({ state: 'ready' });
  expect(it.lines.join('\n')).toMatch(/engine/i);
});

test.each([
  ['package_unknown', { dependencies: { 'no-such-bread': '1.0.0' } }, 'no-such-bread'],
  ['package_unknown', { dependencies: { bread: '9.0.0' } }, 'bread@9.0.0'],
  ['packages_unsupported', { dependencies: { mine: 'file:../mine' } }, 'mine: file:../mine'],
  ['packages_unsupported', { dependencies: { mine: 'workspace:*' } }, 'mine: workspace:*'],
  ['manifest_invalid', '{ "dependencies": ', 'JSON'],
  ['manifest_invalid', { dependencies: ['bread'] }, 'dependencies'],
  ['manifest_invalid', { dependencies: { '../../escape': '1.0.0' } }, 'escape'],
])('%s: %j', async (code, manifest, detail) => {
  await using it = open(manifest);
  expect(await it.prepare()).toMatchObject({
    state: 'outdated',
    hasPackages: false,
    code,
    detail: expect.stringContaining(detail) as string,
  });
  expect(it.leftovers()).toEqual([]);
});

test('when the registry does not answer, that is said, and what was installed stays', async () => {
  await using it = open({ dependencies: { bread: '1.0.0' } });
  await it.prepare();
  registry.state.isDown = true;
  it.write('package.json', { dependencies: { bread: '1.0.0', oven: '2.0.0' } });
  expect(await it.prepare()).toMatchObject({ state: 'outdated', code: 'packages_unavailable', hasPackages: true });
  expect(it.versionOf('bread')).toBe('1.0.0');
  registry.state.isDown = false;
  expect(await it.prepare()).toMatchObject({ state: 'ready', wasInstalled: true });
  expect(it.versionOf('oven')).toBe('2.0.0');
});

test('an install has limits of size and of time', async () => {
  await using large = open({ dependencies: { mountain: '1.0.0' } }, { installs: { writtenBytes: 4 * 1024 ** 2 } });
  expect(await large.prepare()).toMatchObject({ state: 'outdated', code: 'packages_too_large' });
  expect(large.leftovers()).toEqual([]);
  await using late = open({ dependencies: { endless: '1.0.0' } }, { installs: { timeoutMs: 1_500 } });
  expect(await late.prepare()).toMatchObject({ state: 'outdated', code: 'packages_timed_out' });
  expect(late.leftovers()).toEqual([]);
});

test('an install that is called off leaves no process and no folder, and the next one clears what a dead host left', async () => {
  await using it = open({ dependencies: { endless: '1.0.0' } });
  mkdirSync(join(it.projectDir, '.packages-dead', 'node_modules'), { recursive: true });
  const abort = new AbortController();
  const stopped = expect(it.prepare(abort.signal)).rejects.toThrow('changed my mind');
  await vi.waitFor(() => expect(registry.state.asked).toContain(registry.state.endless), 20_000);
  abort.abort(new Error('changed my mind'));
  await stopped;
  expect(readdirSync(join(it.dataDir, 'run'))).toEqual([]);
  expect(it.leftovers()).toEqual([]);
  it.write('package.json', { dependencies: { bread: '1.0.0' } });
  expect(await it.prepare()).toMatchObject({ state: 'ready' });
});

test('planted links are not followed: neither the manifest, nor node_modules, nor a lockfile that climbs', async () => {
  await using it = open({ dependencies: { bread: '1.0.0' } });
  const outside = it.makeFolder('outside');
  writeFileSync(join(outside, 'package.json'), JSON.stringify({ dependencies: { oven: '2.0.0' } }));
  symlinkSync(outside, join(it.workspace, 'node_modules'));
  it.write('pnpm-lock.yaml', "lockfileVersion: '9.0'\npackages:\n  ../../../outside@1.0.0:\n    resolution: {integrity: sha512-x}\n");
  expect(await it.prepare()).toMatchObject({ state: 'ready' });
  expect(lstatSync(join(it.workspace, 'node_modules')).isDirectory()).toBe(true);
  expect(readdirSync(outside)).toEqual(['package.json']);
  rmSync(join(it.workspace, 'package.json'));
  symlinkSync(join(outside, 'package.json'), join(it.workspace, 'package.json'));
  expect(await it.prepare()).toMatchObject({ state: 'outdated', code: 'manifest_invalid' });
});

async function integrityOf(name: string, version: string): Promise<string> {
  const answer = (await (await fetch(`${registry.origin()}/${name}`)).json()) as {
    versions: Record<string, { dist: { integrity: string } }>;
  };
  return answer.versions[version]!.dist.integrity;
}
