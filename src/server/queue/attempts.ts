import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, Tx } from '#server/db/open.ts';
import { queueJobAttempts } from '#server/db/queue-tables.ts';
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

/** Every attempt that is kept, oldest first. */
export function listAttempts(db: Db | Tx, jobId: string): AttemptView[] {
  return db
    .select()
    .from(queueJobAttempts)
    .where(eq(queueJobAttempts.jobId, jobId))
    .orderBy(asc(queueJobAttempts.id))
    .all()
    .map(({ jobId: _, logJson, ...attempt }) => ({ ...attempt, log: readLog(logJson) }));
}

function readLog(json: string | null): LogLine[] {
  if (json === null) return [];
  try {
    return LogLines.parse(JSON.parse(json));
  } catch {
    return [];
  }
}
