import type { Engine, JobChange } from './engine.ts';
import type { Flight } from './flight.ts';
import { changeOf } from './recovery.ts';

/** A turn tells of rows changed by callers for no longer, then yields. */
const BUDGET_MS = 5;

type Change = 'queued' | 'cancelled';
type Row = ReturnType<Engine['statements']['look']['get']>;

/** Jobs that callers changed, in transactions that may yet be rolled back: told of once they were looked at. */
export interface Touched {
  add(change: Change, jobIds: readonly string[]): void;
  /** They are older than what is told of them now. */
  forget(jobIds: Iterable<string>): void;
  /** What was done to a job that is about to start: enqueued by an outcome of the same turn, or changed by the code that added it. */
  take(jobId: string): { change?: Change | undefined; row?: Row };
  /**
   * Looks at each, aborts the attempts that were cancelled or no longer hold their row, and tells of what was committed.
   *
   * @returns false when its time was up before that.
   * @throws when SQLite fails; what was not looked at stays.
   */
  tell(flights: ReadonlyMap<string, Flight>, announce: (changes: readonly JobChange[]) => void): boolean;
}

export function createTouched({ statements, log }: Engine): Touched {
  const touched = new Map<string, Change>();

  function look(id: string): Row {
    const row = statements.look.get(id);
    touched.delete(id);
    return row;
  }

  return {
    add(change, jobIds) {
      for (const id of jobIds) if (touched.get(id) !== 'queued') touched.set(id, change);
    },
    forget(jobIds) {
      for (const id of jobIds) touched.delete(id);
    },
    take(jobId) {
      const change = touched.get(jobId);
      if (!change) return {};
      try {
        return { change, row: look(jobId) };
      } catch (error) {
        // It is claimed, so it begins. The next turn, which can wait until the database answers, looks at what was touched.
        log.error({ err: error, jobId }, 'the queue could not look at a job it starts');
        return { change };
      }
    },
    tell(flights, announce) {
      const startedAt = performance.now();
      for (const [id, change] of touched) {
        if (performance.now() - startedAt > BUDGET_MS) return false;
        const row = look(id);
        // A row that is gone, or not cancelled after all, was rolled back: no event for it.
        if (!row || (change === 'cancelled' && row.state !== 'cancelled' && !row.cancelRequested)) continue;
        const flight = flights.get(id);
        if (row.state === 'cancelled' || row.cancelRequested) flight?.abort('cancelled');
        else if (row.state !== 'running' || row.attempts !== flight?.job.attempt) flight?.abort('fence_lost');
        announce([changeOf(row)]);
      }
      return true;
    },
  };
}
