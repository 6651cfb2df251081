import type { Sqlite } from '#server/db/open.ts';
import type { Minute } from './minutes.ts';

/** A minute as stored: its buckets as JSON. */
type MinuteRow = Omit<Minute, 'waitBuckets' | 'runBuckets'> & Record<'waitBuckets' | 'runBuckets', string>;
type MinuteValues = [number, string, number, number, number, number, number, number, number, string, string];

export function historyStatements(sqlite: Sqlite) {
  return {
    readMinute: sqlite.prepare<[number, string], MinuteRow>(
      `SELECT minute_ms AS minuteMs, type, claimed, succeeded, failed, cancelled, retried, wait_ms_sum AS waitMsSum, run_ms_sum AS runMsSum,
         wait_buckets AS waitBuckets, run_buckets AS runBuckets
       FROM queue_minutes WHERE minute_ms = ? AND type = ?`,
    ),
    writeMinute: sqlite.prepare<MinuteValues>(
      `INSERT INTO queue_minutes (minute_ms, type, claimed, succeeded, failed, cancelled, retried, wait_ms_sum, run_ms_sum, wait_buckets, run_buckets)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (minute_ms, type) DO UPDATE SET claimed = excluded.claimed, succeeded = excluded.succeeded, failed = excluded.failed,
         cancelled = excluded.cancelled, retried = excluded.retried, wait_ms_sum = excluded.wait_ms_sum, run_ms_sum = excluded.run_ms_sum,
         wait_buckets = excluded.wait_buckets, run_buckets = excluded.run_buckets`,
    ),
    pruneMinutes: sqlite.prepare<[number, number]>(
      'DELETE FROM queue_minutes WHERE (minute_ms, type) IN (SELECT minute_ms, type FROM queue_minutes WHERE minute_ms < ?+0 LIMIT ?+0)',
    ),
    totals: sqlite.prepare<[], { queued: number; finished: number }>(
      'SELECT coalesce(sum(queued), 0) AS queued, coalesce(sum(succeeded + failed + cancelled), 0) AS finished FROM queue_counters',
    ),
    /** rowid to continue after, and how many. */
    oldest: sqlite.prepare<[number, number], { rowid: number; id: string; over: 0 | 1; createdAt: number; updatedAt: number }>(
      `SELECT rowid, id, state IN ('succeeded', 'failed', 'cancelled') AS over, created_at AS createdAt, updated_at AS updatedAt
       FROM queue_jobs WHERE rowid > ?+0 ORDER BY rowid LIMIT ?+0`,
    ),
    readSchedule: sqlite.prepare<[string], { cron: string; nextRunAtMs: number; lastMs: number | null }>(
      'SELECT cron, next_run_at_ms AS nextRunAtMs, last_enqueued_at_ms AS lastMs FROM queue_schedules WHERE name = ?',
    ),
    writeSchedule: sqlite.prepare<
      [{ name: string; cron: string; type: string; nextRunAtMs: number; atMs: number | null; jobId: string | null }]
    >(
      `INSERT INTO queue_schedules (name, cron, type, next_run_at_ms, last_enqueued_at_ms, last_job_id)
       VALUES (@name, @cron, @type, @nextRunAtMs, @atMs, @jobId)
       ON CONFLICT (name) DO UPDATE SET cron = @cron, type = @type, next_run_at_ms = @nextRunAtMs,
         last_enqueued_at_ms = coalesce(@atMs, last_enqueued_at_ms), last_job_id = coalesce(@jobId, last_job_id)`,
    ),
  };
}
