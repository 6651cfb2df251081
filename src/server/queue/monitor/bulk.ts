import { setImmediate as nextTurn } from 'node:timers/promises';
import { nanoid } from 'nanoid';
import type { Db } from '#server/db/open.ts';
import type { Log } from '#server/log.ts';
import { countByState, readCounts } from './counts.ts';
import type { JobFilter } from './job-filter.ts';
import type { Prepare } from './job-source.ts';
import { collectMatching } from './matching-jobs.ts';
import type { JobState } from '../statements.ts';

export const bulkActions = ['cancel', 'retry', 'run-now', 'delete'] as const;
export type BulkAction = (typeof bulkActions)[number];

/** Something done to many jobs, as far as it has got. */
export interface BulkRun {
  id: string;
  action: BulkAction;
  state: 'counting' | 'working' | 'done' | 'stopped' | 'failed';
  /** Jobs that matched; 0 while they are counted. */
  total: number;
  /** Jobs that the action changed. */
  changed: number;
  /** Jobs that it could not be applied to any more. */
  skipped: number;
}

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
  /** Ends it after the batch it is at; what was done stays. */
  stop(id: string): BulkRun | undefined;
  /** For tests: resolves when the run has ended. */
  whenDone(id: string): Promise<BulkRun | undefined>;
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
const KEPT_RUNS = 20;

/**
 * Actions on every job of a filter. The matching rows are collected first, then changed in batches of a hundred, one transaction
 * each, between which the event loop turns. A run lives in this process: after a restart what it had changed stays changed, and it
 * can be asked for again.
 */
export function createBulk(options: { db: Db; prepare: Prepare; log: Log; act: ActOnOne }): Bulk {
  const { db, prepare, log, act } = options;
  const runs = new Map<string, { run: BulkRun; stopping: AbortController; ended: Promise<void> }>();

  async function collect(action: BulkAction, filter: JobFilter, upTo?: number, signal?: AbortSignal) {
    const states = filter.state === undefined ? actionStates[action] : actionStates[action].filter((state) => state === filter.state);
    const rowids: number[] = [];
    let bound = upTo;
    for (const state of states) {
      const found = await collectMatching(prepare, { ...filter, state }, { upTo: bound, signal });
      bound ??= found.upTo;
      for (const rowid of found.rowids) rowids.push(rowid);
    }
    return { rowids, upTo: bound ?? 0 };
  }

  function applyTo(run: BulkRun, rowids: readonly number[]): void {
    const ids = prepare('SELECT id FROM queue_jobs WHERE rowid IN (SELECT value FROM json_each(?))').all(JSON.stringify(rowids)) as {
      id: string;
    }[];
    const changed = db.transaction(() => ids.filter(({ id }) => act(run.action, id)).length, { behavior: 'immediate' });
    run.changed += changed;
    run.skipped += rowids.length - changed;
  }

  async function work(run: BulkRun, filter: JobFilter, upTo: number | undefined, signal: AbortSignal): Promise<void> {
    try {
      const { rowids } = await collect(run.action, filter, upTo, signal);
      run.total = rowids.length;
      run.state = 'working';
      for (let at = 0; at < rowids.length; at += BATCH) {
        if (signal.aborted) break;
        applyTo(run, rowids.slice(at, at + BATCH));
        await nextTurn();
      }
      run.state = signal.aborted ? 'stopped' : 'done';
    } catch (error) {
      run.state = signal.aborted ? 'stopped' : 'failed';
      if (!signal.aborted) log.error({ err: error, ...run }, 'an action on many jobs failed');
    }
  }

  return {
    async preview(action, filter) {
      const counted = countWithoutLooking(prepare, action, filter);
      if (counted) return counted;
      const { rowids, upTo } = await collect(action, filter);
      return { count: rowids.length, upTo };
    },
    start(action, filter, upTo) {
      const run: BulkRun = { id: nanoid(), action, state: 'counting', total: 0, changed: 0, skipped: 0 };
      const stopping = new AbortController();
      runs.set(run.id, { run, stopping, ended: work(run, filter, upTo, stopping.signal) });
      forgetOldest(runs);
      return { ...run };
    },
    find: (id) => copyOf(runs.get(id)?.run),
    stop(id) {
      runs.get(id)?.stopping.abort();
      return copyOf(runs.get(id)?.run);
    },
    async whenDone(id) {
      await runs.get(id)?.ended;
      return copyOf(runs.get(id)?.run);
    },
    async close() {
      for (const { stopping } of runs.values()) stopping.abort();
      await Promise.all([...runs.values()].map(({ ended }) => ended));
    },
  };
}

const copyOf = (run: BulkRun | undefined) => run && { ...run };

/** The counters know how many jobs there are of a state and a type. */
function countWithoutLooking(prepare: Prepare, action: BulkAction, filter: JobFilter): BulkPreview | undefined {
  if (filter.projectId !== undefined || filter.q !== undefined) return undefined;
  const counts = readCounts(prepare);
  const states = actionStates[action].filter((state) => filter.state === undefined || state === filter.state);
  const byState = countByState(counts);
  const count = states.reduce((sum, state) => sum + (filter.type === undefined ? byState[state] : counts.of(state, filter.type)), 0);
  const { rowid } = prepare('SELECT coalesce(max(rowid), 0) AS rowid FROM queue_jobs').get() as { rowid: number };
  return { count, upTo: rowid };
}

function forgetOldest(runs: Map<string, { run: BulkRun }>): void {
  for (const [id, { run }] of runs) {
    if (runs.size <= KEPT_RUNS) return;
    if (run.state !== 'counting' && run.state !== 'working') runs.delete(id);
  }
}
