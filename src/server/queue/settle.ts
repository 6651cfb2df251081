import type { Tx } from '#server/db/open.ts';
import type { Engine } from './engine.ts';
import { describeError } from './flight.ts';
import type { Settlement } from './flight.ts';
import type { ClaimedJob, JobState } from './statements.ts';
import { dueSecond, retryDelayMs, wholeSecond } from './timing.ts';

const STORAGE_FAULT = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|NOMEM|READONLY|CORRUPT|CANTOPEN|NOTADB)/;

/**
 * Writes how an attempt ended, inside the caller's transaction. A cancel that was committed first wins over every outcome.
 *
 * @returns the job's new state; undefined when the row is no longer this attempt's and nothing was written.
 * @throws when SQLite itself fails: the whole transaction has to be repeated.
 */
export function settleJob(engine: Engine, tx: Tx, job: ClaimedJob, settlement: Settlement, nowMs: number): JobState | undefined {
  if (settlement.outcome !== 'done' || !settlement.after) return write(engine, job, settlement, nowMs);
  const { after } = settlement;
  try {
    return tx.transaction((inner) => {
      const state = write(engine, job, settlement, nowMs);
      if (state === 'succeeded') after(inner);
      return state;
    });
  } catch (error) {
    // A full disk may have rolled back everything: whatever is written then would stand alone.
    if (isStorageFault(error) || !engine.sqlite.inTransaction) throw error;
    engine.log.warn({ err: error, jobId: job.id, type: job.type }, 'what should follow a job failed');
    return write(engine, job, { outcome: 'threw', error: describeError(error) }, nowMs);
  }
}

function write(engine: Engine, job: ClaimedJob, settlement: Settlement, nowMs: number): JobState | undefined {
  const fence = { id: job.id, attempt: job.attempt, bootId: engine.bootId, now: wholeSecond(nowMs) };
  const next = transition(job, settlement, nowMs, engine.random());
  if (engine.statements.settle.run({ ...fence, ...next }).changes === 1) return next.state;
  return engine.statements.settleCancelled.run(fence).changes === 1 ? 'cancelled' : undefined;
}

interface Transition {
  state: JobState;
  attempts: number;
  /** Whole seconds; null keeps it. */
  runAt: number | null;
  /** Null keeps it, except that success clears it. */
  lastError: string | null;
}

function transition(job: ClaimedJob, settlement: Settlement, nowMs: number, random: number): Transition {
  const { attempt, maxAttempts } = job;
  switch (settlement.outcome) {
    case 'done':
      return { state: 'succeeded', attempts: attempt, runAt: null, lastError: null };
    case 'retry_later':
      return { state: 'queued', attempts: attempt - 1, runAt: dueSecond(nowMs + settlement.delayMs, nowMs), lastError: null };
    case 'released':
      return { state: 'queued', attempts: attempt - 1, runAt: null, lastError: null };
    case 'give_up':
      return {
        state: 'failed',
        attempts: maxAttempts,
        runAt: null,
        lastError: [settlement.code, settlement.message].filter(Boolean).join(': '),
      };
    case 'threw': {
      if (attempt >= maxAttempts) return { state: 'failed', attempts: attempt, runAt: null, lastError: settlement.error };
      const runAt = dueSecond(nowMs + retryDelayMs(attempt, random), nowMs);
      return { state: 'queued', attempts: attempt, runAt, lastError: settlement.error };
    }
  }
}

function isStorageFault(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && STORAGE_FAULT.test(String(at.code))) return true;
  }
  return false;
}
