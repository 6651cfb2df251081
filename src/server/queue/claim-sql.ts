import type { Sqlite } from '#server/db/open.ts';
import { marks, ofCount, queued } from './sql.ts';

/** A row whose time has come, as the claim sees it. */
export interface DueJob {
  rowid: number;
  id: string;
  type: string;
  projectId: string | null;
  /** Null when it is longer than 2 000 bytes; the claim then reads it. */
  payloadJson: string | null;
  attempts: number;
  maxAttempts: number;
  /** Epoch seconds. */
  runAt: number;
  /** It has a dedupe key. */
  keyed: 0 | 1;
  /** It waits for the running job of its key to end. */
  follows: 0 | 1;
}

export function claimStatements(sqlite: Sqlite) {
  return {
    topPriority: sqlite.prepare<[], { priority: number | null }>(`SELECT max(priority) AS priority ${queued}`),
    nextPriority: sqlite.prepare<[number], { priority: number | null }>(`SELECT max(priority) AS priority ${queued} AND priority < ?+0`),
    /** priority, now, then the (run_at, rowid) to continue after, and how many. */
    due: sqlite.prepare<[number, number, number, number, number], DueJob>(
      `SELECT rowid, id, type, project_id AS projectId, CASE WHEN octet_length(payload_json) <= 2000 THEN payload_json END AS payloadJson,
         attempts, max_attempts AS maxAttempts, run_at AS runAt, dedupe_key IS NOT NULL AS keyed,
         coalesce(dedupe_active, '') = 'successor' AS follows ${queued}
       AND priority = ?+0 AND run_at <= ?+0 AND (run_at, rowid) > (?+0, ?+0) ORDER BY run_at, rowid LIMIT ?+0`,
    ),
    payload: sqlite.prepare<[string], { payloadJson: string }>('SELECT payload_json AS payloadJson FROM queue_jobs WHERE id = ?'),
    nextRunAt: sqlite.prepare<[number], { runAt: number | null }>(
      `SELECT min(run_at) AS runAt FROM queue_jobs INDEXED BY queue_jobs_runnable_idx WHERE state = 'queued' AND run_at > ?+0`,
    ),
    /** For so many rows: now, lease until, boot id, now, rowids. */
    claim: ofCount((count) =>
      sqlite.prepare<[number, number, string, number, ...number[]]>(
        `UPDATE OR FAIL queue_jobs SET state = 'running', attempts = attempts + 1, locked_at = ?, lock_expires_at = ?, locked_by = ?, updated_at = ?
         WHERE rowid IN (${marks(count)}) AND +state = 'queued'`,
      ),
    ),
    /** Returns the ids that are still ours. */
    renew: sqlite.prepare<[{ ids: string; bootId: string; leaseUntil: number }], { id: string; attempt: number }>(
      `UPDATE queue_jobs INDEXED BY queue_jobs_runnable_idx SET lock_expires_at = @leaseUntil
       WHERE state = 'running' AND locked_by = @bootId AND id IN (SELECT value FROM json_each(@ids)) RETURNING id, attempts AS attempt`,
    ),
  };
}
