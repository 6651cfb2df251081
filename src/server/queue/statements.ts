import type { Sqlite } from '#server/db/open.ts';
import type { queueJobStates } from '#server/db/schema.ts';

export type JobState = (typeof queueJobStates)[number];

/** A job this boot has claimed: the attempt it is on is part of the fence. */
export interface ClaimedJob {
  id: string;
  type: string;
  projectId: string | null;
  payloadJson: string;
  /** From 1. */
  attempt: number;
  maxAttempts: number;
}
export interface JobRef {
  id: string;
  type: string;
  projectId: string | null;
  state: JobState;
}
export interface DueJob {
  rowid: number;
  id: string;
  runAt: number;
  projectId: string | null;
}
interface Transition {
  id: string;
  attempt: number;
  bootId: string;
  state: JobState;
  attempts: number;
  runAt: number | null;
  lastError: string | null;
  now: number;
}
type Fence = Pick<Transition, 'id' | 'attempt' | 'bootId' | 'now'>;
interface NewJob {
  id: string;
  type: string;
  projectId: string | null;
  payloadJson: string;
  priority: number;
  maxAttempts: number;
  runAt: number;
  dedupeKey: string | null;
  dedupeActive: string | null;
  now: number;
}

// The planner leaves the partial indexes once ANALYZE has run, and a bound state makes SQLite prepare again on every bind:
// hence INDEXED BY, literal states, and `?+0`, which hides a parameter's value from the planner.
const queued = `FROM queue_jobs INDEXED BY queue_jobs_ready_idx WHERE state = 'queued'`;
const unlock = 'locked_at = NULL, lock_expires_at = NULL, locked_by = NULL';
const fence = `id = @id AND state = 'running' AND locked_by = @bootId AND attempts = @attempt`;
const cancelled = `state = 'cancelled', dedupe_active = NULL, cancelled_at = @now, updated_at = @now`;
const ref = 'id, type, project_id AS projectId, state';
const spent = 'attempts >= max_attempts';
// A running row whose attempt is gone: every SET reads the row as it was.
const abandon = `
  state = CASE WHEN cancel_requested_at IS NOT NULL THEN 'cancelled' WHEN ${spent} THEN 'failed' ELSE 'queued' END,
  dedupe_active = CASE WHEN cancel_requested_at IS NOT NULL OR ${spent} THEN NULL ELSE dedupe_active END,
  cancelled_at = CASE WHEN cancel_requested_at IS NOT NULL THEN @now END,
  last_error = CASE WHEN cancel_requested_at IS NULL THEN @reason ELSE last_error END,
  ${unlock}, updated_at = @now`;
const ofProject = `project_id = @projectId AND id IS NOT @exceptJobId
  AND (@types IS NULL OR type IN (SELECT value FROM json_each(@types)))`;

/** Every statement of the engine, prepared once. */
export type Statements = ReturnType<typeof prepareStatements>;

/** Prepares against the migrated schema; fails where an index that a statement pins is missing. */
export function prepareStatements(sqlite: Sqlite) {
  return { ...claimStatements(sqlite), ...attemptStatements(sqlite), ...cancelStatements(sqlite), ...jobStatements(sqlite) };
}

function claimStatements(sqlite: Sqlite) {
  return {
    topPriority: sqlite.prepare<[], { priority: number | null }>(`SELECT max(priority) AS priority ${queued}`),
    nextPriority: sqlite.prepare<[number], { priority: number | null }>(`SELECT max(priority) AS priority ${queued} AND priority < ?+0`),
    /** priority, now, then the (run_at, rowid) to continue after, and how many. */
    due: sqlite.prepare<[number, number, number, number, number], DueJob>(
      `SELECT rowid, id, run_at AS runAt, project_id AS projectId ${queued}
       AND priority = ?+0 AND run_at <= ?+0 AND (run_at, rowid) > (?, ?) ORDER BY run_at, rowid LIMIT ?`,
    ),
    nextRunAt: sqlite.prepare<[number], { runAt: number | null }>(
      `SELECT min(run_at) AS runAt FROM queue_jobs INDEXED BY queue_jobs_runnable_idx WHERE state = 'queued' AND run_at > ?+0`,
    ),
    claim: sqlite.prepare<[{ rowid: number; bootId: string; now: number; leaseUntil: number }], ClaimedJob>(
      `UPDATE queue_jobs SET state = 'running', attempts = attempts + 1, locked_at = @now, lock_expires_at = @leaseUntil,
         locked_by = @bootId, updated_at = @now
       WHERE rowid = @rowid AND state = 'queued'
       RETURNING id, type, project_id AS projectId, payload_json AS payloadJson, attempts AS attempt, max_attempts AS maxAttempts`,
    ),
  };
}

