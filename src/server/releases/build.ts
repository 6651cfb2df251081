import { existsSync } from 'node:fs';
import { lstat, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Readable } from 'node:stream';
import { scrubText } from '#server/log.ts';
import type { SpawnChild, SpawnedChild } from '#server/spawn.ts';
import { findAstroOutput, findPackageOutput } from './build-output.ts';
import type { BuildOutput } from './build-output.ts';
import { BuildError, describeFailure, describeInstallFailure, lastWords } from './build-failure.ts';
import { findBin, readManifest, readScript } from './package-scripts.ts';
import type { NodeCommand, SiteManifest } from './package-scripts.ts';
import { siteKey } from './site-key.ts';

export interface BuildLimits {
  /** Of `astro build` itself; checkout and install have their own. */
  timeoutMs: number;
  /** Heap of the build, in MiB. */
  memoryMb: number;
}
export const buildLimits: BuildLimits = { timeoutMs: 5 * 60_000, memoryMb: 1_024 };

type Installed = { state: 'installed' } | { state: 'failed'; code: string; detail: string };

export interface BuildInput {
  projectId: string;
  projectDir: string;
  /** Puts the sources into `folder`, which does not exist yet: no dependencies, no output of earlier builds. */
  checkout(folder: string, signal: AbortSignal): Promise<void>;
  /** Variables of the project, for the build itself; those that doce sets win. */
  environment?: Readonly<Record<string, string>>;
  /** Takes what nobody may read out of a line. */
  hide?: (line: string) => string;
  /** Whether what comes out may be a program; else it is refused as `server_not_shown`. */
  allowServer?: boolean;
  signal: AbortSignal;
  /** Each line of the log as it comes, scrubbed. */
  onLog(line: string): void;
}

export interface BuildOptions {
  spawnChild: SpawnChild;
  install(input: {
    projectId: string;
    folder: string;
    home: string;
    logFile: string;
    signal: AbortSignal;
    onLog(line: string): void;
  }): Promise<Installed>;
  storeDir: string;
  limits: BuildLimits;
}

const KEPT_LINES = 400;
const LINE_LENGTH = 2_000;
const STOP_GRACE_MS = 500;

/**
 * Builds the sources in a clean folder, confined: `checkout`, install, `astro build`, or the `build` script of another package. The workspace is not touched.
 * The folder is the project's only one, and always the same, since a build may write where it stands into its output.
 *
 * @param use Gets the output; its folder is gone when `buildSite` returns.
 * @throws BuildError when the site can't be built. The signal's reason when aborted; the child is gone by then.
 */
export async function buildSite<T>(options: BuildOptions, input: BuildInput, use: (output: BuildOutput) => Promise<T>): Promise<T> {
  const scratch = scratchFolder(input.projectDir);
  const site = join(scratch, 'site');
  const home = join(scratch, 'home');
  await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  await mkdir(home, { recursive: true, mode: 0o700 });
  try {
    input.onLog('Checking the sources out');
    await input.checkout(site, input.signal);
    if (!existsSync(join(site, 'package.json'))) throw new BuildError('build_failed', 'There is no package.json in this version.');
    await dropDerived(site);
    input.onLog('Installing the packages');
    await install(options, input, { site, home });
    input.onLog('Building the pages');
    const manifest = readManifest(site);
    const astro = findBin(site, manifest, 'astro');
    for (const command of buildCommands(site, manifest, astro)) await runNode(options, input, { site, home }, command);
    return await use(astro ? findAstroOutput(site, manifest) : findPackageOutput(site, manifest));
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  }
}

export function scratchFolder(projectDir: string): string {
  return join(projectDir, 'build');
}

async function dropDerived(site: string): Promise<void> {
  for (const name of ['node_modules', 'dist', '.astro']) {
    if (await lstat(join(site, name)).catch(() => undefined)) await rm(join(site, name), { recursive: true, force: true });
  }
}

interface Folders {
  site: string;
  home: string;
}

