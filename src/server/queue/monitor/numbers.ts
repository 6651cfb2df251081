import type { JobState } from '../statements.ts';
import { countByState, readCounts } from './counts.ts';
import type { Prepare } from './job-source.ts';

/** A count that stops: `atLeast` says that there are more. */
export interface Capped {
  count: number;
  atLeast: boolean;
}

/** What became of the jobs that a dead host left running. */
export interface LastRecovery {
  atMs: number;
  requeued: number;
  failed: number;
  cancelled: number;
  lost: number;
}

/** A job that comes by the clock. */
export interface RecurringJob {
  name: string;
  type: string;
  cron: string;
  nextAtMs: number;
  /** The last one it added; it may be deleted by now. */
  lastJobId: string | null;
}

export interface QueueNumbers {
  counts: Record<JobState, number>;
  total: number;
  /** Queued, and due for at least a minute. */
  late: Capped;
  /** Queued, and not due yet. */
  scheduled: Capped;
  /** The queued job that has been due the longest. */
  oldestWaiting: { id: string; type: string; dueSinceMs: number } | undefined;
  /** Ended within the last 24 hours. */
  lastDay: { succeeded: number; failed: number; cancelled: number; retried: number };
  lastRecovery: LastRecovery | undefined;
  /** The soonest first. */
  recurring: RecurringJob[];
}

export const LATE_AFTER_MS = 60_000;
const CAP = 1_000;
const DAY_MS = 24 * 60 * 60_000;

const queued = `FROM queue_jobs INDEXED BY queue_jobs_runnable_idx WHERE state = 'queued'`;

/** The numbers on top of the monitor; each is a counter, a bounded look into an index, or a sum over a day of minutes. */
export function readNumbers(prepare: Prepare, nowMs: number): QueueNumbers {
  const counts = readCounts(prepare);
  const now = Math.floor(nowMs / 1000);
  const capped = (where: string, bound: number): Capped => {
    const sql = `SELECT count(*) AS count FROM (SELECT 1 ${queued} AND ${where} LIMIT ${CAP + 1})`;
    const { count } = prepare(sql).get(bound) as { count: number };
    return { count: Math.min(count, CAP), atLeast: count > CAP };
  };
  return {
    counts: countByState(counts),
    total: counts.total,
    late: capped('run_at <= ?+0', now - LATE_AFTER_MS / 1000),
    scheduled: capped('run_at > ?+0', now),
    oldestWaiting: readOldest(prepare, now),
    lastDay: prepare(
      `SELECT coalesce(sum(succeeded), 0) AS succeeded, coalesce(sum(failed), 0) AS failed, coalesce(sum(cancelled), 0) AS cancelled,
         coalesce(sum(retried), 0) AS retried FROM queue_minutes WHERE minute_ms > ?`,
    ).get(nowMs - DAY_MS) as QueueNumbers['lastDay'],
    lastRecovery: readLastRecovery(prepare),
    recurring: readRecurring(prepare, nowMs),
  };
}

function readOldest(prepare: Prepare, now: number): QueueNumbers['oldestWaiting'] {
  const row = prepare(`SELECT id, type, run_at AS runAt ${queued} AND run_at <= ?+0 ORDER BY run_at LIMIT 1`).get(now) as
    { id: string; type: string; runAt: number } | undefined;
  return row && { id: row.id, type: row.type, dueSinceMs: row.runAt * 1000 };
}

function readLastRecovery(prepare: Prepare): LastRecovery | undefined {
  return prepare('SELECT at_ms AS atMs, requeued, failed, cancelled, lost FROM queue_recoveries ORDER BY id DESC LIMIT 1').get() as
    LastRecovery | undefined;
}

// A schedule that this version no longer has stays where it was: its time is long past.
function readRecurring(prepare: Prepare, nowMs: number): RecurringJob[] {
  const rows = prepare(
    'SELECT name, type, cron, next_run_at_ms AS nextAtMs, last_job_id AS lastJobId FROM queue_schedules WHERE next_run_at_ms > ?',
  ).all(nowMs - LATE_AFTER_MS) as RecurringJob[];
  return rows.sort((a, b) => a.nextAtMs - b.nextAtMs);
}
