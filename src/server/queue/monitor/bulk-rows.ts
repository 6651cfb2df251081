import type { bulkRunStates } from '#server/db/queue-tables.ts';
import type { JobFilter } from './job-filter.ts';
import type { Prepare } from './job-source.ts';

export const bulkActions = ['cancel', 'retry', 'run-now', 'delete'] as const;
export type BulkAction = (typeof bulkActions)[number];

/** Something done to many jobs, as far as it has got. */
export interface BulkRun {
  id: string;
  action: BulkAction;
  state: (typeof bulkRunStates)[number];
  /** Jobs that matched; 0 while they are counted. */
  total: number;
  /** Jobs that the action changed. */
  changed: number;
  /** Jobs that it could not be applied to any more. */
  skipped: number;
}

/** A run with what it needs to go on, in this process or the next. */
export interface StoredRun extends BulkRun {
  filter: JobFilter;
  /** Row id of the youngest job that is still to be done: the newest ones come first. */
  upTo: number;
}

const KEPT_RUNS = 20;
const COLUMNS = 'id, action, state, total, changed, skipped';
const LIVE = "state IN ('counting', 'working')";

/** The rows of `queue_bulk_runs`. Statements are prepared when they are first used. */
export function createBulkRows(prepare: Prepare) {
  return {
    /** Older runs that have ended are forgotten, but for the last twenty. */
    add(run: StoredRun): void {
      const { filter, ...fields } = run;
      prepare(
        `INSERT INTO queue_bulk_runs (${COLUMNS}, filter_json, up_to) VALUES (@id, @action, @state, @total, @changed, @skipped, @filterJson, @upTo)`,
      ).run({ ...fields, filterJson: JSON.stringify(filter) });
      prepare(
        `DELETE FROM queue_bulk_runs WHERE NOT ${LIVE} AND rowid <= (SELECT rowid FROM queue_bulk_runs ORDER BY rowid DESC LIMIT 1 OFFSET ?)`,
      ).run(KEPT_RUNS);
    },
    find: (id: string) => prepare(`SELECT ${COLUMNS} FROM queue_bulk_runs WHERE id = ?`).get(id) as BulkRun | undefined,
    /** The newest that has not ended. */
    findLive: () =>
      prepare(`SELECT ${COLUMNS} FROM queue_bulk_runs WHERE ${LIVE} ORDER BY rowid DESC LIMIT 1`).get() as BulkRun | undefined,
    /** All that have not ended, oldest first. */
    listLive(): StoredRun[] {
      const rows = prepare(
        `SELECT ${COLUMNS}, filter_json AS filterJson, up_to AS upTo FROM queue_bulk_runs WHERE ${LIVE} ORDER BY rowid`,
      ).all() as (BulkRun & { filterJson: string; upTo: number })[];
      return rows.map(({ filterJson, ...row }) => ({ ...row, filter: JSON.parse(filterJson) as JobFilter }));
    },
    isLive: (id: string) => prepare(`SELECT 1 FROM queue_bulk_runs WHERE id = ? AND ${LIVE}`).get(id) !== undefined,
    /** What has ended stays as it is. */
    save({ filter: _filter, action: _action, ...fields }: StoredRun): void {
      prepare(
        `UPDATE queue_bulk_runs SET state = @state, total = @total, changed = @changed, skipped = @skipped, up_to = @upTo
         WHERE id = @id AND ${LIVE}`,
      ).run(fields);
    },
    stop: (id: string) => void prepare(`UPDATE queue_bulk_runs SET state = 'stopped' WHERE id = ? AND ${LIVE}`).run(id),
  };
}
