import type { Engine } from './engine.ts';
import { MINUTE_MS } from './minutes.ts';
import { wholeSecond } from './timing.ts';

/** How much history is kept: both hold at once, whichever lets go first. */
export interface Retention {
  /** Finished jobs that have not changed for longer are deleted. */
  keepMs: number;
  /** Of the finished jobs, only so many of the youngest stay. */
  keepRows: number;
}

const DAY_MS = 24 * 60 * MINUTE_MS;
export const DEFAULT_RETENTION: Retention = { keepMs: 14 * DAY_MS, keepRows: 100_000 };
const MINUTES_KEPT_MS = 8 * DAY_MS;
const LOOKED_AT_ONCE = 500;
const DELETED_AT_ONCE = 100;

/**
 * Deletes what is older than the retention, oldest first, with attempts and logs, and the minutes of the charts after 8 days.
 * Works in transactions of at most 100 rows and lets others have their turn in between.
 *
 * @param signal Ends it between two batches; what is deleted by then stays deleted.
 * @returns how many jobs it deleted.
 */
export async function pruneHistory(engine: Engine, { keepMs, keepRows }: Retention, signal?: AbortSignal): Promise<number> {
  const { statements, clock } = engine;
  const cutoff = wholeSecond(clock.now() - keepMs);
  let excess = statements.totals.get()!.finished - keepRows;
  let deleted = 0;
  let after = 0;
  while (!signal?.aborted) {
    const rows = statements.oldest.all(after, LOOKED_AT_ONCE);
    // Insertion order is time order: nothing behind a row this young is old enough.
    const isPastAge = (row: { createdAt: number }) => row.createdAt >= cutoff;
    const doomed = rows.filter(({ over, updatedAt }) => over === 1 && (excess-- > 0 || updatedAt < cutoff)).map(({ id }) => id);
    for (let at = 0; at < doomed.length && !signal?.aborted; at += DELETED_AT_ONCE) {
      deleted += deleteJobs(engine, doomed.slice(at, at + DELETED_AT_ONCE));
      await yieldTurn();
    }
    const last = rows.at(-1);
    if (rows.length < LOOKED_AT_ONCE || !last || (excess <= 0 && isPastAge(last))) break;
    after = last.rowid;
    await yieldTurn();
  }
  while (!signal?.aborted && statements.pruneMinutes.run(clock.now() - MINUTES_KEPT_MS, LOOKED_AT_ONCE).changes > 0) await yieldTurn();
  return deleted;
}

function deleteJobs(engine: Engine, ids: readonly string[]): number {
  return engine.atomically(() => ids.reduce((deleted, id) => deleted + engine.statements.remove.run(id).changes, 0));
}

function yieldTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
