import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#server/clock.ts';
import type { Log } from '#server/log.ts';
import type { SpawnedChild } from '#server/spawn.ts';
import type { LogTail } from './log-tail.ts';

/** When a server that was up is restarted, and when not. */
export interface RestartPolicy {
  maxRestarts: number;
  windowMs: number;
  /** The first pause; it doubles with each failure in the window, that many times at most. */
  backoffMs: number;
  doublings: number;
  /** How often, how long and how many times in a row an unanswered probe makes a hang. */
  probeEveryMs: number;
  probeTimeoutMs: number;
  probeFailures: number;
}

export const restartPolicy: RestartPolicy = {
  maxRestarts: 5,
  windowMs: 10 * 60_000,
  backoffMs: 500,
  doublings: 4,
  probeEveryMs: 10_000,
  probeTimeoutMs: 8_000,
  probeFailures: 2,
};

/** What a supervisor is told, and whom it tells. */
export interface Watched {
  projectId: string;
  /** Preferred loopback port: the last one. */
  port: number | null;
  /** Ends the first start. */
  signal: AbortSignal;
  /** The server died or hung after it had been running. `isRestarting`: another one is being started. */
  onExit(exit: { exitCode: number | null; signal: string | null; isRestarting: boolean }): void;
  /** A restarted server answers, perhaps on another port. */
  onRestarted?(server: { port: number; pid: number }): void;
  /** It died, or did not come back: so many times within the window of the policy. */
  onFailure?(failure: { count: number; logTail: string }): void;
  /** It died too often; nothing runs any more. `logTail`: the last 50 lines. */
  onGaveUp?(failure: { logTail: string }): void;
}

/** How one try to start ended. `timeout.lastStatus` is what the server answered to `GET /` meanwhile, if anything. */
export type LaunchOutcome =
  | { state: 'running'; port: number; pid: number; child: SpawnedChild }
  | { state: 'exited'; exitCode: number | null; logTail: string }
  | { state: 'timeout'; logTail: string; lastStatus: number | undefined };

export type StartOutcome = { state: 'running'; port: number; pid: number } | Exclude<LaunchOutcome, { state: 'running' }>;

/** One server, from its first good answer until it is stopped or given up. */
export interface SupervisedServer {
  /** Undefined while it is being restarted. */
  current(): { port: number; pid: number } | undefined;
  restarts(): number;
  readonly startedAtMs: number;
  /** Resolves when nothing runs any more: stopped or given up. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** What kind of server it is: how it starts, and how one knows that it lives. */
export interface SupervisedKind {
  /** For logs and log lines: "dev server". */
  name: string;
  launch(port: number | null, signal: AbortSignal): Promise<LaunchOutcome>;
  /** Whether its event loop turns. */
  isAlive(port: number, timeoutMs: number): Promise<boolean>;
}

export interface SupervisorOptions {
  clock: Clock;
  log: Log;
  policy: RestartPolicy;
}

/** Starts a server and, once it is up, watches it: an exit is noticed at once, a hang by probes. */
export async function supervise(
  options: SupervisorOptions,
  kind: SupervisedKind,
  input: Watched,
  tail: LogTail,
): Promise<{ outcome: StartOutcome; server?: SupervisedServer }> {
  const first = await kind.launch(input.port, input.signal);
  if (first.state !== 'running') return { outcome: first };
  return { outcome: { state: 'running', port: first.port, pid: first.pid }, server: watch(options, kind, input, tail, first) };
}

type Running = Extract<LaunchOutcome, { state: 'running' }>;

function watch(options: SupervisorOptions, kind: SupervisedKind, input: Watched, tail: LogTail, first: Running): SupervisedServer {
  const stopping = new AbortController();
  const failuresMs: number[] = [];
  let running: Running | undefined = first;
  let restarts = 0;

  /** Counts a failure. False when there were too many within the window. */
  function mayRestart(): boolean {
    const nowMs = options.clock.now();
    failuresMs.push(nowMs);
    while ((failuresMs[0] ?? nowMs) < nowMs - options.policy.windowMs) failuresMs.shift();
    input.onFailure?.({ count: failuresMs.length, logTail: tail.last(50).join('\n') });
    return failuresMs.length <= options.policy.maxRestarts;
  }

  async function startAgain(port: number): Promise<Running | undefined> {
    while (!stopping.signal.aborted) {
      const pauseMs = options.policy.backoffMs * 2 ** Math.min(failuresMs.length - 1, options.policy.doublings);
      await delay(pauseMs, undefined, { signal: stopping.signal });
      const outcome = await kind.launch(port, stopping.signal);
      if (outcome.state === 'running') return outcome;
      if (!mayRestart()) return undefined;
    }
    return undefined;
  }

  async function run(): Promise<void> {
    while (running) {
      const { child, port } = running;
      const exit = await exitOrHang(options.policy, kind, { child, port }, tail, stopping.signal);
      running = undefined;
      if (stopping.signal.aborted) return;
      const isRestarting = mayRestart();
      options.log.warn({ projectId: input.projectId, ...exit, isRestarting }, `${kind.name} ended`);
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
    options.log.error({ projectId: input.projectId, err: error }, `supervising a ${kind.name} failed`);
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
  { probeEveryMs, probeTimeoutMs, probeFailures }: RestartPolicy,
  kind: SupervisedKind,
  { child, port }: { child: SpawnedChild; port: number },
  tail: LogTail,
  stopping: AbortSignal,
): Promise<Awaited<SpawnedChild['exited']>> {
  const ended = new AbortController();
  const until = AbortSignal.any([ended.signal, stopping]);
  void (async () => {
    for (let failures = 0; !until.aborted;) {
      await delay(probeEveryMs, undefined, { signal: until, ref: false });
      failures = (await kind.isAlive(port, probeTimeoutMs)) ? 0 : failures + 1;
      if (failures < probeFailures || until.aborted) continue;
      tail.note(`The ${kind.name} stopped answering and is being restarted.`);
      return child.stop(500);
    }
  })().catch(() => {});
  return child.exited.finally(() => ended.abort());
}
