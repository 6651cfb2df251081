// Pieces that several statements share. The planner leaves the partial indexes once ANALYZE has run, and a bound state makes SQLite
// prepare again on every bind: hence INDEXED BY, literal states, and `?+0`, which hides a parameter's value from the planner
// (a LIMIT's too: bound plainly, every execution is planned anew, 40 µs).
export const queued = `FROM queue_jobs INDEXED BY queue_jobs_ready_idx WHERE state = 'queued'`;
export const unlock = 'locked_at = NULL, lock_expires_at = NULL, locked_by = NULL';
export const cancelled = `state = 'cancelled', dedupe_active = NULL, cancelled_at = @now, updated_at = @now`;
export const ref = 'id, type, project_id AS projectId, state';
