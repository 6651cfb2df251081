import { setImmediate as nextTurn } from 'node:timers/promises';
import { nanoid } from 'nanoid';
import type { Db } from '#server/db/open.ts';
import type { Log } from '#server/log.ts';
import { createBulkRows } from './bulk-rows.ts';
import type { BulkAction, BulkRun, StoredRun } from './bulk-rows.ts';
import { countByState, readCounts } from './counts.ts';
import type { JobFilter } from './job-filter.ts';
import type { Prepare } from './job-source.ts';
import { collectMatching, youngestRow } from './matching-jobs.ts';
import type { JobState } from '../statements.ts';

/** What the action would meet. */
export interface BulkPreview {
  count: number;
  /** The youngest row that was counted: pass it on, and jobs that come later are left alone. */
  upTo: number;
}

/** The queue's own statement for one job; false when the job's state does not allow it. */
export type ActOnOne = (action: BulkAction, jobId: string) => boolean;

export interface Bulk {
  preview(action: BulkAction, filter: JobFilter): Promise<BulkPreview>;
  start(action: BulkAction, filter: JobFilter, upTo: number | undefined): BulkRun;
  find(id: string): BulkRun | undefined;
  /** The newest that has not ended. */
  underWay(): BulkRun | undefined;
  /** Ends it after the batch it is at; what was done stays. */
  stop(id: string): BulkRun | undefined;
  /** Goes on with what the process before had not ended. */
  resume(): void;
  /** For tests: resolves when the run has ended, or this process has left it. */
  whenDone(id: string): Promise<BulkRun | undefined>;
  /** Leaves every run where it is, to be resumed. */
  close(): Promise<void>;
}

/** States in which a job can be meant by an action. */
export const actionStates: Record<BulkAction, readonly JobState[]> = {
  cancel: ['queued', 'running'],
  retry: ['failed', 'cancelled'],
  'run-now': ['queued'],
  delete: ['succeeded', 'failed', 'cancelled'],
};

const BATCH = 100;

/**
 * Actions on every job of a filter. The matching rows are collected first, then changed newest first in batches of a hundred, one
 * transaction each, between which the event loop turns. Where a run has got to is written by the transaction that gets it there: a
 * process that comes after goes on below it, and nothing is done twice.
 */
export function createBulk(options: { db: Db; prepare: Prepare; log: Log; act: ActOnOne }): Bulk {
  const { db, prepare, log, act } = options;
  const rows = createBulkRows(prepare);
  const closing = new AbortController();
  const working = new Map<string, Promise<void>>();

  async function collect(action: BulkAction, filter: JobFilter, upTo?: number) {
    const states = filter.state === undefined ? actionStates[action] : actionStates[action].filter((state) => state === filter.state);
    const found: number[] = [];
    let bound = upTo;
    for (const state of states) {
      const matching = await collectMatching(prepare, { ...filter, state }, { upTo: bound, signal: closing.signal });
      bound ??= matching.upTo;
      for (const rowid of matching.rowids) found.push(rowid);
    }
    return { rowids: found, upTo: bound ?? 0 };
  }

  /** Does it to these jobs, and returns how far the run has got with that. */
  function applyTo(run: StoredRun, rowids: readonly number[]): StoredRun {
    const ids = prepare('SELECT id FROM queue_jobs WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid DESC').all(
      JSON.stringify(rowids),
    ) as { id: string }[];
    return db.transaction(
      () => {
        const done = ids.filter(({ id }) => act(run.action, id)).length;
        const [changed, skipped] = [run.changed + done, run.skipped + rowids.length - done];
        const next = { ...run, changed, skipped, upTo: (rowids.at(-1) as number) - 1 };
        rows.save(next);
        return next;
      },
      { behavior: 'immediate' },
    );
  }

  async function work(started: StoredRun): Promise<void> {
    let run = started;
    try {
      const { rowids } = await collect(run.action, run.filter, run.upTo);
      rowids.sort((one, other) => other - one);
      run = { ...run, state: 'working', total: run.changed + run.skipped + rowids.length };
      for (let at = 0; at < rowids.length; at += BATCH) {
        if (closing.signal.aborted || !rows.isLive(run.id)) return;
        run = applyTo(run, rowids.slice(at, at + BATCH));
        await nextTurn();
      }
      rows.save({ ...run, state: 'done' });
    } catch (error) {
      if (closing.signal.aborted) return;
      const { filter: _filter, ...told } = run;
      log.error({ err: error, ...told }, 'an action on many jobs failed');
      rows.save({ ...run, state: 'failed' });
    }
  }

  function follow(run: StoredRun): void {
    const ended = work(run)
      .catch((error: unknown) => log.error({ err: error, id: run.id }, 'how an action on many jobs ended could not be written'))
      .finally(() => working.delete(run.id));
    working.set(run.id, ended);
  }

  return {
    async preview(action, filter) {
      const counted = countWithoutLooking(prepare, action, filter);
      if (counted) return counted;
      const { rowids, upTo } = await collect(action, filter);
      return { count: rowids.length, upTo };
    },
    start(action, filter, upTo = youngestRow(prepare)) {
      const run: BulkRun = { id: nanoid(), action, state: 'counting', total: 0, changed: 0, skipped: 0 };
      rows.add({ ...run, filter, upTo });
      follow({ ...run, filter, upTo });
      return run;
    },
    find: rows.find,
    underWay: rows.findLive,
    stop(id) {
      rows.stop(id);
      return rows.find(id);
    },
    resume() {
      for (const run of rows.listLive()) follow(run);
    },
    async whenDone(id) {
      await working.get(id);
      return rows.find(id);
    },
    async close() {
      closing.abort();
      await Promise.all(working.values());
    },
  };
}

/** The counters know how many jobs there are of a state and a type. */
function countWithoutLooking(prepare: Prepare, action: BulkAction, filter: JobFilter): BulkPreview | undefined {
  if (filter.projectId !== undefined || filter.q !== undefined) return undefined;
  const counts = readCounts(prepare);
  const states = actionStates[action].filter((state) => filter.state === undefined || state === filter.state);
  const byState = countByState(counts);
  const count = states.reduce((sum, state) => sum + (filter.type === undefined ? byState[state] : counts.of(state, filter.type)), 0);
  return { count, upTo: youngestRow(prepare) };
}
