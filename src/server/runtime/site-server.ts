import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { SpawnedChild } from '#server/spawn.ts';
import type { Driver } from './driver.ts';
import type { LogTail } from './log-tail.ts';
import { probeStatus } from './page-probe.ts';
import { childPath } from './pnpm.ts';
import { findFreePort } from './port.ts';
import type { LaunchOutcome } from './supervisor.ts';

const POLL_MS = 25;
const SLOW_POLL_MS = 250;

/** How much a published server may take, and how long; tests shorten them. */
export interface SiteServerLimits {
  /** Of the process and all it starts, in MiB. Beyond it is started anew. Its heap alone gets three quarters. */
  memoryMb: number;
  memoryEveryMs: number;
  readyTimeoutMs: number;
  /** How long a server that answers with errors only is given to change its mind. */
  badAnswerMs: number;
}

export const siteServerLimits: SiteServerLimits = { memoryMb: 512, memoryEveryMs: 5_000, readyTimeoutMs: 30_000, badAnswerMs: 5_000 };

/** A release that runs. */
export interface SiteProgram {
  /** Absolute; read-only for the server. */
  appFolder: string;
  /** Node's arguments; the program's file is relative to `appFolder`. */
  args: readonly string[];
  /** Absolute; what it keeps there outlives the release. Its working directory, when `worksInData`. */
  dataFolder: string;
  worksInData: boolean;
  /** Variables of the project's own. */
  env: Readonly<Record<string, string>>;
  /** Host under which browsers see the site. */
  publicHost: string;
}

export interface SiteLaunch {
  driver: Driver;
  storeDir: string;
  limits: SiteServerLimits;
  projectId: string;
  program: SiteProgram;
  port: number | null;
  signal: AbortSignal;
  tail: LogTail;
}

/**
 * Starts a published server on a loopback port and waits until it answers `GET /` from there with anything but an error of
 * its own (5xx). A child that does not get there is stopped.
 *
 * @throws The signal's reason when aborted; the child is gone by then.
 */
export async function launchSiteServer(launch: SiteLaunch): Promise<LaunchOutcome> {
  const { driver, limits, tail } = launch;
  const port = await findFreePort(launch.port);
  const child = await spawnSiteServer(launch, port);
  if (child.process.stdout) tail.follow(child.process.stdout);
  if (child.process.stderr) tail.follow(child.process.stderr);
  const ended = new AbortController();
  const until = AbortSignal.any([launch.signal, AbortSignal.timeout(limits.readyTimeoutMs), ended.signal]);
  try {
    const first = await Promise.race([
      child.exited.then(({ exitCode }) => ({ state: 'exited' as const, exitCode })),
      waitForAnswer({ driver, child, port, host: launch.program.publicHost, badAnswerMs: limits.badAnswerMs }, until),
    ]);
    if (first.state === 'running') {
      watchMemory(launch, child);
      return { state: 'running', port, pid: child.process.pid as number, child };
    }
    await child.stop();
    launch.signal.throwIfAborted();
    return { ...first, logTail: tail.last(50).join('\n') };
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    ended.abort();
  }
}

async function spawnSiteServer({ driver, storeDir, limits, projectId, program }: SiteLaunch, port: number): Promise<SpawnedChild> {
  const { appFolder, dataFolder } = program;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  return driver.spawnChild({
    projectId,
    kind: 'site',
    file: process.execPath,
    args: program.args.map((arg, index) => (index === fileIndex(program.args) ? `${appFolder}/${arg}` : arg)),
    cwd: program.worksInData ? dataFolder : appFolder,
    env: {
      ...program.env,
      PATH: childPath(),
      HOME: dataFolder,
      DATA_DIR: dataFolder,
      LANG: 'C.UTF-8',
      NODE_ENV: 'production',
      NODE_OPTIONS: `--max-old-space-size=${Math.floor(limits.memoryMb * 0.75)}`,
      HOST: '127.0.0.1',
      PORT: String(port),
    },
    writable: [dataFolder],
    readable: [appFolder, storeDir],
  });
}

/** The first argument that is no option of Node's. */
export function fileIndex(args: readonly string[]): number {
  return args.findIndex((arg) => !arg.startsWith('-'));
}

interface Awaited {
  driver: Driver;
  child: SpawnedChild;
  port: number;
  host: string;
  badAnswerMs: number;
}

async function waitForAnswer(
  { driver, child, port, host, badAnswerMs }: Awaited,
  signal: AbortSignal,
): Promise<{ state: 'running' } | { state: 'timeout'; lastStatus: number | undefined }> {
  const startedMs = performance.now();
  let isOurs = false;
  let lastStatus: number | undefined;
  let firstBadMs: number | undefined;
  while (!signal.aborted) {
    const status = await probeStatus(port, host, { method: 'GET', timeoutMs: 10_000, signal });
    // An answer counts only from a port that this very child listens on.
    if (status !== undefined) isOurs ||= driver.listeningPorts(child)?.includes(port) ?? true;
    if (status !== undefined && isOurs) {
      if (status < 500) return { state: 'running' };
      lastStatus = status;
      firstBadMs ??= performance.now();
      if (performance.now() - firstBadMs > badAnswerMs) break;
    }
    await delay(performance.now() - startedMs < 3_000 ? POLL_MS : SLOW_POLL_MS, undefined, { signal }).catch(() => {});
  }
  return { state: 'timeout', lastStatus };
}

/** Ends a server that takes more than it may; its supervisor starts it anew. */
function watchMemory({ driver, limits, tail }: SiteLaunch, child: SpawnedChild): void {
  const timer = setInterval(() => {
    if ((driver.memoryBytes(child) ?? 0) <= limits.memoryMb * 1024 * 1024) return;
    clearInterval(timer);
    tail.note(`The site used more than ${limits.memoryMb} MB of memory and was ended.`);
    void child.stop(500);
  }, limits.memoryEveryMs);
  timer.unref();
  void child.exited.then(() => clearInterval(timer));
}
