import type { Sqlite } from '#server/db/open.ts';
import { cancelled, ref } from './sql.ts';
import type { JobRef } from './statements.ts';

interface ProjectJobs {
  projectId: string;
  /** JSON array of types; null = all. */
  types: string | null;
  exceptJobId: string | null;
  now: number;
}
const ofProject = `project_id = @projectId AND id IS NOT @exceptJobId
  AND (@types IS NULL OR type IN (SELECT value FROM json_each(@types)))`;
/** id, type, project, payload, priority, max attempts, run_at, now, now. */
export type JobValues = [string, string, string | null, string, number, number, number, number, number];
export const JOBS_AT_ONCE = 20;

const columns = 'id, type, state, project_id, payload_json, priority, max_attempts, run_at, created_at, updated_at';

const insert = `INSERT OR FAIL INTO queue_jobs (${columns}) VALUES`;
const values = `(?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)`;

export function enqueueStatements(sqlite: Sqlite) {
  return {
    insert: sqlite.prepare<JobValues>(`${insert} ${values}`),
    /** As many at once as `JOBS_AT_ONCE`: half the work a row. */
    insertMany: sqlite.prepare<[JobValues[number][]]>(`${insert} ${Array(JOBS_AT_ONCE).fill(values).join()}`),
    /** The values, then the key and what it is held as. */
    insertKeyed: sqlite.prepare<[...JobValues, string, 'active' | 'successor']>(
      `INSERT INTO queue_jobs (${columns}, dedupe_key, dedupe_active) VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (dedupe_key, dedupe_active) DO NOTHING`,
    ),
    liveByKey: sqlite.prepare<[string, 'active' | 'successor'], { id: string; running: 0 | 1 }>(
      `SELECT id, state = 'running' AS running FROM queue_jobs WHERE dedupe_key = ? AND dedupe_active = ?`,
    ),
    /** Frees the key of a job that can only end as cancelled; a trigger then hands it to the one that follows. */
    surrenderKey: sqlite.prepare<[{ key: string; now: number }]>(
      `UPDATE queue_jobs SET dedupe_active = NULL, updated_at = @now
       WHERE dedupe_key = @key AND dedupe_active = 'active' AND cancel_requested_at IS NOT NULL`,
    ),
  };
}

export function jobStatements(sqlite: Sqlite) {
  return {
    look: sqlite.prepare<
      [string],
      JobRef & { cancelRequested: 0 | 1; dedupeKey: string | null; attempts: number; lockedBy: string | null; lockedAt: number | null }
    >(
      `SELECT ${ref}, cancel_requested_at IS NOT NULL AS cancelRequested, dedupe_key AS dedupeKey, attempts, locked_by AS lockedBy,
         locked_at AS lockedAt
       FROM queue_jobs WHERE id = ?`,
    ),
    cancelQueued: sqlite.prepare<[{ id: string; now: number }]>(`UPDATE queue_jobs SET ${cancelled} WHERE id = @id AND state = 'queued'`),
    requestCancel: sqlite.prepare<[{ id: string; now: number }]>(
      `UPDATE queue_jobs SET cancel_requested_at = coalesce(cancel_requested_at, @now), updated_at = @now
       WHERE id = @id AND state = 'running'`,
    ),
    cancelQueuedOfProject: sqlite.prepare<[ProjectJobs], { id: string }>(
      `UPDATE queue_jobs INDEXED BY queue_jobs_project_id_idx SET ${cancelled} WHERE ${ofProject} AND state = 'queued' RETURNING id`,
    ),
    requestCancelOfProject: sqlite.prepare<[ProjectJobs], { id: string }>(
      `UPDATE queue_jobs INDEXED BY queue_jobs_project_id_idx SET cancel_requested_at = @now, updated_at = @now
       WHERE ${ofProject} AND state = 'running' AND cancel_requested_at IS NULL RETURNING id`,
    ),
    requeue: sqlite.prepare<[{ id: string; runAt: number; now: number }]>(
      `UPDATE queue_jobs SET state = 'queued', attempts = 0, run_at = @runAt, dedupe_active = CASE WHEN dedupe_key IS NOT NULL THEN 'active' END,
         cancel_requested_at = NULL, cancelled_at = NULL, updated_at = @now
       WHERE id = @id AND state IN ('failed', 'cancelled')`,
    ),
    runNow: sqlite.prepare<[{ id: string; runAt: number; now: number }]>(
      `UPDATE queue_jobs SET run_at = min(run_at, @runAt), updated_at = @now WHERE id = @id AND state = 'queued'`,
    ),
    remove: sqlite.prepare<[string]>(`DELETE FROM queue_jobs WHERE id = ? AND state IN ('succeeded', 'failed', 'cancelled')`),
    readSettings: sqlite.prepare<[], { paused: 0 | 1; concurrency: number }>('SELECT paused, concurrency FROM queue_settings WHERE id = 1'),
    writeSettings: sqlite.prepare<[{ paused: 0 | 1; concurrency: number; now: number }]>(
      `INSERT INTO queue_settings (id, paused, concurrency, updated_at) VALUES (1, @paused, @concurrency, @now)
       ON CONFLICT (id) DO UPDATE SET paused = @paused, concurrency = @concurrency, updated_at = @now`,
    ),
  };
}
