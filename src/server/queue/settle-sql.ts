import type { Sqlite } from '#server/db/open.ts';
import type { JobRef, JobState } from './statements.ts';
import { cancelled, ref, running, unlock } from './sql.ts';

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

const fence = `id = @id AND state = 'running' AND locked_by = @bootId AND attempts = @attempt`;
const spent = 'attempts >= max_attempts';
// A running row whose attempt is gone: every SET reads the row as it was.
const abandon = `
  state = CASE WHEN cancel_requested_at IS NOT NULL THEN 'cancelled' WHEN ${spent} THEN 'failed' ELSE 'queued' END,
  dedupe_active = CASE WHEN cancel_requested_at IS NOT NULL OR ${spent} THEN NULL ELSE dedupe_active END,
  cancelled_at = CASE WHEN cancel_requested_at IS NOT NULL THEN @now END,
  last_error = CASE WHEN cancel_requested_at IS NULL THEN @reason ELSE last_error END,
  ${unlock}, updated_at = @now`;

export function settleStatements(sqlite: Sqlite) {
  return {
    /** The common end, of a job without a key: touches no index it need not. Values: now, rowid, id, boot id, attempt. */
    succeed: sqlite.prepare<[number, number, string, string, number]>(
      `UPDATE OR FAIL queue_jobs SET state = 'succeeded', last_error = NULL, ${unlock}, updated_at = ?
       WHERE rowid = ? AND id = ? AND state = 'running' AND locked_by = ? AND attempts = ? AND cancel_requested_at IS NULL`,
    ),
    settle: sqlite.prepare<[Transition]>(
      `UPDATE queue_jobs SET state = @state, attempts = @attempts, run_at = coalesce(@runAt, run_at),
         dedupe_active = CASE @state WHEN 'queued' THEN dedupe_active END,
         last_error = CASE @state WHEN 'succeeded' THEN NULL ELSE coalesce(@lastError, last_error) END, ${unlock}, updated_at = @now
       WHERE ${fence} AND cancel_requested_at IS NULL`,
    ),
    settleCancelled: sqlite.prepare<[Fence]>(
      `UPDATE queue_jobs SET ${cancelled}, ${unlock} WHERE ${fence} AND cancel_requested_at IS NOT NULL`,
    ),
    expired: sqlite.prepare<[number], { id: string }>(`SELECT id ${running} AND lock_expires_at <= ?+0`),
    ofOthers: sqlite.prepare<[string], { id: string }>(`SELECT id ${running} AND locked_by IS NOT ?`),
    abandon: sqlite.prepare<[{ id: string; reason: string; now: number }], JobRef>(
      `UPDATE queue_jobs SET ${abandon} WHERE id = @id AND state = 'running' RETURNING ${ref}`,
    ),
    addRecovery: sqlite.prepare<[{ atMs: number; requeued: number; failed: number; cancelled: number; lost: number }]>(
      'INSERT INTO queue_recoveries (at_ms, requeued, failed, cancelled, lost) VALUES (@atMs, @requeued, @failed, @cancelled, @lost)',
    ),
  };
}
