import type { Clock } from '#server/clock.ts';
import type { Db, Sqlite, Tx } from '#server/db/open.ts';
import type { QueueJob } from '#server/db/schema.ts';
import type { Log } from '#server/log.ts';
import { cancelJob, cancelJobsOfProject } from './cancel.ts';
import type { CancelResult, ProjectJobsFilter } from './cancel.ts';
import { insertJob, isOneStatement } from './enqueue.ts';
import type { EnqueueInput } from './enqueue.ts';
import type { Engine, JobChange } from './engine.ts';
import type { JobDefinition } from './job.ts';
import { findJob, listJobs } from './list.ts';
import type { JobFilter } from './list.ts';
import { createPump } from './pump.ts';
import type { Pump } from './pump.ts';
import { recoverOthers } from './recovery.ts';
import type { Recovery } from './recovery.ts';
import { retryJob, runJobNow } from './revive.ts';
import type { RetryResult } from './revive.ts';
import { changeSettings, readSettings } from './settings.ts';
import type { QueueSettingsPatch } from './settings.ts';
import { prepareStatements } from './statements.ts';
import { timerAlarm } from './timing.ts';
import type { SetAlarm } from './timing.ts';

export interface QueueOptions {
  db: Db;
  /** The connection underneath `db`. */
  sqlite: Sqlite;
  clock: Clock;
  log: Log;
  /** Unique to this life of the host: a running row with another one belongs to a dead predecessor. */
  bootId: string;
  definitions: readonly JobDefinition[];
  /**
   * Called soon after a change is committed, never for one that was rolled back. A job that changes twice between two turns of
   * the pump may be told once, with its latest state. Must not throw or block.
   */
  onChange?(change: JobChange): void;
  /** Timers, for tests that own the time. */
  setAlarm?: SetAlarm;
  /** In [0, 1), for tests of the retry delay. */
  random?(): number;
}

/** Durable jobs on one SQLite table. */
export interface Queue {
  /**
   * Adds a job, or finds the live one with the same `dedupeKey`. All of it commits or rolls back with the caller's
   * transaction; the pump wakes, and `onChange` hears of it, after the commit.
   *
   * @param tx The caller's transaction, or `db` for one of its own.
   * @throws SqliteError when the disk is full or the database busy; nothing is written then.
   */
  enqueue(tx: Db | Tx, input: EnqueueInput): { jobId: string; inserted: boolean };
  /**
   * Takes back what a dead host left running: to queued; to failed with a reason when that was the last attempt; to cancelled
   * when that had been asked for. Call it at boot under the host lock, before `start`.
   */
  recover(): Recovery;
  start(): void;
  /**
   * Claims nothing more, aborts every attempt's signal (`shutdown`), and waits until the handlers have ended or `graceMs` is
   * over. Whatever has not ended by then goes back to queued. No attempt is charged.
   */
  stop(graceMs: number): Promise<void>;
  cancel(jobId: string): CancelResult;
  /** Cancels the queued jobs of a project and asks the running one to end, together with the caller's transaction. */
  cancelProjectJobs(tx: Db | Tx, projectId: string, filter?: ProjectJobsFilter): { cancelled: number; cancelling: number };
  /** Gives a failed or cancelled job all its attempts again, due at once. */
  retry(jobId: string): RetryResult;
  /** Makes a queued job due at once. False when it is not queued. */
  runNow(jobId: string): boolean;
  /** Deletes the row of a finished job. False when there is none. */
  remove(jobId: string): boolean;
  find(jobId: string): QueueJob | undefined;
  list(filter?: JobFilter): { jobs: QueueJob[]; nextCursor: string | undefined };
  settings(): { paused: boolean; concurrency: number };
  /**
   * Stored, and in force at once: pausing stops claims and lets running attempts end, as does a lower concurrency.
   *
   * @throws RangeError when `concurrency` is not a whole number from 1 to 100.
   */
  updateSettings(patch: QueueSettingsPatch): { paused: boolean; concurrency: number };
  /** Counts the queued rows in an index: milliseconds at 100 000 of them. */
  health(): { paused: boolean; concurrency: number; queued: number; running: number };
  /** For tests: nothing is in flight and nothing is claimable until some job's time comes. */
  whenIdle(): Promise<void>;
}

