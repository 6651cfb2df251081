import { setImmediate as nextTurn } from 'node:timers/promises';
import { readCounts } from './counts.ts';
import type { JobFilter, Place } from './job-filter.ts';
import { chooseSource } from './job-source.ts';
import type { JobSource, Prepare } from './job-source.ts';

/** Rows looked at before other work gets its turn. */
const SLICE = 5_000;

/**
 * The row ids of every job of a filter, newest first, read in slices between which the event loop turns. Only rows that were
 * there when it began are met: `upTo` is the youngest.
 *
 * @param upTo Leaves out rows younger than this one.
 */
export async function collectMatching(
  prepare: Prepare,
  filter: JobFilter,
  options: { upTo?: number | undefined; signal?: AbortSignal | undefined } = {},
): Promise<{ rowids: number[]; upTo: number }> {
  const youngest = youngestRow(prepare);
  const upTo = Math.min(options.upTo ?? youngest, youngest);
  const source = chooseSource(filter, readCounts(prepare), undefined);
  const rowids: number[] = [];
  let after: Place | undefined;
  do {
    options.signal?.throwIfAborted();
    after = collectSlice(prepare, source, after, upTo, rowids);
    await nextTurn();
  } while (after);
  return { rowids, upTo };
}

/** The row id of the youngest job; 0 when there is none. */
export const youngestRow = (prepare: Prepare): number =>
  (prepare('SELECT coalesce(max(rowid), 0) AS rowid FROM queue_jobs').get() as { rowid: number }).rowid;

/** Adds the matches of one slice and returns where the next begins. */
function collectSlice(prepare: Prepare, source: JobSource, after: Place | undefined, upTo: number, rowids: number[]): Place | undefined {
  const { conditions, params } = source.rest;
  const matches = ['rowid <= ?', ...conditions].join(' AND ');
  for (const { from, order, params: bounds } of source.segments(after, 'newest')) {
    const sql = `SELECT rowid, run_at AS runAt, (${matches}) AS matches ${from} ${order} LIMIT ?`;
    const rows = prepare(sql).all(upTo, ...params, ...bounds, SLICE) as { rowid: number; runAt: number; matches: number | null }[];
    for (const row of rows) if (row.matches === 1) rowids.push(row.rowid);
    const last = rows.at(-1);
    if (last && rows.length === SLICE) return source.by === 'row' ? { by: 'row', rowid: last.rowid } : { by: 'due', ...last };
  }
  return undefined;
}
