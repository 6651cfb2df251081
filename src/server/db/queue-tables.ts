import { sql } from 'drizzle-orm';
import { check, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { oneOf } from './one-of.ts';

export const attemptOutcomes = ['succeeded', 'failed', 'retrying', 'retry_later', 'released', 'cancelled', 'timed_out', 'lost'] as const;

/** What each claim of a job came to; `outcome` is null in the row of one that runs and whose log was saved. A trigger deletes them with their job. */
export const queueJobAttempts = sqliteTable(
  'queue_job_attempts',
  {
    jobId: text('job_id').notNull(),
    /** Counts up within the job from 1, without a gap. */
    id: integer('id').notNull(),
    /** The job's `attempts` at the claim: a number comes again after `retry_later`, a release and an explicit retry. */
    attempt: integer('attempt').notNull(),
    /** The boot id of the host that ran it. */
    worker: text('worker').notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    finishedAtMs: integer('finished_at_ms'),
    outcome: text('outcome', { enum: attemptOutcomes }),
    error: text('error'),
    /** JSON array of {atMs, level, text}: the last 200 lines, scrubbed. */
    logJson: text('log_json'),
  },
  (table) => [
    primaryKey({ columns: [table.jobId, table.id] }),
    check('queue_job_attempts_outcome_check', sql`${table.outcome} is null or ${oneOf(table.outcome, attemptOutcomes)}`),
  ],
);

/** How many jobs there are of each type and state, kept by triggers: exact at every commit, whoever writes. All may be 0. */
export const queueCounters = sqliteTable('queue_counters', {
  type: text('type').primaryKey(),
  queued: integer('queued').notNull().default(0),
  running: integer('running').notNull().default(0),
  succeeded: integer('succeeded').notNull().default(0),
  failed: integer('failed').notNull().default(0),
  cancelled: integer('cancelled').notNull().default(0),
});

/** What the attempts of one type came to within one minute; kept 8 days. The buckets are in `queue/minutes.ts`. */
export const queueMinutes = sqliteTable(
  'queue_minutes',
  {
    minuteMs: integer('minute_ms').notNull(),
    type: text('type').notNull(),
    claimed: integer('claimed').notNull().default(0),
    succeeded: integer('succeeded').notNull().default(0),
    failed: integer('failed').notNull().default(0),
    cancelled: integer('cancelled').notNull().default(0),
    retried: integer('retried').notNull().default(0),
    waitMsSum: integer('wait_ms_sum').notNull().default(0),
    runMsSum: integer('run_ms_sum').notNull().default(0),
    waitBuckets: text('wait_buckets').notNull(),
    runBuckets: text('run_buckets').notNull(),
  },
  (table) => [primaryKey({ columns: [table.minuteMs, table.type] })],
);

/** Recurring jobs, one row a schedule that this version knows or an earlier one knew. */
export const queueSchedules = sqliteTable('queue_schedules', {
  name: text('name').primaryKey(),
  cron: text('cron').notNull(),
  type: text('type').notNull(),
  nextRunAtMs: integer('next_run_at_ms').notNull(),
  lastEnqueuedAtMs: integer('last_enqueued_at_ms'),
  lastJobId: text('last_job_id'),
});

/** One row a boot that found jobs of a host that died, and what became of them. `lost` is counted, and is 0. */
export const queueRecoveries = sqliteTable('queue_recoveries', {
  id: integer('id').primaryKey(),
  atMs: integer('at_ms').notNull(),
  requeued: integer('requeued').notNull(),
  failed: integer('failed').notNull(),
  cancelled: integer('cancelled').notNull(),
  lost: integer('lost').notNull(),
});

export const bulkRunStates = ['counting', 'working', 'done', 'stopped', 'failed'] as const;

/** Something done to all jobs of a filter, as far as it has got; the last twenty, and all that have not ended. */
export const queueBulkRuns = sqliteTable(
  'queue_bulk_runs',
  {
    id: text('id').primaryKey(),
    action: text('action').notNull(),
    state: text('state', { enum: bulkRunStates }).notNull(),
    /** JSON of a `JobFilter`. */
    filterJson: text('filter_json').notNull(),
    /** Row id in `queue_jobs` of the youngest job still to be done. */
    upTo: integer('up_to').notNull(),
    /** Jobs: that matched, that were changed, and that had changed meanwhile. */
    total: integer('total').notNull(),
    changed: integer('changed').notNull(),
    skipped: integer('skipped').notNull(),
  },
  (table) => [check('queue_bulk_runs_state_check', oneOf(table.state, bulkRunStates))],
);

export type QueueJobAttempt = typeof queueJobAttempts.$inferSelect;
export type QueueMinute = typeof queueMinutes.$inferSelect;
export type QueueSchedule = typeof queueSchedules.$inferSelect;
export type QueueRecovery = typeof queueRecoveries.$inferSelect;
