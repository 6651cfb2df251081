import { existsSync, statfsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SpawnedChild } from '#server/spawn.ts';
import type { Driver } from '../driver.ts';
import { createLogTail } from '../log-tail.ts';
import { childPath, findPnpm, importArguments, installArguments } from '../pnpm.ts';
import { removeTree } from '../remove.ts';
import { describePnpmFailure, isCold, isLockfileBroken } from './failure.ts';
import type { PackagesFailure } from './failure.ts';
import { registrySettings } from './registry.ts';
import { readPackageSources } from './sources.ts';
import type { PackageSources } from './sources.ts';

export interface InstallLimits {
  /** Of all of it, the waiting for a registry included. */
  timeoutMs: number;
  /** What one install may write, in bytes: packages as they are in the store. */
  writtenBytes: number;
}
export const installLimits: InstallLimits = { timeoutMs: 4 * 60_000, writtenBytes: 2 * 1024 ** 3 };

const LOOK_EVERY_MS = 300;
/** Never the last of the disk: the database needs some. */
const SPARED_BYTES = 256 * 1024 ** 2;
const DRAFT = '.packages-';

export interface InstallOptions {
  storeDir: string;
  driver: Pick<Driver, 'spawnChild' | 'writtenBytes'>;
  limits: InstallLimits;
}

export interface InstallInput {
  projectId: string;
  /** Absolute folder with a `package.json` and perhaps a lockfile. Of these nothing is changed. */
  folder: string;
  /** Home of the child; made when it is not there. */
  home: string;
  logFile: string;
  signal: AbortSignal;
  onLog(line: string): void;
}

/** `fingerprint` names what was installed. */
export type InstallOutcome = { state: 'installed'; fingerprint: string } | ({ state: 'failed' } & PackagesFailure);

type Sources = Extract<PackageSources, { state: 'read' }>;

/**
 * Gives a folder the packages that its `package.json` and lockfile ask for: from the store, else from the registry; without
 * scripts, confined. pnpm works in a folder of its own beside it, where no file of the site reaches it but those two, and the new
 * `node_modules` takes the place of the old one only when it is complete.
 *
 * @throws The signal's reason when aborted; the child is gone by then.
 */
export async function installPackages(options: InstallOptions, input: InstallInput): Promise<InstallOutcome> {
  const sources = await readPackageSources(input.folder);
  if (sources.state !== 'read') return { state: 'failed', ...describeSources(sources) };
  await mkdir(input.home, { recursive: true, mode: 0o700 });
  await mkdir(options.storeDir, { recursive: true, mode: 0o700 });
  await dropDrafts(input.folder);
  const draft = await mkdtemp(join(dirname(input.folder), DRAFT));
  try {
    const failure = await fillDraft(options, input, sources, draft);
    input.signal.throwIfAborted();
    if (failure) return { state: 'failed', ...failure };
    await swapModules(draft, input.folder);
    return { state: 'installed', fingerprint: sources.fingerprint };
  } finally {
    await removeTree(draft);
  }
}

function describeSources(sources: Exclude<PackageSources, Sources>): PackagesFailure {
  if (sources.state === 'missing') return { code: 'manifest_invalid', detail: 'There is no package.json.' };
  return { code: sources.state === 'invalid' ? 'manifest_invalid' : 'packages_unsupported', detail: sources.detail };
}

/** What an install that was killed left. One folder has one install at a time: jobs of a project take turns. */
async function dropDrafts(folder: string): Promise<void> {
  const parent = dirname(folder);
  for (const name of await readdir(parent)) if (name.startsWith(DRAFT)) await removeTree(join(parent, name));
}

async function fillDraft(
  options: InstallOptions,
  input: InstallInput,
  sources: Sources,
  draft: string,
): Promise<PackagesFailure | undefined> {
  const { overrides, ...manifest } = sources.manifest;
  await writeFile(join(draft, 'package.json'), JSON.stringify(manifest));
  // JSON is YAML. `packages` makes the folder a root of its own, wherever it is put.
  // A site that was made with npm or yarn may use what its packages use (Astro’s sharp, say), because there it lies beside them.
  const publicHoistPattern = sources.lockfile?.name === 'pnpm-lock.yaml' ? [] : ['*'];
  const settings = { packages: [], overrides, publicHoistPattern, strictDepBuilds: false };
  await writeFile(join(draft, 'pnpm-workspace.yaml'), JSON.stringify(settings));
  const run = pnpmRunner(options, input, draft);
  const lock = join(draft, 'pnpm-lock.yaml');
  const resolved = join(options.storeDir, 'locks', `${sources.fingerprint}.yaml`);
  await putLockfile(sources, resolved, lock, () => run(importArguments(options.storeDir)));

  const offline = await run(installArguments(options.storeDir, 'offline'));
  let lines = offline.lines;
  let isDone = offline.isDone;
  if (!isDone && !offline.stopped) {
    input.onLog(isCold(lines) ? 'Fetching packages from the registry' : 'Asking the registry');
    let online = await run(installArguments(options.storeDir, 'online'));
    if (!online.isDone && isLockfileBroken(online.lines)) {
      input.onLog('The lockfile can’t be used. Going by package.json alone');
      await rm(lock, { force: true });
      online = await run(installArguments(options.storeDir, 'online'));
    }
    ({ lines, isDone } = online);
    if (online.stopped) return online.stopped;
  }
  if (offline.stopped) return offline.stopped;
  if (!isDone) return describePnpmFailure(lines);
  await keepLockfile(lock, resolved);
  return undefined;
}

