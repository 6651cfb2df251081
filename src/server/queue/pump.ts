import type { Engine, JobChange } from './engine.ts';
import { launch } from './flight.ts';
import type { ClaimedJob, Flight, Settlement } from './flight.ts';
import { changeOf, recoverExpired } from './recovery.ts';
import type { Schedules } from './schedules.ts';
import type { Finished } from './settle.ts';
import { runTick, stillFlying } from './tick.ts';
import type { TickResult } from './tick.ts';
import { wholeSecond } from './timing.ts';
import { createTouched } from './touched.ts';

/** The longest the pump sleeps: it then looks whether the clock jumped, a wake was missed, or a lease needs renewing. Idle, it only reads. */
const SAFETY_MS = 5_000;
const SWEEP_MS = 30_000;
const FAULT_BACKOFF_MS = 250;

/** The part of the queue that runs by itself. It takes a turn when woken, when a job falls due, and every 5 s. */
export interface Pump {
  /** Looks for work as soon as the current call stack, and with it any transaction of a caller, is over. */
  wake(): void;
  /**
   * Wakes because these rows changed, in a transaction that may yet be rolled back. What was committed is announced; attempts
   * whose cancel was committed, or that no longer hold their row, are aborted.
   */
  touch(change: 'queued' | 'cancelled', jobIds: readonly string[]): void;
  /** Wakes because these jobs were added by a commit that is done; they are announced before anything else that becomes of them. */
  added(changes: readonly JobChange[]): void;
  /**
   * Commits an addition together with a turn, so that a job that can start at once has been claimed when it is there: one sync
   * of the disk instead of two before its handler begins, which is soon after.
   *
   * @returns Undefined when nothing was added: inside a caller's transaction, without room for a job, or when the turn failed.
   * @throws what `add` throws.
   */
  commitWithTurn<T extends object>(add: () => T): T | undefined;
  /** Announces changes that are committed already. */
  announce(changes: readonly JobChange[]): void;
  start(): void;
  stop(graceMs: number): Promise<void>;
  /** Resolves when nothing is in flight and nothing is claimable before some job's time comes. */
  whenIdle(): Promise<void>;
  /** The attempts whose handler runs. */
  flights(): Flight[];
}

interface PumpListeners {
  onChange(change: JobChange): void;
  onLull(): void;
}

