import type { Clock } from '#server/clock.ts';
import type { Db, Sqlite, Tx } from '#server/db/open.ts';
import type { QueueJob } from '#server/db/schema.ts';
import type { Log } from '#server/log.ts';
import type { LogLine } from './attempt-log.ts';
import type { AttemptView } from './attempts.ts';
import type { CancelResult, ProjectJobsFilter } from './cancel.ts';
import { createEngine } from './create-engine.ts';
import type { EnqueueInput, Enqueued } from './enqueue.ts';
import type { JobChange, JobLogLine } from './engine.ts';
import type { JobDefinition } from './job.ts';
import { jobActions } from './job-actions.ts';
import { lifeCycle } from './life-cycle.ts';
import type { JobFilter } from './list.ts';
import { createPump } from './pump.ts';
import type { Retention } from './prune.ts';
import type { Recovery, UnlockResult } from './recovery.ts';
import type { RetryResult } from './revive.ts';
import { createSchedules } from './schedules.ts';
import type { Schedule } from './schedules.ts';
import type { QueueSettingsPatch } from './settings.ts';
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
  /** Recurring jobs. Their rows are made at the first turn of the pump; one that is no longer listed just stops. */
  schedules?: readonly Schedule[];
  /**
   * Called soon after a change is committed, never for one that was rolled back. A job that changes twice between two turns of
   * the pump may be told once, with its latest state. Must not throw or block.
   */
  onChange?(change: JobChange): void;
  /** Called with each line that a running attempt logs, at once, whether or not its end will be committed. Must not throw or block. */
  onLog?(line: JobLogLine): void;
  /** Called when attempts have ended and, for now, nothing runs and nothing is due. Must not throw or block. */
  onLull?(): void;
  /** Timers, for tests that own the time. */
  setAlarm?: SetAlarm;
  /** In [0, 1), for tests of the retry delay. */
  random?(): number;
}

/** An attempt whose handler runs in this process. */
export interface JobInFlight {
  jobId: string;
  projectId: string | null;
  type: string;
  startedAtMs: number;
}

