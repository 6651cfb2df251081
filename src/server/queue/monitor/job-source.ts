import type { Sqlite } from '#server/db/open.ts';
import type { JobState } from '../statements.ts';
import type { JobCounts } from './counts.ts';
import type { JobFilter, JobOrder, Place } from './job-filter.ts';

/** An ordered run of rows, walked through an index: `FROM … WHERE … ORDER BY …` and its parameters. */
export interface Segment {
  from: string;
  order: string;
  params: (string | number)[];
}

/** Where to look for the jobs of a filter, and what of the filter still has to be checked on each row found there. */
export interface JobSource {
  by: Place['by'];
  segments(after: Place | undefined, order: JobOrder): Segment[];
  rest: { conditions: string[]; params: (string | number)[] };
}

/**
 * Chooses the walk that meets the fewest rows: a project's own, else the smaller one of state and type, else the table itself.
 * State is written into the SQL: SQLite would prepare again for each bound value, and could use no partial index.
 */
export function chooseSource(filter: JobFilter, counts: JobCounts, after: Place | undefined): JobSource {
  const { state, type, projectId } = filter;
  const walk = chooseWalk(filter, counts, after);
  const conditions: string[] = [];
  const params: (string | number)[] = [];
  if (state !== undefined && walk !== 'state' && walk !== 'running') conditions.push(`state = '${state}'`);
  if (type !== undefined && walk !== 'type') {
    conditions.push('type = ?');
    params.push(type);
  }
  if (projectId !== undefined && walk !== 'project') {
    conditions.push('project_id = ?');
    params.push(projectId);
  }
  if (filter.q !== undefined) {
    const pattern = likePattern(filter.q);
    conditions.push(`(${['id', 'type', 'payload_json', 'last_error'].map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')})`);
    params.push(pattern, pattern, pattern, pattern);
  }
  const rest = { conditions, params };
  switch (walk) {
    case 'state':
      return { by: 'due', rest, segments: (place, order) => byDueTime(state!, place, order) };
    case 'running':
      return {
        by: 'row',
        rest,
        segments: (place, order) => byRow("INDEXED BY queue_jobs_runnable_idx WHERE state = 'running'", [], place, order),
      };
    case 'type':
      return { by: 'row', rest, segments: (place, order) => byRow('INDEXED BY queue_jobs_type_idx WHERE type = ?', [type!], place, order) };
    case 'project':
      return {
        by: 'row',
        rest,
        segments: (place, order) => byRow('INDEXED BY queue_jobs_project_id_idx WHERE project_id = ?', [projectId!], place, order),
      };
    case 'all':
      return { by: 'row', rest, segments: (place, order) => byRow('NOT INDEXED WHERE true', [], place, order) };
  }
}

type Walk = 'state' | 'running' | 'type' | 'project' | 'all';

function chooseWalk({ state, type, projectId }: JobFilter, counts: JobCounts, after: Place | undefined): Walk {
  if (state === 'running') return 'running';
  if (projectId !== undefined) return 'project';
  if (state === undefined) return type === undefined ? 'all' : 'type';
  if (type === undefined) return 'state';
  if (after) return after.by === 'due' ? 'state' : 'type';
  return counts.ofState(state) <= counts.ofType(type) ? 'state' : 'type';
}

function byRow(where: string, params: (string | number)[], after: Place | undefined, order: JobOrder): Segment[] {
  const [past, direction] = order === 'newest' ? ['<', 'DESC'] : ['>', 'ASC'];
  const from = `FROM queue_jobs ${where}${after ? ` AND rowid ${past} ?` : ''}`;
  return [{ from, order: `ORDER BY rowid ${direction}`, params: after ? [...params, after.rowid] : params }];
}

/**
 * Along `queue_jobs_runnable_idx (state, run_at, lock_expires_at)`. Thousands of jobs may be due in one second, so what is left
 * of the cursor's second is a walk of its own, by rowid: rows that do not run have no lease.
 */
function byDueTime(state: JobState, after: Place | undefined, order: JobOrder): Segment[] {
  const [past, direction] = order === 'newest' ? ['<', 'DESC'] : ['>', 'ASC'];
  const from = `FROM queue_jobs INDEXED BY queue_jobs_runnable_idx WHERE state = '${state}'`;
  const sorted = `ORDER BY run_at ${direction}, lock_expires_at ${direction}, rowid ${direction}`;
  if (after?.by !== 'due') return [{ from, order: sorted, params: [] }];
  return [
    {
      from: `${from} AND run_at = ? AND lock_expires_at IS NULL AND rowid ${past} ?`,
      order: `ORDER BY rowid ${direction}`,
      params: [after.runAt, after.rowid],
    },
    { from: `${from} AND run_at ${past} ?`, order: sorted, params: [after.runAt] },
  ];
}

/** A LIKE pattern for text anywhere within a column. */
function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

type Bound = string | number | Record<string, string | number>;

/** Prepares each text once: the filters have a few dozen of them. */
export function createStatementCache(sqlite: Sqlite) {
  const prepare = (sql: string) => sqlite.prepare<Bound[]>(sql);
  const prepared = new Map<string, ReturnType<typeof prepare>>();
  return (sql: string) => {
    let statement = prepared.get(sql);
    if (!statement) prepared.set(sql, (statement = prepare(sql)));
    return statement;
  };
}
export type Prepare = ReturnType<typeof createStatementCache>;
