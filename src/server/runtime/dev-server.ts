import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SpawnedChild } from '#server/spawn.ts';
import { devCommand } from './dev-command.ts';
import type { DevCommand } from './dev-command.ts';
import type { Driver } from './driver.ts';
import type { LogTail } from './log-tail.ts';
import { probePage } from './page-probe.ts';
import type { ProbeAnswer } from './page-probe.ts';
import { childPath } from './pnpm.ts';
import { findFreePort } from './port.ts';
import type { LaunchOutcome } from './supervisor.ts';

const POLL_MS = 40;
const OWNERSHIP_POLL_MS = 400;

/** How long things may take; tests shorten them. */
export interface DevServerLimits {
  /** Heap of the dev server, in MiB. The starter runs in 128 (with 64 it dies); a leak must not take the machine. */
  memoryMb: number;
  readyTimeoutMs: number;
  /** How long a server that answers, but not with a page, is given to change its mind. */
  badAnswerMs: number;
}

export const devServerLimits: DevServerLimits = { memoryMb: 1_024, readyTimeoutMs: 60_000, badAnswerMs: 10_000 };

export interface LaunchInput {
  projectId: string;
  projectDir: string;
  storeDir: string;
  /** Preferred loopback port: the last one. */
  port: number | null;
  /** Host (with port, if any) under which browsers see the site. */
  publicHost: string;
  signal: AbortSignal;
  tail: LogTail;
}

/**
 * Starts the workspace's own dev server in the foreground and waits until `GET /` answers well (see {@link DevCommand}), from a
 * port that this very child listens on. A child that does not get there is stopped.
 *
 * @throws The signal's reason when aborted; the child is gone by then.
 */
export async function launchDevServer(driver: Driver, limits: DevServerLimits, input: LaunchInput): Promise<LaunchOutcome> {
  const wanted = await findFreePort(input.port);
  // `.preview.localhost`: the server may be started before the name is known under which it will be seen.
  const siblings = input.publicHost.replace(/:\d+$/, '').replace(/^[^.]+/, '');
  const command = devCommand(join(input.projectDir, 'workspace'), wanted, siblings);
  const child = await spawnDevServer(driver, limits, input, command);
  const announced = watchAnnouncedPort(child);
  if (child.process.stdout) input.tail.follow(child.process.stdout);
  if (child.process.stderr) input.tail.follow(child.process.stderr);
  const given = AbortSignal.any([input.signal, AbortSignal.timeout(limits.readyTimeoutMs)]);
  const ended = new AbortController();
  try {
    const exited = child.exited.then((exit) => ({ state: 'exited' as const, exitCode: exit.exitCode }));
    const ready = waitForPage(
      { driver, child, wanted, announced, publicHost: input.publicHost, badAnswerMs: limits.badAnswerMs, accepts: command.accepts },
      AbortSignal.any([given, ended.signal]),
    );
    const first = await Promise.race([exited, ready]);
    if (first.state === 'running') return { state: 'running', port: first.port, pid: child.process.pid as number, child };
    await child.stop();
    input.signal.throwIfAborted();
    const logTail = input.tail.last(50).join('\n');
    return first.state === 'exited' ? { ...first, logTail } : { ...first, logTail };
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    ended.abort();
  }
}

async function spawnDevServer(driver: Driver, limits: DevServerLimits, input: LaunchInput, command: DevCommand): Promise<SpawnedChild> {
  const workspace = join(input.projectDir, 'workspace');
  const home = join(input.projectDir, 'home');
  await mkdir(home, { recursive: true, mode: 0o700 });
  return driver.spawnChild({
    projectId: input.projectId,
    kind: 'dev',
    file: process.execPath,
    args: command.args,
    cwd: workspace,
    env: {
      PATH: childPath(),
      HOME: home,
      LANG: 'C.UTF-8',
      NODE_ENV: 'development',
      NODE_OPTIONS: `--max-old-space-size=${limits.memoryMb}`,
      NO_COLOR: '1',
      ASTRO_TELEMETRY_DISABLED: '1',
      ASTRO_DISABLE_UPDATE_CHECK: 'true',
      // Keeps Astro from looking for a coding agent among its ancestors and going to the background (astro/dist/cli/dev).
      ASTRO_DEV_BACKGROUND: '1',
      ...command.env,
    },
    writable: [workspace, home],
    readable: existsSync(input.storeDir) ? [input.storeDir] : [],
  });
}

/** The port that the banner of Astro or Vite names. A hint only: the child can print what it likes. */
function watchAnnouncedPort(child: SpawnedChild): () => number | undefined {
  let port: number | undefined;
  let seen = '';
  child.process.stdout?.on('data', (text: string | Buffer) => {
    if (port !== undefined) return;
    seen = (seen + text.toString()).slice(-4_096);
    const match = /Local:?\s+https?:\/\/(?:127\.0\.0\.1|localhost):(\d{2,5})/.exec(seen);
    if (match) port = Number(match[1]);
  });
  return () => port;
}

interface Awaited {
  driver: Driver;
  child: SpawnedChild;
  wanted: number;
  announced: () => number | undefined;
  publicHost: string;
  badAnswerMs: number;
  accepts: DevCommand['accepts'];
}

async function waitForPage(
  input: Awaited,
  signal: AbortSignal,
): Promise<{ state: 'running'; port: number } | { state: 'timeout'; lastStatus: number | undefined }> {
  let lastStatus: number | undefined;
  let firstBadMs: number | undefined;
  let nextLookMs = 0;
  while (!signal.aborted) {
    if (input.announced() !== undefined || performance.now() >= nextLookMs) {
      nextLookMs = performance.now() + OWNERSHIP_POLL_MS;
      const port = ownPort(input);
      const answer = port === undefined ? undefined : await probePage(port, input.publicHost, 30_000, signal);
      if (port !== undefined && answer && isGood(answer, input.accepts)) return { state: 'running', port };
      if (answer?.state === 'alive') {
        lastStatus = answer.status;
        firstBadMs ??= performance.now();
        if (performance.now() - firstBadMs > input.badAnswerMs) break;
        await delay(OWNERSHIP_POLL_MS, undefined, { signal }).catch(() => {});
      }
    }
    await delay(POLL_MS, undefined, { signal }).catch(() => {});
  }
  return { state: 'timeout', lastStatus };
}

function isGood(answer: ProbeAnswer, accepts: DevCommand['accepts']): boolean {
  if (answer.state === 'silent') return false;
  return answer.state === 'page' || (accepts === 'anything' && answer.status >= 200 && answer.status < 300);
}

/** A port that the child itself listens on, so that an answer can't come from somebody else's server. */
function ownPort({ driver, child, wanted, announced }: Awaited): number | undefined {
  const listening = driver.listeningPorts(child);
  if (!listening) return announced();
  return [announced(), wanted].find((port) => port !== undefined && listening.includes(port)) ?? listening[0];
}
