import { readCounts } from './counts.ts';
import { cursorOf, placeOf } from './job-filter.ts';
import type { JobFilter, JobOrder, Place } from './job-filter.ts';
import { chooseSource } from './job-source.ts';
import type { JobSource, Prepare, Segment } from './job-source.ts';
import type { JobState } from '../statements.ts';

/** A row of a list. Times are whole seconds since the epoch. */
export interface JobRow {
  rowid: number;
  id: string;
  type: string;
  state: JobState;
  projectId: string | null;
  priority: number;
  attempts: number;
  maxAttempts: number;
  runAt: number;
  lockedAt: number | null;
  cancelRequestedAt: number | null;
  lastError: string | null;
  createdAt: number;
  updatedAt: number;
}

export interface JobPage {
  jobs: JobRow[];
  /** Where the list goes on; undefined at its end. */
  nextCursor: string | undefined;
  /** Of the first job, or of the place it was looked from; undefined when the list is empty. */
  topCursor: string | undefined;
  /** Said when fewer than a page were found within the rows that one request may look at, and there are more to look at. */
  lookedThrough: { rows: number; until: number } | undefined;
}

export const MAX_PAGE = 200;
/** How many rows one request looks at when no index holds the answer, some 20 ms of reading; half as many where they lie scattered. */
export const LOOK_BUDGET = 20_000;
/** An id is looked up by its beginning from this many characters on, if no more than that many begin so. */
const ID_PREFIX = 4;
const ID_HITS = 10;

const columns = `id, type, state, project_id AS projectId, priority, attempts, max_attempts AS maxAttempts, run_at AS runAt,
  locked_at AS lockedAt, cancel_requested_at AS cancelRequestedAt, last_error AS lastError, created_at AS createdAt,
  updated_at AS updatedAt`;

/**
 * A page of the jobs of a filter, in bounded time however many rows there are: each filter walks the index that meets the fewest
 * rows, and where it has to check rows one by one it stops after `LOOK_BUDGET` of them and says how far it got.
 *
 * Order: by insertion; with a state (but `running`) by when the job was due, then insertion. Jobs whose id begins with the text
 * come first.
 */
export function findJobs(
  prepare: Prepare,
  filter: JobFilter,
  options: { cursor?: string | undefined; limit?: number | undefined; order?: JobOrder | undefined; budget?: number } = {},
): JobPage {
  const { order = 'newest' } = options;
  const limit = Math.max(1, Math.min(MAX_PAGE, options.limit ?? 50));
  const counts = readCounts(prepare);
  const { state, type } = filter;
  if (state !== undefined && type !== undefined && counts.of(state, type) === 0) return emptyPage;
  const after = placeOf(options.cursor);
  const source = chooseSource(filter, counts, after);
  const budget = options.budget ?? (source.by === 'due' ? LOOK_BUDGET / 2 : LOOK_BUDGET);
  const named = findByIdPrefix(prepare, filter, Math.min(ID_HITS, limit - 1));
  const hits = after ? [] : named;
  if (named.length > 0) {
    source.rest.conditions.push('id NOT IN (SELECT value FROM json_each(?))');
    source.rest.params.push(JSON.stringify(named.map(({ id }) => id)));
  }
  const segments = source.segments(source.by === after?.by ? after : undefined, order);
  const found = walk(prepare, source, segments, limit + 1 - hits.length, budget);
  const page = found.jobs.slice(0, limit - hits.length);
  const last = page.at(-1);
  const more = found.jobs.length > page.length && last ? placeAt(source, last) : found.stoppedAt;
  const first = page[0];
  return {
    jobs: [...hits, ...page],
    nextCursor: more && cursorOf(more),
    topCursor: first ? cursorOf(placeAt(source, first)) : options.cursor,
    lookedThrough: found.stoppedAt && found.jobs.length <= page.length ? { rows: budget, until: found.stoppedAtTime } : undefined,
  };
}

const emptyPage: JobPage = { jobs: [], nextCursor: undefined, topCursor: undefined, lookedThrough: undefined };

/** These jobs, in no order; those that are gone are missing. */
export function findJobsById(prepare: Prepare, ids: readonly string[]): JobRow[] {
  return prepare(`SELECT rowid, ${columns} FROM queue_jobs WHERE id IN (SELECT value FROM json_each(?))`).all(
    JSON.stringify(ids),
  ) as JobRow[];
}

function placeAt(source: JobSource, { runAt, rowid }: Pick<JobRow, 'runAt' | 'rowid'>): Place {
  return source.by === 'row' ? { by: 'row', rowid } : { by: 'due', runAt, rowid };
}

interface Found {
  jobs: JobRow[];
  /** The last row that was looked at, when the budget ended the walk. */
  stoppedAt: Place | undefined;
  stoppedAtTime: number;
}

// The inner query ends the walk at the budget; SQLite runs it row by row under the outer one, which stops at the limit.
function walk(prepare: Prepare, source: JobSource, segments: readonly Segment[], limit: number, budget: number): Found {
  const { conditions, params } = source.rest;
  const checks = conditions.length > 0;
  const where = checks ? `WHERE ${conditions.join(' AND ')}` : '';
  const jobs: JobRow[] = [];
  let left = budget;
  for (const segment of segments) {
    if (limit <= jobs.length) break;
    const inner = `SELECT rowid, * ${segment.from} ${segment.order} LIMIT ?`;
    const sql = `SELECT rowid, ${columns} FROM (${inner}) ${where} LIMIT ?`;
    const wanted = limit - jobs.length;
    jobs.push(...(prepare(sql).all(...segment.params, checks ? left : wanted, ...params, wanted) as JobRow[]));
    if (!checks || jobs.length >= limit) continue;
    const end = rowAt(prepare, segment, left - 1);
    if (end) return { jobs, stoppedAt: placeAt(source, end), stoppedAtTime: end.createdAt };
    left -= (prepare(`SELECT count(*) AS rows ${segment.from}`).get(...segment.params) as { rows: number }).rows;
  }
  return { jobs, stoppedAt: undefined, stoppedAtTime: 0 };
}

function rowAt(prepare: Prepare, { from, order, params }: Segment, offset: number) {
  return prepare(`SELECT rowid, run_at AS runAt, created_at AS createdAt ${from} ${order} LIMIT 1 OFFSET ?`).get(...params, offset) as
    Pick<JobRow, 'rowid' | 'runAt' | 'createdAt'> | undefined;
}

function findByIdPrefix(prepare: Prepare, filter: JobFilter, most: number): JobRow[] {
  if (filter.q === undefined || filter.q.length < ID_PREFIX) return [];
  const begins = prepare(`SELECT rowid, ${columns} FROM queue_jobs WHERE id >= ? AND id < ? LIMIT ?`);
  const named = begins.all(filter.q, `${filter.q}\u{10FFFF}`, most + 1) as JobRow[];
  if (named.length > most) return [];
  const { state, type, projectId } = filter;
  return named.filter(
    (job) =>
      (state === undefined || job.state === state) &&
      (type === undefined || job.type === type) &&
      (projectId === undefined || job.projectId === projectId),
  );
}

/** How many jobs of the filter come before `topCursor`, up to `limit`: those that appeared since a page was shown. */
export function countNewer(prepare: Prepare, filter: JobFilter, topCursor: string | undefined, limit: number): number {
  return findJobs(prepare, filter, { cursor: topCursor, limit, order: topCursor ? 'oldest' : 'newest', budget: NEWS_BUDGET }).jobs.length;
}
const NEWS_BUDGET = 2_000;
