import type { Clock } from '#server/clock.ts';
import type { Db, Sqlite } from '#server/db/open.ts';
import { AppError } from '#server/errors.ts';
import type { Log } from '#server/log.ts';
import type { Queue } from '../queue.ts';
import type { QueueSettingsPatch } from '../settings.ts';
import type { SetAlarm } from '../timing.ts';
import { tryAction } from './actions.ts';
import type { ActionQueue, JobAction } from './actions.ts';
import { createBulk } from './bulk.ts';
import type { Bulk } from './bulk.ts';
import { createChangeFeed } from './change-feed.ts';
import type { QueueChanged } from './change-feed.ts';
import { readCounts } from './counts.ts';
import { countNewer, findJobs, findJobsById } from './find-jobs.ts';
import type { JobPage, JobRow } from './find-jobs.ts';
import { readJobDetail } from './job-detail.ts';
import type { JobDetail } from './job-detail.ts';
import type { JobFilter, JobOrder } from './job-filter.ts';
import { createStatementCache } from './job-source.ts';
import { readNumbers } from './numbers.ts';
import type { QueueNumbers } from './numbers.ts';
import { createSeriesReader } from './series.ts';
import type { ChartRange, Series } from './series.ts';
import type { DefinitionOf } from './why-waiting.ts';

export interface MonitorOptions {
  db: Db;
  /** The connection underneath `db`. */
  sqlite: Sqlite;
  clock: Clock;
  log: Log;
  queue: ActionQueue & Pick<Queue, 'settings' | 'updateSettings' | 'liveLog'>;
  /** Hears of changes at most four times a second. */
  announce(changed: QueueChanged): void;
  definitionOf?: DefinitionOf;
  /** Timers, for tests that own the time. */
  setAlarm?: SetAlarm;
}

/** What the queue is doing and why, for people: each answer in bounded time, at a million rows as at ten. */
export interface Monitor {
  numbers(): QueueNumbers;
  /** Types that have or had jobs, by name. */
  types(): string[];
  series(range: ChartRange, type?: string): Series;
  jobs(filter: JobFilter, options?: { cursor?: string | undefined; limit?: number | undefined; order?: JobOrder | undefined }): JobPage;
  jobsById(ids: readonly string[]): JobRow[];
  /** How many jobs of the filter stand before the first of a page, up to 100. */
  countNewer(filter: JobFilter, topCursor: string | undefined): number;
  /** How many jobs a filter of state and type has; undefined when that would have to be counted. */
  count(filter: JobFilter): number | undefined;
  job(jobId: string): JobDetail | undefined;
  /** @throws AppError that says why the job, as it is now, does not allow it. */
  act(action: JobAction, jobId: string): void;
  /** Stored and in force at once, and told to open pages. */
  updateSettings(patch: QueueSettingsPatch): void;
  bulk: Bulk;
  /** A job changed: tell open pages soon. */
  note(jobId: string): void;
  close(): Promise<void>;
}

const NEWS_CAP = 100;

/** Creates the read side of the queue on a migrated database. It writes nothing but by the queue's own statements. */
export function createMonitor(options: MonitorOptions): Monitor {
  const { db, clock, log, queue } = options;
  const prepare = createStatementCache(options.sqlite);
  const readSeries = createSeriesReader(prepare);
  const feed = createChangeFeed(options.announce, options.setAlarm);
  const act = (action: JobAction, jobId: string) => {
    const problem = tryAction(queue, action, jobId);
    // The queue itself announces every other change.
    if (!problem && action === 'delete') feed.note(jobId);
    return problem;
  };
  const bulk = createBulk({ db, prepare, log, act: (action, jobId) => act(action, jobId) === undefined });
  return {
    numbers: () => readNumbers(prepare, clock.now()),
    types: () => readCounts(prepare).types,
    series: (range, type) => readSeries(range, type, clock.now()),
    jobs: (filter, page) => findJobs(prepare, filter, page),
    jobsById: (ids) => findJobsById(prepare, ids),
    countNewer: (filter, topCursor) => countNewer(prepare, filter, topCursor, NEWS_CAP),
    count({ state, type, projectId, q }) {
      if (projectId !== undefined || q !== undefined) return undefined;
      const counts = readCounts(prepare);
      if (state === undefined) return type === undefined ? counts.total : counts.ofType(type);
      return type === undefined ? counts.ofState(state) : counts.of(state, type);
    },
    job: (jobId) =>
      readJobDetail(prepare, jobId, {
        nowMs: clock.now(),
        ...queue.settings(),
        definitionOf: options.definitionOf ?? (() => undefined),
        liveLog: queue.liveLog,
      }),
    act(action, jobId) {
      const problem = act(action, jobId);
      if (problem) throw new AppError(problem);
    },
    updateSettings(patch) {
      queue.updateSettings(patch);
      feed.noteAnything();
    },
    bulk,
    note: (jobId) => feed.note(jobId),
    async close() {
      feed.stop();
      await bulk.close();
    },
  };
}