async function install(options: BuildOptions, input: BuildInput, { site, home }: Folders): Promise<void> {
  const outcome = await options.install({
    projectId: input.projectId,
    folder: site,
    home,
    logFile: join(input.projectDir, 'logs', 'build-install.log'),
    signal: input.signal,
    onLog: input.onLog,
  });
  if (outcome.state === 'failed') throw describeInstallFailure(outcome);
}

function buildCommands(site: string, manifest: SiteManifest, astro: string | undefined): NodeCommand[] {
  // As in the preview: a site has a hostname of its own, so its pages are at the root of it.
  if (astro) return [{ args: [astro, 'build', '--outDir', 'dist', '--base', '/'], env: {} }];
  if (manifest.scripts['build']) return readScript(site, manifest, 'build');
  if (manifest.scripts['start']) return [];
  throw new BuildError('dependency_missing', 'package.json does not name astro among its dependencies.');
}

async function runNode(options: BuildOptions, input: BuildInput, { site, home }: Folders, command: NodeCommand): Promise<void> {
  const { memoryMb, timeoutMs } = options.limits;
  const child = await options.spawnChild({
    projectId: input.projectId,
    kind: 'build',
    file: process.execPath,
    args: command.args,
    cwd: site,
    env: {
      ...command.env,
      ASTRO_KEY: await siteKey(input.projectDir),
      ...input.environment,
      PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      HOME: home,
      LANG: 'C.UTF-8',
      NODE_ENV: 'production',
      NODE_OPTIONS: `--max-old-space-size=${memoryMb}`,
      CI: 'true',
      NO_COLOR: '1',
      ASTRO_TELEMETRY_DISABLED: '1',
      ASTRO_DISABLE_UPDATE_CHECK: 'true',
    },
    writable: [site, home],
    readable: [options.storeDir],
  });
  const lines: string[] = [];
  const take = (line: string) => {
    const plain = stripVTControlCharacters(line);
    const clean = withoutOurPaths(scrubText(input.hide?.(plain) ?? plain), site)
      .slice(0, LINE_LENGTH)
      .trimEnd();
    if (clean === '') return;
    lines.push(clean);
    if (lines.length > KEPT_LINES) lines.shift();
    input.onLog(clean);
  };
  const exit = await waitForExit(child, AbortSignal.any([input.signal, AbortSignal.timeout(timeoutMs)]), take);
  input.signal.throwIfAborted();
  if (exit === 'aborted') throw new BuildError('build_timed_out', lastWords(lines));
  if (exit !== 0) throw describeFailure(lines);
}

async function waitForExit(child: SpawnedChild, signal: AbortSignal, take: (line: string) => void): Promise<number | null | 'aborted'> {
  let stopping: Promise<void> | undefined;
  const onAbort = () => (stopping ??= child.stop(STOP_GRACE_MS));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) void onAbort();
  const [{ exitCode }] = await Promise.all([
    child.exited,
    followLines(child.process.stdout, take),
    followLines(child.process.stderr, take),
  ]);
  signal.removeEventListener('abort', onAbort);
  await stopping;
  return stopping ? 'aborted' : exitCode;
}

async function followLines(stream: Readable | null, take: (line: string) => void): Promise<void> {
  if (!stream) return;
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const pieces = (rest + text).split('\n');
    rest = (pieces.pop() ?? '').slice(-LINE_LENGTH * 2);
    pieces.forEach(take);
  });
  // A killed child breaks its pipe; its exit says so.
  stream.on('error', () => {});
  if (!stream.closed) await new Promise<void>((resolve) => void stream.once('close', resolve));
  take(rest);
}

/** Paths of the sources become relative, those of packages begin at `node_modules`: where this machine keeps them is its own. */
function withoutOurPaths(line: string, site: string): string {
  return line
    .replaceAll(`file://${site}/`, '')
    .replaceAll(`${site}/`, '')
    .replace(/(?:file:\/\/)?\/[^\s'"()]*\/node_modules\//g, 'node_modules/');
}
