import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#server/clock.ts';
import type { Log } from '#server/log.ts';
import type { SpawnedChild } from '#server/spawn.ts';
import { launchDevServer } from './dev-server.ts';
import type { DevServerLimits, LaunchOutcome } from './dev-server.ts';
import type { Driver } from './driver.ts';
import type { LogTail } from './log-tail.ts';
import { probeLife } from './page-probe.ts';

/** When a dev server that was up is restarted, and when not. */
export interface RestartPolicy {
  maxRestarts: number;
  windowMs: number;
  /** The first pause; it doubles with each failure in the window, up to 16 times. */
  backoffMs: number;
  /** How often, how long and how many times in a row an unanswered probe makes a hang. */
  probeEveryMs: number;
  probeTimeoutMs: number;
  probeFailures: number;
}

export const restartPolicy: RestartPolicy = {
  maxRestarts: 5,
  windowMs: 10 * 60_000,
  backoffMs: 500,
  probeEveryMs: 10_000,
  probeTimeoutMs: 8_000,
  probeFailures: 2,
};

export interface StartInput {
  projectId: string;
  projectDir: string;
  /** Preferred loopback port: the last one. */
  port: number | null;
  /** Host (with port, if any) under which browsers see the site: `<slug>.preview.localhost:4321`. */
  publicHost: string;
  signal: AbortSignal;
  onLog(line: string): void;
  /** The server died or hung after it had been running. `isRestarting`: another one is being started. */
  onExit(exit: { exitCode: number | null; signal: string | null; isRestarting: boolean }): void;
  /** A restarted server answers, perhaps on another port. */
  onRestarted?(server: { port: number; pid: number }): void;
  /** It died too often; nothing runs any more. `logTail`: the last 50 lines. */
  onGaveUp?(failure: { logTail: string }): void;
}

export type StartOutcome =
  | { state: 'running'; port: number; pid: number }
  | { state: 'exited'; exitCode: number | null; logTail: string }
  | { state: 'timeout'; logTail: string; lastStatus: number | undefined };

/** One project's dev server, from its first good answer until it is stopped or given up. */
export interface SupervisedServer {
  /** Undefined while it is being restarted. */
  current(): { port: number; pid: number } | undefined;
  restarts(): number;
  readonly startedAtMs: number;
  /** Resolves when nothing runs any more: stopped or given up. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  driver: Driver;
  storeDir: string;
  clock: Clock;
  log: Log;
  limits: DevServerLimits;
  policy: RestartPolicy;
}

/** Starts a dev server and, once it is up, watches it: an exit is noticed at once, a hang by probes. */
export async function superviseDevServer(
  options: SupervisorOptions,
  input: StartInput,
  tail: LogTail,
): Promise<{ outcome: StartOutcome; server?: SupervisedServer }> {
  const launch = (port: number | null, signal: AbortSignal) =>
    launchDevServer(options.driver, options.limits, { ...input, port, signal, tail, storeDir: options.storeDir });
  const first = await launch(input.port, input.signal);
  if (first.state !== 'running') return { outcome: first };

  const watched = watch(options, input, tail, first, launch);
  return { outcome: { state: 'running', port: first.port, pid: first.pid }, server: watched };
}

type Running = Extract<LaunchOutcome, { state: 'running' }>;

function watch(
  options: SupervisorOptions,
  input: StartInput,
  tail: LogTail,
  first: Running,
  launch: (port: number | null, signal: AbortSignal) => Promise<LaunchOutcome>,
): SupervisedServer {
  const stopping = new AbortController();
  const failuresMs: number[] = [];
  let running: Running | undefined = first;
  let restarts = 0;

  /** Counts a failure. False when there were too many within the window. */
  function mayRestart(): boolean {
    const nowMs = options.clock.now();
    failuresMs.push(nowMs);
    while ((failuresMs[0] ?? nowMs) < nowMs - options.policy.windowMs) failuresMs.shift();
    return failuresMs.length <= options.policy.maxRestarts;
  }

  async function startAgain(port: number): Promise<Running | undefined> {
    while (!stopping.signal.aborted) {
      const pauseMs = options.policy.backoffMs * 2 ** Math.min(failuresMs.length - 1, 4);
      await delay(pauseMs, undefined, { signal: stopping.signal });
      const outcome = await launch(port, stopping.signal);
      if (outcome.state === 'running') return outcome;
      if (!mayRestart()) return undefined;
    }
    return undefined;
  }

  async function run(): Promise<void> {
    while (running) {
      const { child, port } = running;
      const exit = await exitOrHang(options, input, child, port, tail, stopping.signal);
      running = undefined;
      if (stopping.signal.aborted) return;
      const isRestarting = mayRestart();
      options.log.warn({ projectId: input.projectId, ...exit, isRestarting }, 'dev server ended');
      input.onExit({ ...exit, isRestarting });
      running = isRestarting ? await startAgain(port) : undefined;
      if (stopping.signal.aborted) return;
      if (!running) return input.onGaveUp?.({ logTail: tail.last(50).join('\n') });
      restarts += 1;
      input.onRestarted?.({ port: running.port, pid: running.pid });
    }
  }

  const ended = run().catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    options.log.error({ projectId: input.projectId, err: error }, 'supervising a dev server failed');
    input.onGaveUp?.({ logTail: tail.last(50).join('\n') });
  });
  return {
    current: () => (running ? { port: running.port, pid: running.pid } : undefined),
    restarts: () => restarts,
    startedAtMs: options.clock.now(),
    ended,
    async stop() {
      const child = running?.child;
      stopping.abort();
      await child?.stop();
      await ended;
    },
  };
}

/** Resolves when the child has exited, by itself or because it stopped answering and was killed. */
async function exitOrHang(
  options: SupervisorOptions,
  input: StartInput,
  child: SpawnedChild,
  port: number,
  tail: LogTail,
  stopping: AbortSignal,
): Promise<Awaited<SpawnedChild['exited']>> {
  const { probeEveryMs, probeTimeoutMs, probeFailures } = options.policy;
  const ended = new AbortController();
  const until = AbortSignal.any([ended.signal, stopping]);
  void (async () => {
    for (let failures = 0; !until.aborted;) {
      await delay(probeEveryMs, undefined, { signal: until, ref: false });
      failures = (await probeLife(port, input.publicHost, probeTimeoutMs)) ? 0 : failures + 1;
      if (failures < probeFailures || until.aborted) continue;
      tail.note('The dev server stopped answering and is being restarted.');
      return child.stop(500);
    }
  })().catch(() => {});
  return child.exited.finally(() => ended.abort());
}