/**
 * Creates the queue on a migrated database. It does nothing until `start`.
 *
 * A job's row moves like this. Each arrow is one statement inside one transaction; those out of `running` carry the fence
 * (id, `running`, this boot, this attempt), so that an attempt which lost its job changes nothing.
 *
 *     enqueue ──► queued ──── claim: attempts + 1, lease ────► running
 *                 ▲ │  ▲                                       │ │ │ │
 *                 │ │  ├── threw, attempts left: backoff ──────┤ │ │ │
 *                 │ │  ├── retryLater, stop: attempts − 1 ─────┤ │ │ │
 *                 │ │  └── host died, attempts left: recover ──┘ │ │ │
 *                 │ └── cancel ──► cancelled ◄── cancel asked ───┘ │ │
 *                 │                    │         and then ended    │ │
 *                 ├── retry ───────────┘                           │ │
 *                 └── retry ── failed ◄── giveUp, attempts spent ──┘ │
 *                              succeeded ◄── done, `after` commits ──┘
 *
 * `succeeded`, `failed` and `cancelled` are final but for an explicit `retry`; reaching one frees the dedupe key. A cancel of
 * a running job is first a mark, `cancel_requested_at`: once that is committed the job can only end as cancelled.
 *
 * Order: priority descending, `run_at`, insertion; one job of a project at a time.
 */
export function createQueue(options: QueueOptions): Queue {
  const statements = prepareStatements(options.sqlite);
  const engine: Engine = {
    ...options,
    definitions: new Map(options.definitions.map((definition) => [definition.type, definition])),
    statements,
    setAlarm: options.setAlarm ?? timerAlarm,
    random: options.random ?? Math.random,
    settings: readSettings(statements),
  };
  const pump = createPump(engine, options.onChange ?? (() => {}));
  return { ...jobActions(engine, pump), ...lifeCycle(engine, pump) };
}

function jobActions(engine: Engine, pump: Pump) {
  // Nested in a caller's transaction it becomes a savepoint.
  const atomically = engine.sqlite.transaction((work: () => unknown) => work()).immediate as <T>(work: () => T) => T;
  const preempt = (job: { id: string; type: string; projectId: string | null }) => {
    const types = engine.definitions.get(job.type)?.preempts;
    if (!types || job.projectId === null) return;
    const { queued, running } = cancelJobsOfProject(engine, job.projectId, { types, exceptJobId: job.id });
    pump.touch('cancelled', [...queued, ...running]);
  };
  const insertAndPreempt = (input: EnqueueInput) => {
    const job = insertJob(engine, input);
    preempt({ id: job.jobId, type: input.type, projectId: input.projectId ?? null });
    return job;
  };
  return {
    enqueue(_tx: Db | Tx, input: EnqueueInput) {
      const job = isOneStatement(engine, input) ? insertJob(engine, input) : atomically(() => insertAndPreempt(input));
      if (job.inserted) pump.touch('queued', [job.jobId]);
      return job;
    },
    cancel(jobId: string) {
      const result = cancelJob(engine, jobId);
      if (result === 'cancelled' || result === 'cancelling') pump.touch('cancelled', [jobId]);
      return result;
    },
    cancelProjectJobs: (_tx: Db | Tx, projectId: string, filter: ProjectJobsFilter = {}) => {
      const { queued, running } = atomically(() => cancelJobsOfProject(engine, projectId, filter));
      pump.touch('cancelled', [...queued, ...running]);
      return { cancelled: queued.length, cancelling: running.length };
    },
    retry: (jobId: string) =>
      atomically(() => {
        const { result, job } = retryJob(engine, jobId);
        if (job) preempt(job);
        if (job) pump.touch('queued', [jobId]);
        return result;
      }),
    runNow(jobId: string) {
      const due = runJobNow(engine, jobId);
      if (due) pump.touch('queued', [jobId]);
      return due;
    },
    remove: (jobId: string) => engine.statements.remove.run(jobId).changes === 1,
    find: (jobId: string) => findJob(engine.db, jobId),
    list: (filter: JobFilter = {}) => listJobs(engine.db, filter),
  };
}

function lifeCycle(engine: Engine, pump: Pump) {
  return {
    recover() {
      const { recovery, changes } = recoverOthers(engine);
      pump.announce(changes);
      if (changes.length > 0) engine.log.warn({ ...recovery }, 'took back the jobs of a host that died');
      pump.wake();
      return recovery;
    },
    start: () => pump.start(),
    stop: (graceMs: number) => pump.stop(graceMs),
    settings: () => ({ ...engine.settings }),
    updateSettings(patch: QueueSettingsPatch) {
      engine.settings = changeSettings(engine, patch);
      pump.wake();
      return { ...engine.settings };
    },
    health: () => ({ ...engine.settings, queued: engine.statements.countQueued.get()!.count, running: pump.inFlight() }),
    whenIdle: () => pump.whenIdle(),
  };
}
