import type { AttemptValues } from './attempt-sql.ts';
import type { AttemptOutcome } from './attempts.ts';
import type { Engine } from './engine.ts';
import type { Flight } from './flight.ts';

/** How an attempt ended, for its row. */
export interface AttemptEnd {
  finishedAtMs: number;
  outcome: AttemptOutcome;
  error: string | null;
}

/** A running row as it was before it was taken from its attempt. */
export interface TakenRow {
  id: string;
  attempts: number;
  lockedBy: string | null;
  /** Epoch seconds. */
  lockedAt: number | null;
}

/** Writes the row of an attempt that has ended. Until then its job's row says all there is to say, but for a log that was saved. */
export function writeAttempt({ statements, bootId }: Engine, flight: Flight, { finishedAtMs, outcome, error }: AttemptEnd): void {
  const { job, savedAs } = flight;
  const logJson = flight.logJson();
  if (savedAs !== undefined && statements.closeAttempt.run(finishedAtMs, outcome, error, logJson, job.id, savedAs).changes === 1) return;
  const { id: jobId, attempt, startedAtMs } = job;
  add(statements, { jobId, attempt, worker: bootId, startedAtMs, finishedAtMs, outcome, error, logJson });
}

/** Writes the lines of an attempt that goes on, so that a crash does not take them along. */
export function saveLog({ statements, bootId }: Engine, flight: Flight): void {
  const { job, savedAs } = flight;
  const logJson = flight.logJson();
  if (logJson === null || (savedAs !== undefined && statements.saveLog.run(logJson, job.id, savedAs).changes === 1)) return;
  const { id: jobId, attempt, startedAtMs } = job;
  const open = { finishedAtMs: null, outcome: null, error: null };
  flight.savedAs = add(statements, { jobId, attempt, worker: bootId, startedAtMs, ...open, logJson });
}

/**
 * Writes that a running job was taken from its attempt.
 *
 * @returns when that attempt began: to the second, unless its log had been saved.
 */
export function writeLost({ statements }: Engine, row: TakenRow, error: string, nowMs: number): number {
  const [saved] = statements.loseAttempts.all({ jobId: row.id, nowMs, error });
  if (saved) return saved.startedAtMs;
  const startedAtMs = Math.min(nowMs, (row.lockedAt ?? Math.floor(nowMs / 1000)) * 1000);
  const end = { finishedAtMs: nowMs, outcome: 'lost' as const, error, logJson: null };
  add(statements, { jobId: row.id, attempt: row.attempts, worker: row.lockedBy ?? '', startedAtMs, ...end });
  return startedAtMs;
}

// They are numbered without a gap: an attempt has its own number unless one before it was not charged.
function add(statements: Engine['statements'], values: AttemptValues): number {
  const { jobId, attempt, worker, startedAtMs, finishedAtMs, outcome, error, logJson } = values;
  const insert = (id: number) =>
    statements.addAttempt.run(jobId, id, attempt, worker, startedAtMs, finishedAtMs, outcome, error, logJson).changes === 1;
  if (insert(attempt)) return attempt;
  const next = (statements.latestAttempt.get(jobId)!.id ?? 0) + 1;
  insert(next);
  return next;
}
