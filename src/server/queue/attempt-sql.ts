import type { Sqlite } from '#server/db/open.ts';
import type { AttemptOutcome, AttemptView } from './attempts.ts';

/** An attempt as its row holds it, without its number. */
export interface AttemptValues extends Omit<AttemptView, 'id' | 'log'> {
  jobId: string;
  logJson: string | null;
}

const columns = 'job_id, id, attempt, worker, started_at_ms, finished_at_ms, outcome, error, log_json';

export function attemptStatements(sqlite: Sqlite) {
  return {
    /** Numbered as the attempt. Changes nothing when the job has such an id: an attempt before it was not charged. */
    addAttempt: sqlite.prepare<[string, number, number, string, number, number | null, string | null, string | null, string | null]>(
      `INSERT OR IGNORE INTO queue_job_attempts (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    latestAttempt: sqlite.prepare<[string], { id: number | null }>(
      'SELECT max(id) AS id FROM queue_job_attempts WHERE job_id = cast(? AS text)',
    ),
    /** finished at, outcome, error, log, job's id, attempt's id. An end that is written stands. */
    closeAttempt: sqlite.prepare<[number, AttemptOutcome, string | null, string | null, string, number]>(
      'UPDATE queue_job_attempts SET finished_at_ms = ?, outcome = ?, error = ?, log_json = ? WHERE job_id = ? AND id = ? AND outcome IS NULL',
    ),
    saveLog: sqlite.prepare<[string | null, string, number]>(
      'UPDATE queue_job_attempts SET log_json = ? WHERE job_id = ? AND id = ? AND outcome IS NULL',
    ),
    /** Closes what a job's dead attempt left open. */
    loseAttempts: sqlite.prepare<[{ jobId: string; nowMs: number; error: string }], { startedAtMs: number }>(
      `UPDATE queue_job_attempts SET finished_at_ms = @nowMs, outcome = 'lost', error = @error
       WHERE job_id = @jobId AND outcome IS NULL RETURNING started_at_ms AS startedAtMs`,
    ),
  };
}
