import { writeAttempt } from './attempt-rows.ts';
import type { AttemptOutcome } from './attempts.ts';
import type { Engine } from './engine.ts';
import { describeError } from './flight.ts';
import type { ClaimedJob, Flight, Settlement } from './flight.ts';
import type { Ending } from './minutes.ts';
import type { JobState } from './statements.ts';
import { dueSecond, retryDelayMs, wholeSecond } from './timing.ts';

const STORAGE_FAULT = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|NOMEM|READONLY|CORRUPT|CANTOPEN|NOTADB)/;

/** An attempt that has ended and is not written yet. */
export interface Finished {
  flight: Flight;
  settlement: Settlement;
  /** Epoch milliseconds. */
  atMs: number;
}

/** What came to stand in the rows. */
interface Result {
  state: JobState;
  outcome: AttemptOutcome;
  error: string | null;
}

/**
 * Writes how an attempt ended, on the job, the attempt and the minute, inside the caller's transaction. A cancel that was committed
 * first wins over every outcome.
 *
 * @returns the job's new state; undefined when the row is no longer this attempt's: its late outcome changes nothing.
 * @throws when SQLite itself fails: the whole transaction has to be repeated.
 */
export function settleJob(engine: Engine, { flight, settlement, atMs }: Finished, nowMs: number): JobState | undefined {
  const { job } = flight;
  const result = settleRow(engine, job, settlement, nowMs);
  // Whoever took the row away has written the attempt and counted it.
  if (!result) return undefined;
  const { state, outcome, error } = result;
  writeAttempt(engine, flight, { finishedAtMs: atMs, outcome, error });
  engine.minutes.ended(job.type, nowMs, endingOf(state), atMs - job.startedAtMs);
  return state;
}

/** How the charts count an attempt after which its job is in this state. */
export function endingOf(state: JobState): Ending {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled' ? state : 'retried';
}

function settleRow(engine: Engine, job: ClaimedJob, settlement: Settlement, nowMs: number): Result | undefined {
  if (settlement.outcome !== 'done' || !settlement.after) return write(engine, job, settlement, nowMs);
  const { after } = settlement;
  // Nothing counted so far may depend on the savepoint.
  engine.minutes.write();
  try {
    return engine.db.transaction((inner) => {
      const result = write(engine, job, settlement, nowMs);
      if (result?.state === 'succeeded') after(inner);
      return result;
    });
  } catch (error) {
    // A full disk may have rolled back everything: whatever is written then would stand alone.
    if (isStorageFault(error) || !engine.sqlite.inTransaction) throw error;
    engine.log.warn({ err: error, jobId: job.id, type: job.type }, 'what should follow a job failed');
    return write(engine, job, { outcome: 'threw', error: describeError(error) }, nowMs);
  }
}

function write(engine: Engine, job: ClaimedJob, settlement: Settlement, nowMs: number): Result | undefined {
  const { statements, bootId } = engine;
  const now = wholeSecond(nowMs);
  if (settlement.outcome === 'done' && !job.keyed) {
    if (statements.succeed.run(now, job.rowid, job.id, bootId, job.attempt).changes === 1)
      return { state: 'succeeded', outcome: 'succeeded', error: null };
    return writeUnexpected(engine, job, now);
  }
  const { outcome, error, ...next } = transition(job, settlement, nowMs, engine.random());
  const row = { id: job.id, attempt: job.attempt, bootId, now, lastError: error, ...next };
  return statements.settle.run(row).changes === 1 ? { state: next.state, outcome, error } : writeUnexpected(engine, job, now);
}

/** The row was cancelled under the attempt, or is not its any more. */
function writeUnexpected({ statements, bootId }: Engine, job: ClaimedJob, now: number): Result | undefined {
  const fence = { id: job.id, attempt: job.attempt, bootId, now };
  return statements.settleCancelled.run(fence).changes === 1 ? { state: 'cancelled', outcome: 'cancelled', error: null } : undefined;
}

interface Transition {
  state: JobState;
  attempts: number;
  /** Whole seconds; null keeps it. */
  runAt: number | null;
  outcome: AttemptOutcome;
  /** Null keeps what the job says, except that success clears it. */
  error: string | null;
}

function transition(job: ClaimedJob, settlement: Settlement, nowMs: number, random: number): Transition {
  const { attempt, maxAttempts } = job;
  switch (settlement.outcome) {
    case 'done':
      return { state: 'succeeded', attempts: attempt, runAt: null, outcome: 'succeeded', error: null };
    case 'retry_later': {
      const runAt = dueSecond(nowMs + settlement.delayMs, nowMs);
      return { state: 'queued', attempts: attempt - 1, runAt, outcome: 'retry_later', error: null };
    }
    case 'released':
      return { state: 'queued', attempts: attempt - 1, runAt: null, outcome: 'released', error: null };
    case 'give_up': {
      const error = [settlement.code, settlement.message].filter(Boolean).join(': ');
      return { state: 'failed', attempts: maxAttempts, runAt: null, outcome: 'failed', error };
    }
    case 'threw': {
      const { error, timedOut } = settlement;
      if (attempt >= maxAttempts)
        return { state: 'failed', attempts: attempt, runAt: null, outcome: timedOut ? 'timed_out' : 'failed', error };
      const runAt = dueSecond(nowMs + retryDelayMs(attempt, random), nowMs);
      return { state: 'queued', attempts: attempt, runAt, outcome: timedOut ? 'timed_out' : 'retrying', error };
    }
  }
}

function isStorageFault(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && STORAGE_FAULT.test(String(at.code))) return true;
  }
  return false;
}
