import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, Tx } from '#server/db/open.ts';
import { queueJobAttempts } from '#server/db/queue-tables.ts';
import { queueJobs } from '#server/db/schema.ts';
import type { attemptOutcomes } from '#server/db/queue-tables.ts';
import type { LogLine } from './attempt-log.ts';

/**
 * What an attempt came to. `succeeded`, `failed` (final) and `cancelled` are those of its job; `retrying`: it threw and the job
 * waits for the next attempt; `timed_out`: it took longer than its type allows, and the job waits or has failed; `retry_later` and
 * `released` (the host stopped) were not charged; `lost`: the host died or the job was taken back, and what the handler did after
 * that counts for nothing.
 */
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** One claim of a job, as history tells it. */
export interface AttemptView {
  id: number;
  attempt: number;
  /** Boot id of the host that ran it. */
  worker: string;
  startedAtMs: number;
  /** Both null while it runs. */
  finishedAtMs: number | null;
  outcome: AttemptOutcome | null;
  error: string | null;
  /** Of a finished attempt; a running one is heard through `onLog` and `liveLog`. */
  log: LogLine[];
}

const LogLines = z.array(z.object({ atMs: z.number(), level: z.enum(['info', 'warn', 'error']), text: z.string() }));

/** Every attempt that is kept, oldest first; the one that runs, to the second, out of its job's row. */
export function listAttempts(db: Db | Tx, jobId: string): AttemptView[] {
  const kept = db
    .select()
    .from(queueJobAttempts)
    .where(eq(queueJobAttempts.jobId, jobId))
    .orderBy(asc(queueJobAttempts.id))
    .all()
    .map(({ jobId: _, logJson, ...attempt }) => ({ ...attempt, log: readLog(logJson) }));
  const job = db.select().from(queueJobs).where(eq(queueJobs.id, jobId)).get();
  return [...kept, ...unwritten(job && { ...job, lockedAtMs: job.lockedAt?.getTime() ?? 0 }, kept.at(-1))];
}

/** The attempt that runs has no row of its own before it ends, unless it has said something and gone on for a while. */
export function unwritten(
  job: { state: string; attempts: number; lockedBy: string | null; lockedAtMs: number } | undefined,
  latest: Pick<AttemptView, 'id' | 'outcome'> | undefined,
): AttemptView[] {
  if (job?.state !== 'running' || latest?.outcome === null) return [];
  const { attempts: attempt, lockedBy: worker, lockedAtMs: startedAtMs } = job;
  const running = { finishedAtMs: null, outcome: null, error: null, log: [] };
  return [{ id: (latest?.id ?? 0) + 1, attempt, worker: worker ?? '', startedAtMs, ...running }];
}

function readLog(json: string | null): LogLine[] {
  if (json === null) return [];
  try {
    return LogLines.parse(JSON.parse(json));
  } catch {
    return [];
  }
}