/** What was resolved before for these very sources, else the site's own, as pnpm's. */
async function putLockfile({ lockfile }: Sources, resolved: string, lock: string, importOther: () => Promise<unknown>): Promise<void> {
  const kept = await readFile(resolved).catch(() => undefined);
  if (kept) return writeFile(lock, kept);
  if (!lockfile) return;
  await writeFile(join(dirname(lock), lockfile.name), lockfile.content);
  if (lockfile.name !== 'pnpm-lock.yaml') await importOther();
}

/** So that a version is built with what its preview had, although nothing is written into the site. */
async function keepLockfile(lock: string, resolved: string): Promise<void> {
  const content = await readFile(lock).catch(() => undefined);
  if (!content) return;
  await mkdir(dirname(resolved), { recursive: true, mode: 0o700 });
  const draft = `${resolved}.${basename(dirname(lock))}`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, resolved);
}

async function swapModules(draft: string, folder: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  const fresh = join(draft, 'node_modules');
  await mkdir(fresh, { recursive: true });
  const stat = await lstat(modules).catch(() => undefined);
  // A link is removed as such; a folder leaves with the draft.
  if (stat?.isDirectory()) await rename(modules, join(draft, 'old'));
  else if (stat) await rm(modules, { force: true });
  await rename(fresh, modules);
}

interface Run {
  isDone: boolean;
  /** Set when it went beyond a limit and was stopped. */
  stopped: PackagesFailure | undefined;
  lines: string[];
}

/** Runs pnpm in the draft, as often as needed within one limit of time and of bytes. */
function pnpmRunner(options: InstallOptions, input: InstallInput, draft: string): (args: string[]) => Promise<Run> {
  const { limits, storeDir, driver } = options;
  const tail = createLogTail({ file: input.logFile, onLine: (line) => isTelling(line) && input.onLog(line) });
  const late = AbortSignal.timeout(limits.timeoutMs);
  const registry = registrySettings();
  let writtenBefore = 0;

  return async (args) => {
    input.signal.throwIfAborted();
    const lines: string[] = [];
    const child = await driver.spawnChild({
      projectId: input.projectId,
      kind: 'install',
      file: findPnpm(),
      args,
      cwd: draft,
      env: { PATH: childPath(), HOME: input.home, CI: 'true', NO_COLOR: '1', LANG: 'C.UTF-8', ...registry.env },
      writable: [draft, input.home, storeDir],
      readable: registry.readable,
    });
    let stopped: PackagesFailure | undefined;
    const stop = (failure?: PackagesFailure) => {
      stopped ??= failure;
      void child.stop(500);
    };
    const onAbort = () => stop();
    const onLate = () => stop({ code: 'packages_timed_out', detail: lines.slice(-3).join('\n') });
    input.signal.addEventListener('abort', onAbort, { once: true });
    late.addEventListener('abort', onLate, { once: true });
    if (input.signal.aborted) onAbort();
    if (late.aborted) onLate();
    let written = 0;
    const watch = setInterval(() => {
      written = Math.max(written, driver.writtenBytes(child) ?? 0);
      if (writtenBefore + written > limits.writtenBytes)
        stop({ code: 'packages_too_large', detail: `More than ${Math.floor(limits.writtenBytes / 1024 ** 2)} MiB of packages.` });
      else if (isDiskNearlyFull(storeDir)) stop({ code: 'storage_full', detail: 'no space left on device' });
    }, LOOK_EVERY_MS);
    const { exitCode } = await follow(child, tail, lines);
    clearInterval(watch);
    writtenBefore += written;
    input.signal.removeEventListener('abort', onAbort);
    late.removeEventListener('abort', onLate);
    input.signal.throwIfAborted();
    return { isDone: exitCode === 0 && !stopped, stopped, lines };
  };
}

function isDiskNearlyFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < SPARED_BYTES;
}

/** pnpm counts several times a second; people want to know what happens. */
const isTelling = (line: string): boolean =>
  !/^(?:Progress: resolved|[+ ]+$|Downloading |Virtual store|Content-addressable|Packages are hard)/.test(line.trim());

async function follow(child: SpawnedChild, tail: ReturnType<typeof createLogTail>, lines: string[]) {
  const streams = [child.process.stdout, child.process.stderr].filter((stream) => stream !== null);
  for (const stream of streams) {
    tail.follow(stream);
    let rest = '';
    stream.on('data', (text: string | Buffer) => {
      const pieces = (rest + text.toString()).split('\n');
      rest = (pieces.pop() ?? '').slice(-4_000);
      lines.push(...pieces);
      lines.splice(0, Math.max(0, lines.length - 200));
    });
    stream.on('close', () => void (rest && lines.push(rest)));
  }
  const closed = streams.map((stream) =>
    stream.readable ? new Promise<void>((resolve) => void stream.once('close', resolve)) : undefined,
  );
  const [exit] = await Promise.all([child.exited, ...closed]);
  return exit;
}

/** Whether a folder has something installed, whatever it is. */
export function hasModules(folder: string): boolean {
  return existsSync(join(folder, 'node_modules', '.modules.yaml'));
}