export function createPump(engine: Engine, schedules: Schedules, { onChange, onLull }: PumpListeners): Pump {
  const { clock, log, setAlarm, statements } = engine;
  const flights = new Map<string, Flight>();
  const touched = createTouched(engine);
  const additions: JobChange[] = [];
  /** Of a turn that is committed and has not been acted upon. */
  let ahead: TickResult | undefined;
  /** Listeners are told, handlers begin: what they add waits for the next turn, which knows of all that is in flight. */
  let acting = false;
  const waiters: { quiet: () => boolean; resolve: () => void }[] = [];
  let finished: Finished[] = [];
  let state: 'new' | 'started' | 'stopping' | 'closed' = 'new';
  let soon: NodeJS.Immediate | undefined;
  let silence = () => {};
  let faults = 0;
  let leasesRenewedAtMs = 0;
  let sweptAtMs = clock.now();
  let stopped: Promise<void> | undefined;

  function wake(): void {
    if (state !== 'closed') soon ??= setImmediate(takeTurn);
  }

  function touch(change: 'queued' | 'cancelled', jobIds: readonly string[]): void {
    touched.add(change, jobIds);
    if (jobIds.length > 0) wake();
  }

  function added(changes: readonly JobChange[]): void {
    for (const change of changes) additions.push(change);
    if (changes.length > 0) wake();
  }

  function announce(changes: readonly JobChange[]): void {
    for (const change of changes) {
      try {
        onChange(change);
      } catch (error) {
        log.error({ err: error, ...change }, 'a listener of the queue failed');
      }
    }
  }

  function takeTurn(): void {
    soon = undefined;
    let again = SAFETY_MS;
    try {
      act(() => {
        actUponAhead();
        if (!touched.tell(flights, announce)) wake();
        if (state !== 'new') again = tick();
      });
      faults = 0;
    } catch (error) {
      again = Math.min(SAFETY_MS, FAULT_BACKOFF_MS * 2 ** faults++);
      log.error({ err: error, retryInMs: again }, 'the queue could not reach its database');
    }
    silence();
    if (state === 'started' || state === 'stopping') silence = setAlarm(again, wake);
    resolveQuietWaiters();
  }

  /** Returns how long the pump may sleep. */
  function tick(): number {
    const nowMs = clock.now();
    sweep(nowMs);
    const result = commitTurn(nowMs);
    if (result) {
      actUpon(result);
      if (flights.size === 0 && !soon) onLull();
    }
    return sleepMs(nowMs);
  }

  function commitTurn(nowMs: number, first?: () => void): TickResult | undefined {
    const result = runTick(engine, schedules, { nowMs, flights, finished, leasesRenewedAtMs, claiming: state === 'started', first });
    if (!result) return undefined;
    for (const { flight } of finished) flights.delete(flight.job.id);
    finished = [];
    if (result.renewed || flights.size === 0) leasesRenewedAtMs = nowMs;
    return result;
  }

  function commitWithTurn<T extends object>(add: () => T): T | undefined {
    const { paused, concurrency } = engine.settings;
    const hasRoom = !paused && flights.size - finished.length < concurrency;
    if (state !== 'started' || !hasRoom || acting || ahead || faults > 0 || engine.sqlite.inTransaction) return undefined;
    let added: T | undefined;
    try {
      ahead = commitTurn(clock.now(), () => (added = add()));
      // When the caller's own code is through, and before anything else comes in.
      queueMicrotask(() => act(actUponAhead));
      return added;
    } catch (error) {
      if (!added) throw error;
      log.error({ err: error }, 'a turn of the queue failed');
      return undefined;
    } finally {
      wake();
    }
  }

  function act(work: () => void): void {
    acting = true;
    try {
      work();
    } finally {
      acting = false;
    }
  }

  function actUponAhead(): void {
    announce(additions.splice(0));
    const result = ahead;
    ahead = undefined;
    if (result) actUpon(result);
  }

  function actUpon(result: TickResult): void {
    for (const flight of result.lost) flight.abort('fence_lost');
    // What a turn had no time to look at is older than this.
    touched.forget(result.changes.map(({ jobId }) => jobId));
    announce(result.changes);
    for (const job of result.claimed) takeOff(job);
    if (result.more) wake();
  }

  function takeOff(job: ClaimedJob): void {
    const change = { jobId: job.id, type: job.type, projectId: job.projectId };
    const { change: before, row } = touched.take(job.id);
    if (before === 'queued') announce([{ ...change, state: 'queued' }]);
    if (row && !(row.state === 'running' && row.attempts === job.attempt)) return announce([changeOf(row)]);
    announce([{ ...change, state: 'running' }]);
    const ended = (flight: Flight, settlement: Settlement) => {
      finished.push({ flight, settlement, atMs: clock.now() });
      wake();
    };
    flights.set(job.id, launch(engine, job, ended, row?.cancelRequested ? 'cancelled' : undefined));
  }

  function sweep(nowMs: number): void {
    if (nowMs >= sweptAtMs && nowMs - sweptAtMs < SWEEP_MS) return;
    announce(recoverExpired(engine, flights));
    sweptAtMs = nowMs;
  }

  function sleepMs(nowMs: number): number {
    if (state !== 'started') return SAFETY_MS;
    const { paused, concurrency } = engine.settings;
    const runAt = paused || flights.size >= concurrency ? null : statements.nextRunAt.get(wholeSecond(nowMs))!.runAt;
    const nextMs = Math.min(schedules.nextMs() ?? Infinity, runAt === null ? Infinity : runAt * 1000);
    return Math.min(SAFETY_MS, Math.max(0, nextMs - nowMs));
  }

  function resolveQuietWaiters(): void {
    for (const waiter of waiters.filter(({ quiet }) => quiet())) {
      waiters.splice(waiters.indexOf(waiter), 1);
      waiter.resolve();
    }
  }

  function when(quiet: () => boolean): Promise<void> {
    return quiet() ? Promise.resolve() : new Promise((resolve) => waiters.push({ quiet, resolve }));
  }

  async function stopNow(graceMs: number): Promise<void> {
    if (state === 'started') state = 'stopping';
    act(actUponAhead);
    for (const flight of flights.values()) flight.abort('shutdown');
    wake();
    let hush = () => {};
    const grace = new Promise<void>((resolve) => (hush = setAlarm(graceMs, resolve)));
    await Promise.race([when(() => flights.size === 0 && !soon), grace]);
    hush();
    close();
  }

  function close(): void {
    const wasRunning = state === 'stopping';
    state = 'closed';
    silence();
    clearImmediate(soon);
    soon = undefined;
    if (wasRunning) release();
    for (const flight of flights.values()) flight.dispose();
    flights.clear();
    finished = [];
    resolveQuietWaiters();
  }

  /** Writes what ended since the last turn and gives the rest back, uncharged. What fails here is left to the next boot. */
  function release(): void {
    const rest = stillFlying({ flights, finished });
    for (const flight of rest) finished.push({ flight, settlement: { outcome: 'released' }, atMs: clock.now() });
    try {
      const nowMs = clock.now();
      const result = runTick(engine, schedules, { nowMs, flights, finished, leasesRenewedAtMs: nowMs, claiming: false });
      announce(result?.changes ?? []);
      if (rest.length > 0) log.warn({ jobs: rest.map(({ job }) => job.id) }, 'jobs did not stop in time and were given back');
    } catch (error) {
      log.error({ err: error }, 'unfinished jobs could not be given back; the next start does it');
    }
  }

  return {
    wake,
    touch,
    added,
    commitWithTurn,
    announce,
    start() {
      if (state !== 'new') return;
      state = 'started';
      wake();
    },
    stop: (graceMs) => (stopped ??= stopNow(graceMs)),
    whenIdle: () => when(() => !soon && flights.size === 0 && faults === 0),
    flights: () => [...flights.values()],
  };
}
