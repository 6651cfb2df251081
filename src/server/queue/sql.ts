// Pieces that several statements share. The planner leaves the partial indexes once ANALYZE has run, and a bound state makes SQLite
// prepare again on every bind: hence INDEXED BY, literal states, and `?+0`, which hides a parameter's value from the planner
// (a LIMIT's too, and a text's beneath a max(), there as a cast: bound plainly, every execution is planned anew, 20 to 40 µs).
// OR FAIL: with triggers on the table, SQLite otherwise keeps a copy of each page that a statement changes, in case a constraint
// stops it half-way (15 µs a job). Statements of one row, or within a transaction that ends with their error, need none.
export const queued = `FROM queue_jobs INDEXED BY queue_jobs_ready_idx WHERE state = 'queued'`;
/** At most a hundred, by the limit on concurrency. */
export const running = `FROM queue_jobs INDEXED BY queue_jobs_runnable_idx WHERE state = 'running'`;
export const unlock = 'locked_at = NULL, lock_expires_at = NULL, locked_by = NULL';
export const cancelled = `state = 'cancelled', dedupe_active = NULL, cancelled_at = @now, updated_at = @now`;
export const ref = 'id, type, project_id AS projectId, state';

/** So many rows are changed by one statement at most: half the work a row, and the page stays responsive between two. */
export const ROWS_AT_ONCE = 10;

/** A statement for a number of rows, prepared when that number first comes. */
export function ofCount<S>(prepare: (count: number) => S): (count: number) => S {
  const prepared = new Map<number, S>();
  return (count) => {
    const known = prepared.get(count) ?? prepare(count);
    prepared.set(count, known);
    return known;
  };
}

export const marks = (count: number): string => Array(count).fill('?').join();

export function* chunks<T>(rows: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) yield rows.slice(at, at + ROWS_AT_ONCE);
}
