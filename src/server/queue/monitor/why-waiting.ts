import type { JobDefinition } from '../job.ts';
import type { JobState } from '../statements.ts';

/** A job that runs at the moment. */
export interface RunningJob {
  id: string;
  type: string;
  projectId: string | null;
}

/** What can hold back the jobs of a type; undefined for one that nobody defined. */
export type DefinitionOf = (type: string) => Pick<JobDefinition, 'concurrency' | 'lane'> | undefined;

/** Everything that can hold a job back. */
export interface WaitingFacts {
  job: {
    state: JobState;
    type: string;
    projectId: string | null;
    runAtMs: number;
    attempts: number;
    maxAttempts: number;
    lastError: string | null;
    cancelRequested: boolean;
  };
  nowMs: number;
  paused: boolean;
  concurrency: number;
  running: readonly RunningJob[];
  definitionOf: DefinitionOf;
  /** The live job whose successor this one is. */
  predecessorId?: string | undefined;
  /** Due jobs that come before it; `atLeast` when there may be more. */
  ahead: { count: number; atLeast: boolean };
}

export type WaitCode =
  | 'paused'
  | 'backing_off'
  | 'scheduled'
  | 'predecessor'
  | 'project_busy'
  | 'type_limit'
  | 'concurrency'
  | 'behind_others'
  | 'about_to_start';

export interface WaitReason {
  code: WaitCode;
  /** One sentence. */
  message: string;
  /** The job that is in the way. */
  jobId?: string;
}

/** Why a queued job does not run yet, the weightiest reason first, and what will happen to a job next. */
export interface Outlook {
  waits: WaitReason[];
  next: { message: string; atMs: number | null };
}

export function explainJob(facts: WaitingFacts): Outlook {
  const waits = facts.job.state === 'queued' ? reasonsToWait(facts) : [];
  return { waits, next: whatComesNext(facts, waits) };
}

function reasonsToWait(facts: WaitingFacts): WaitReason[] {
  const { job, running, concurrency, definitionOf, ahead } = facts;
  const reasons: WaitReason[] = [];
  if (facts.paused) reasons.push({ code: 'paused', message: 'The queue is paused: nothing starts until it is resumed.' });
  if (job.runAtMs > facts.nowMs) reasons.push(notDue(job));
  if (facts.predecessorId !== undefined) {
    reasons.push({
      code: 'predecessor',
      message: 'It follows a job that does the same work and has not ended.',
      jobId: facts.predecessorId,
    });
  }
  const lane = definitionOf(job.type)?.lane;
  const inTheWay = ({ type, projectId }: RunningJob) => projectId === job.projectId && definitionOf(type)?.lane === lane;
  const blocker = job.projectId === null ? undefined : running.find(inTheWay);
  if (blocker) {
    const message = `Its project is busy with ${blocker.type}; jobs of one project run one at a time.`;
    reasons.push({ code: 'project_busy', message, jobId: blocker.id });
  }
  const typeLimit = definitionOf(job.type)?.concurrency;
  const ofType = running.filter(({ type }) => type === job.type).length;
  if (typeLimit !== undefined && ofType >= typeLimit) {
    reasons.push({ code: 'type_limit', message: `${countOf(typeLimit, 'job')} of type ${job.type} may run at once, and that many do.` });
  }
  if (running.length >= concurrency) {
    reasons.push({ code: 'concurrency', message: `All ${countOf(concurrency, 'place')} are taken.` });
  }
  if (job.runAtMs <= facts.nowMs && ahead.count > 0) {
    const jobs = `${ahead.atLeast ? 'At least ' : ''}${countOf(ahead.count, 'job')} ${ahead.count === 1 ? 'comes' : 'come'}`;
    reasons.push({ code: 'behind_others', message: `${jobs} before it, by priority and time.` });
  }
  if (reasons.length === 0) reasons.push({ code: 'about_to_start', message: 'Nothing holds it back: it is about to start.' });
  return reasons;
}

function notDue({ attempts, maxAttempts, lastError }: WaitingFacts['job']): WaitReason {
  if (attempts > 0 && lastError !== null) {
    return { code: 'backing_off', message: `Attempt ${attempts} of ${maxAttempts} failed: ${lastError}` };
  }
  return { code: 'scheduled', message: 'It is not due yet.' };
}

function whatComesNext(facts: WaitingFacts, waits: readonly WaitReason[]): Outlook['next'] {
  const { job } = facts;
  switch (job.state) {
    case 'running':
      return { message: describeEnd(job), atMs: null };
    case 'queued':
      return describeStart(facts, waits);
    case 'succeeded':
      return { message: 'Nothing: it is done. The row is deleted when it is old enough.', atMs: null };
    case 'failed':
      return { message: 'Nothing by itself. Retry gives it all its attempts again.', atMs: null };
    case 'cancelled':
      return { message: 'Nothing by itself. Retry puts it back into the queue.', atMs: null };
  }
}

function describeEnd({ cancelRequested, attempts, maxAttempts }: WaitingFacts['job']): string {
  if (cancelRequested) return 'It was told to stop, and ends as cancelled whatever its handler still returns.';
  return attempts < maxAttempts
    ? `If this attempt fails, it waits a while and starts again; ${countOf(maxAttempts - attempts, 'attempt')} would be left.`
    : 'This is its last attempt: if it fails, the job has failed.';
}

function describeStart({ job, nowMs, paused }: WaitingFacts, waits: readonly WaitReason[]): Outlook['next'] {
  const attempt = `attempt ${job.attempts + 1} of ${job.maxAttempts}`;
  const [first] = waits;
  if (paused) return { message: `Once the queue is resumed, ${attempt} starts when its turn comes.`, atMs: null };
  if (job.runAtMs > nowMs) return { message: `It becomes due, and ${attempt} starts when its turn comes.`, atMs: job.runAtMs };
  if (first?.code === 'project_busy' || first?.code === 'predecessor')
    return { message: `When that job ends, ${attempt} starts.`, atMs: null };
  if (first?.code === 'about_to_start') return { message: `Now ${attempt} starts.`, atMs: null };
  return { message: `As soon as a place is free and its turn comes, ${attempt} starts.`, atMs: null };
}

const countOf = (count: number, noun: string) => `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