function attemptStatements(sqlite: Sqlite) {
  return {
    settle: sqlite.prepare<[Transition]>(
      `UPDATE queue_jobs SET state = @state, attempts = @attempts, run_at = coalesce(@runAt, run_at),
         dedupe_active = CASE @state WHEN 'queued' THEN dedupe_active END,
         last_error = CASE @state WHEN 'succeeded' THEN NULL ELSE coalesce(@lastError, last_error) END, ${unlock}, updated_at = @now
       WHERE ${fence} AND cancel_requested_at IS NULL`,
    ),
    settleCancelled: sqlite.prepare<[Fence]>(
      `UPDATE queue_jobs SET ${cancelled}, ${unlock} WHERE ${fence} AND cancel_requested_at IS NOT NULL`,
    ),
    /** Returns the ids that are still ours. */
    renew: sqlite.prepare<[{ ids: string; bootId: string; leaseUntil: number }], { id: string; attempt: number }>(
      `UPDATE queue_jobs INDEXED BY queue_jobs_lease_idx SET lock_expires_at = @leaseUntil
       WHERE state = 'running' AND locked_by = @bootId AND id IN (SELECT value FROM json_each(@ids)) RETURNING id, attempts AS attempt`,
    ),
    expired: sqlite.prepare<[number], { id: string }>(
      `SELECT id FROM queue_jobs INDEXED BY queue_jobs_lease_idx WHERE state = 'running' AND lock_expires_at <= ?+0`,
    ),
    abandonOne: sqlite.prepare<[{ id: string; reason: string; now: number }], JobRef>(
      `UPDATE queue_jobs SET ${abandon} WHERE id = @id AND state = 'running' RETURNING ${ref}`,
    ),
    abandonOthers: sqlite.prepare<[{ bootId: string; reason: string; now: number }], JobRef>(
      `UPDATE queue_jobs INDEXED BY queue_jobs_lease_idx SET ${abandon}
       WHERE state = 'running' AND locked_by IS NOT @bootId RETURNING ${ref}`,
    ),
  };
}

function cancelStatements(sqlite: Sqlite) {
  return {
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
  };
}

interface ProjectJobs {
  projectId: string;
  /** JSON array of types; null = all. */
  types: string | null;
  exceptJobId: string | null;
  now: number;
}

function jobStatements(sqlite: Sqlite) {
  return {
    insert: sqlite.prepare<[NewJob]>(
      `INSERT INTO queue_jobs (id, type, state, project_id, payload_json, priority, max_attempts, run_at, dedupe_key, dedupe_active,
         created_at, updated_at)
       VALUES (@id, @type, 'queued', @projectId, @payloadJson, @priority, @maxAttempts, @runAt, @dedupeKey, @dedupeActive, @now, @now)
       ON CONFLICT (dedupe_key, dedupe_active) DO NOTHING`,
    ),
    liveByKey: sqlite.prepare<[string], { id: string }>(`SELECT id FROM queue_jobs WHERE dedupe_key = ? AND dedupe_active = 'active'`),
    /** Frees the key of a job that can only end as cancelled. */
    surrenderKey: sqlite.prepare<[{ key: string; now: number }]>(
      `UPDATE queue_jobs SET dedupe_active = NULL, updated_at = @now
       WHERE dedupe_key = @key AND dedupe_active = 'active' AND cancel_requested_at IS NOT NULL`,
    ),
    look: sqlite.prepare<[string], JobRef & { cancelRequested: 0 | 1; dedupeKey: string | null }>(
      `SELECT ${ref}, cancel_requested_at IS NOT NULL AS cancelRequested, dedupe_key AS dedupeKey FROM queue_jobs WHERE id = ?`,
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
    countQueued: sqlite.prepare<[], { count: number }>(`SELECT count(*) AS count ${queued}`),
    readSettings: sqlite.prepare<[], { paused: 0 | 1; concurrency: number }>('SELECT paused, concurrency FROM queue_settings WHERE id = 1'),
    writeSettings: sqlite.prepare<[{ paused: 0 | 1; concurrency: number; now: number }]>(
      `INSERT INTO queue_settings (id, paused, concurrency, updated_at) VALUES (1, @paused, @concurrency, @now)
       ON CONFLICT (id) DO UPDATE SET paused = @paused, concurrency = @concurrency, updated_at = @now`,
    ),
  };
}
