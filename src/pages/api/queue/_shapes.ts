import { z } from 'zod';
import { attemptOutcomes } from '#server/db/queue-tables.ts';
import { queueJobStates } from '#server/db/schema.ts';
import { bulkActions } from '#server/queue/monitor/bulk-rows.ts';
import type { JobRow } from '#server/queue/monitor/find-jobs.ts';
import type { JobDetail } from '#server/queue/monitor/job-detail.ts';
import { JobFilter, jobOrders } from '#server/queue/monitor/job-filter.ts';
import { redactPayload, redactText } from '#server/queue/redact.ts';
import type { Services } from '#server/services.ts';
import { AppError } from '#server/errors.ts';

export const JobParams = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) });

const nothingWhenEmpty = <T extends z.ZodType>(shape: T) => z.preprocess((value) => (value === '' ? undefined : value), shape.optional());

export const JobsQuery = JobFilter.extend({
  cursor: nothingWhenEmpty(z.string().max(64)),
  limit: nothingWhenEmpty(z.coerce.number().int().min(1).max(200)),
  order: nothingWhenEmpty(z.enum(jobOrders)),
});

export const JobShape = z.object({
  id: z.string(),
  type: z.string(),
  state: z.enum(queueJobStates),
  projectId: z.string().nullable(),
  priority: z.number().int(),
  attempts: z.number().int(),
  maxAttempts: z.number().int(),
  runAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  cancelRequestedAt: z.iso.datetime().nullable(),
  lastError: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
type JobShape = z.infer<typeof JobShape>;

export const JobsAnswer = z.object({
  jobs: z.array(JobShape),
  nextCursor: z.string().nullable(),
  /** Present when no more than these rows could be looked through at once; `nextCursor` goes on from there. */
  lookedThrough: z.object({ rows: z.number().int(), until: z.iso.datetime() }).nullable(),
});

export const JobDetailShape = JobShape.extend({
  dedupeKey: z.string().nullable(),
  /** Secrets are hidden. */
  payload: z.unknown(),
  waits: z.array(z.object({ code: z.string(), message: z.string(), jobId: z.string().optional() })),
  next: z.object({ message: z.string(), at: z.iso.datetime().nullable() }),
  /** Newest first; the last fifty. */
  history: z.array(
    z.object({
      attempt: z.number().int(),
      worker: z.string(),
      startedAt: z.iso.datetime(),
      finishedAt: z.iso.datetime().nullable(),
      outcome: z.enum(attemptOutcomes).nullable(),
      error: z.string().nullable(),
      log: z.array(z.object({ at: z.iso.datetime(), level: z.string(), text: z.string() })),
    }),
  ),
});
export const JobAnswer = z.object({ job: JobDetailShape });

const flag = z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean());

export const QueueSettingsShape = z.object({ paused: z.boolean(), concurrency: z.number().int() });
export const QueueSettingsPatch = z.strictObject({
  paused: flag.optional(),
  concurrency: z
    .preprocess((value) => (typeof value === 'string' && value !== '' ? Number(value) : value), z.number().int().min(1).max(100))
    .optional(),
});

export const BulkShape = z.object({
  id: z.string(),
  action: z.enum(bulkActions),
  state: z.enum(['counting', 'working', 'done', 'stopped', 'failed']),
  total: z.number().int(),
  changed: z.number().int(),
  skipped: z.number().int(),
});
export const BulkAnswer = z.object({ bulk: BulkShape });

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const isoOrNull = (seconds: number | null) => (seconds === null ? null : iso(seconds));
const isoOfMs = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

export function shapeJob(job: JobRow): JobShape {
  return {
    id: job.id,
    type: job.type,
    state: job.state,
    projectId: job.projectId,
    priority: job.priority,
    attempts: job.attempts,
    maxAttempts: job.maxAttempts,
    runAt: iso(job.runAt),
    startedAt: isoOrNull(job.lockedAt),
    cancelRequestedAt: isoOrNull(job.cancelRequestedAt),
    lastError: job.lastError === null ? null : redactText(job.lastError),
    createdAt: iso(job.createdAt),
    updatedAt: iso(job.updatedAt),
  };
}

export function shapeDetail({ job, dedupeKey, payloadJson, outlook, attempts }: JobDetail): z.infer<typeof JobDetailShape> {
  return {
    ...shapeJob(job),
    dedupeKey,
    payload: redactPayload(payloadJson),
    waits: outlook.waits,
    next: { message: outlook.next.message, at: isoOfMs(outlook.next.atMs) },
    history: attempts.map(({ attempt, worker, startedAtMs, finishedAtMs, outcome, error, log }) => ({
      attempt,
      worker,
      startedAt: isoOfMs(startedAtMs)!,
      finishedAt: isoOfMs(finishedAtMs),
      outcome,
      error: error === null ? null : redactText(error),
      log: log.map((line) => ({ at: isoOfMs(line.atMs)!, level: line.level, text: line.text })),
    })),
  };
}

/** @throws AppError `job_not_found`. */
export function getJob({ monitor }: Services, id: string): z.infer<typeof JobDetailShape> {
  const detail = monitor.job(id);
  if (!detail) throw new AppError('job_not_found');
  return shapeDetail(detail);
}