/** Durable jobs on one SQLite table. */
export interface Queue {
  /**
   * Adds a job, or finds the live one with the same `dedupeKey`. All of it commits or rolls back with the caller's
   * transaction; the pump wakes, and `onChange` hears of it, after the commit. In a transaction of its own, while there is room, the
   * job is claimed by the same commit, and its handler begins when the caller's code yields.
   *
   * @param tx The caller's transaction, or `db` for one of its own.
   * @throws RangeError when the payload is larger than 64 KiB of JSON.
   * @throws SqliteError when the disk is full or the database busy; nothing is written then.
   */
  enqueue(tx: Db | Tx, input: EnqueueInput): Enqueued;
  /** Adds all of them, or, when it throws, none; in one transaction, which a caller's own may enclose. */
  enqueueMany(tx: Db | Tx, inputs: readonly EnqueueInput[]): Enqueued[];
  /**
   * Adds a job together with all others that are asked for in the same turn of the event loop, in one commit: a burst costs one
   * sync of the disk. Not for use inside a transaction.
   *
   * @returns once it is committed; its handler may have begun by then. Rejects, and nothing was added, when the payload is too large or the commit failed.
   */
  enqueueAsync(input: EnqueueInput): Promise<Enqueued>;
  /**
   * Takes back what a dead host left running: to queued; to failed with a reason when that was the last attempt; to cancelled
   * when that had been asked for. Its attempts end as `lost`, and a row of `queue_recoveries` says what was done. Call it at boot
   * under the host lock, before `start`.
   */
  recover(): Recovery;
  start(): void;
  /**
   * Claims nothing more, aborts every attempt's signal (`shutdown`), and waits until the handlers have ended or `graceMs` is
   * over. Whatever has not ended by then goes back to queued. No attempt is charged.
   */
  stop(graceMs: number): Promise<void>;
  /** Ends a queued job at once; tells a running one to end. Whichever is committed first, this or the job's own end, stands. */
  cancel(jobId: string): CancelResult;
  /** Cancels the queued jobs of a project and asks the running one to end, together with the caller's transaction. */
  cancelProjectJobs(tx: Db | Tx, projectId: string, filter?: ProjectJobsFilter): { cancelled: number; cancelling: number };
  /** Gives a failed or cancelled job all its attempts again, due at once. */
  retry(jobId: string): RetryResult;
  /**
   * Takes a running job back from its handler: the handler's signal aborts (`fence_lost`), what it still does counts for nothing,
   * and the job waits again with the attempt charged. It starts when the old handler has ended, or has ignored its signal for 30 s.
   */
  unlock(jobId: string): UnlockResult;
  /** Makes a queued job due at once. False when it is not queued. */
  runNow(jobId: string): boolean;
  /** Deletes a finished job with its attempts. False when there is none. */
  remove(jobId: string): boolean;
  find(jobId: string): QueueJob | undefined;
  /** A page of jobs, newest first. */
  list(filter?: JobFilter): { jobs: QueueJob[]; nextCursor: string | undefined };
  /** Every attempt of the job that is kept, oldest first, each with the log it ended with. */
  attempts(jobId: string): AttemptView[];
  /** The last 200 lines of the attempt that runs now; empty when none does. */
  liveLog(jobId: string): readonly LogLine[];
  /** What runs in this process, in the order it began. */
  inFlight(): JobInFlight[];
  /**
   * Deletes finished jobs beyond the retention (14 days and 100 000 unless said), oldest first, in small transactions between
   * which others have their turn; and the charts' minutes after 8 days.
   *
   * @returns how many jobs it deleted.
   */
  prune(retention?: Partial<Retention>, signal?: AbortSignal): Promise<number>;
  settings(): { paused: boolean; concurrency: number };
  /**
   * Stored, and in force at once: pausing stops claims and lets running attempts end, as does a lower concurrency.
   *
   * @throws RangeError when `concurrency` is not a whole number from 1 to 100.
   */
  updateSettings(patch: QueueSettingsPatch): { paused: boolean; concurrency: number };
  /** From the counters: microseconds at any size. */
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
 *                 │ │  └── host died, unlock, lease ran out: ──┘ │ │ │
 *                 │ │      attempts left                         │ │ │
 *                 │ └── cancel ──► cancelled ◄── cancel asked ───┘ │ │
 *                 │                    │         and then ended    │ │
 *                 ├── retry ───────────┘                           │ │
 *                 └── retry ── failed ◄── giveUp, attempts spent ──┘ │
 *                              succeeded ◄── done, `after` commits ──┘
 *
 * `succeeded`, `failed` and `cancelled` are final but for an explicit `retry`; reaching one frees the dedupe key, or hands it to the
 * successor that waits for it. A cancel of a running job is first a mark, `cancel_requested_at`: once that is committed the job can
 * only end as cancelled.
 *
 * An addition in a transaction of its own is claimed by the same commit where there is room: `queued` is then never seen in the file.
 * The attempt's end writes its row of `queue_job_attempts`, in the transaction that moves the job. Until then the job's row says all of
 * it, but for a log, which is saved with each renewal of the lease.
 * Counters follow the rows by trigger; minutes are written by the tick.
 *
 * Order: priority descending, `run_at`, insertion; one job of a project at a time, and no more of a type than its definition says.
 *
 * @throws TypeError when a schedule's expression cannot be read.
 */
export function createQueue(options: QueueOptions): Queue {
  const engine = createEngine(options);
  const schedules = createSchedules(engine, options.schedules ?? []);
  const pump = createPump(engine, schedules, { onChange: () => {}, onLull: () => {}, ...options });
  const { flushAdds, ...actions } = jobActions(engine, pump);
  return { ...actions, ...lifeCycle(engine, pump, flushAdds) };
}
