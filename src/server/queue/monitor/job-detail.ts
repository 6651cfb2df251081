import type { LogLine } from '../attempt-log.ts';
import { unwritten } from '../attempts.ts';
import type { AttemptView } from '../attempts.ts';
import type { JobRow } from './find-jobs.ts';
import { findJobsById } from './find-jobs.ts';
import type { Prepare } from './job-source.ts';
import { explainJob } from './why-waiting.ts';
import type { DefinitionOf, Outlook, RunningJob } from './why-waiting.ts';

export interface JobDetail {
  job: JobRow;
  dedupeKey: string | null;
  payloadJson: string;
  /** The newest first, at most `SHOWN_ATTEMPTS` of them. */
  attempts: AttemptView[];
  attemptCount: number;
  outlook: Outlook;
}

export interface DetailFacts {
  nowMs: number;
  paused: boolean;
  concurrency: number;
  definitionOf: DefinitionOf;
  /** Lines of a running attempt, which its row does not hold yet. */
  liveLog(jobId: string): readonly LogLine[];
}

export const SHOWN_ATTEMPTS = 50;
const AHEAD_CAP = 1_000;

/** Everything about one job; undefined when there is none. */
export function readJobDetail(prepare: Prepare, jobId: string, facts: DetailFacts): JobDetail | undefined {
  const [job] = findJobsById(prepare, [jobId]);
  if (!job) return undefined;
  const { payloadJson, dedupeKey, predecessorId, lock } = readKey(prepare, jobId);
  const written = readAttempts(prepare, jobId);
  const running = unwritten({ ...job, ...lock }, written[0]);
  const attempts = [...running, ...written].slice(0, SHOWN_ATTEMPTS);
  const live = attempts.find(({ outcome }) => outcome === null);
  if (live && live.log.length === 0) live.log = [...facts.liveLog(jobId)];
  const { count } = prepare('SELECT count(*) AS count FROM queue_job_attempts WHERE job_id = ?').get(jobId) as { count: number };
  const outlook = explainJob({
    job: { ...job, runAtMs: job.runAt * 1000, cancelRequested: job.cancelRequestedAt !== null },
    nowMs: facts.nowMs,
    paused: facts.paused,
    concurrency: facts.concurrency,
    running: readRunning(prepare),
    definitionOf: facts.definitionOf,
    predecessorId,
    ahead: job.state === 'queued' ? countAhead(prepare, job, facts.nowMs) : { count: 0, atLeast: false },
  });
  return { job, dedupeKey, payloadJson, attempts, attemptCount: count + running.length, outlook };
}

interface Key {
  payloadJson: string;
  dedupeKey: string | null;
  predecessorId: string | undefined;
  lock: { lockedBy: string | null; lockedAtMs: number };
}

// A successor waits for the live job that holds its key.
function readKey(prepare: Prepare, jobId: string): Key {
  const { follows, lockedBy, lockedAtMs, ...row } = prepare(
    `SELECT payload_json AS payloadJson, dedupe_key AS dedupeKey, coalesce(dedupe_active, '') = 'successor' AS follows,
       locked_by AS lockedBy, coalesce(locked_at, 0) * 1000 AS lockedAtMs FROM queue_jobs WHERE id = ?`,
  ).get(jobId) as { payloadJson: string; dedupeKey: string | null; follows: 0 | 1 } & Key['lock'];
  const lock = { lockedBy, lockedAtMs };
  if (follows === 0 || row.dedupeKey === null) return { ...row, lock, predecessorId: undefined };
  const holder = prepare(`SELECT id FROM queue_jobs WHERE dedupe_key = ? AND dedupe_active = 'active'`).get(row.dedupeKey) as
    { id: string } | undefined;
  return { ...row, lock, predecessorId: holder?.id };
}

/** The jobs that run, at most a hundred by the limit on concurrency. */
export function readRunning(prepare: Prepare): RunningJob[] {
  return prepare(
    `SELECT id, type, project_id AS projectId FROM queue_jobs INDEXED BY queue_jobs_runnable_idx WHERE state = 'running'`,
  ).all() as RunningJob[];
}

function readAttempts(prepare: Prepare, jobId: string): AttemptView[] {
  const rows = prepare(
    `SELECT id, attempt, worker, started_at_ms AS startedAtMs, finished_at_ms AS finishedAtMs, outcome, error, log_json AS logJson
     FROM queue_job_attempts WHERE job_id = ? ORDER BY id DESC LIMIT ${SHOWN_ATTEMPTS}`,
  ).all(jobId) as (Omit<AttemptView, 'log'> & { logJson: string | null })[];
  return rows.map(({ logJson, ...attempt }) => ({ ...attempt, log: logJson === null ? [] : (JSON.parse(logJson) as LogLine[]) }));
}

// Distinct priorities are walked one by one, as the pump does: those of a higher one, then the earlier ones of its own.
function countAhead(prepare: Prepare, job: JobRow, nowMs: number): { count: number; atLeast: boolean } {
  const now = Math.floor(nowMs / 1000);
  const queued = `SELECT 1 FROM queue_jobs INDEXED BY queue_jobs_ready_idx WHERE state = 'queued'`;
  const count = (where: string, ...params: number[]) =>
    (prepare(`SELECT count(*) AS count FROM (${queued} AND ${where} LIMIT ${AHEAD_CAP})`).get(...params) as { count: number }).count;
  let ahead = count('priority = ?+0 AND run_at <= ?+0 AND (run_at, rowid) < (?, ?)', job.priority, now, job.runAt, job.rowid);
  const above = prepare(
    `SELECT min(priority) AS priority FROM queue_jobs INDEXED BY queue_jobs_ready_idx WHERE state = 'queued' AND priority > ?+0`,
  );
  let priority = (above.get(job.priority) as { priority: number | null }).priority;
  while (priority !== null && ahead < AHEAD_CAP) {
    ahead += count('priority = ?+0 AND run_at <= ?+0', priority, now);
    priority = (above.get(priority) as { priority: number | null }).priority;
  }
  return { count: Math.min(ahead, AHEAD_CAP), atLeast: ahead >= AHEAD_CAP };
}
