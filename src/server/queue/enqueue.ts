import type { Engine } from './engine.ts';
import { newJobId } from './job-id.ts';
import { JOBS_AT_ONCE } from './job-sql.ts';
import type { JobValues } from './job-sql.ts';
import { dueSecond, wholeSecond } from './timing.ts';

export interface EnqueueInput {
  /** Of a `JobDefinition`; a type nobody defined fails when it is claimed. */
  type: string;
  /** JSON, at most 64 KiB; read by the definition's schema at claim. Keep secrets out of it, and large things in files. */
  payload: unknown;
  /** Jobs of one project run one at a time. */
  projectId?: string | null;
  /** −10 … 10, higher first, 0 unless said; clamped. A type that pre-empts always gets 10. */
  priority?: number;
  /** Epoch milliseconds, rounded up to a whole second when it lies ahead; at once unless said. */
  runAtMs?: number;
  /** Overrides the definition's; at least 1. */
  maxAttempts?: number;
  /** At most one queued or running job has this key. A running one that was told to end gives it up to the next. */
  dedupeKey?: string;
  /**
   * With a `dedupeKey`: when the live job of that key already runs, and so may have read what has changed since, one more waits
   * behind it and starts when it is over. A third is not added. Without a running one it changes nothing.
   */
  successor?: boolean;
}

/** What `enqueue` did: added a job, or found the one that already stands for it. */
export interface Enqueued {
  jobId: string;
  inserted: boolean;
}

export const MIN_PRIORITY = -10;
export const MAX_PRIORITY = 10;
/** UTF-8 bytes of JSON. */
export const MAX_PAYLOAD_BYTES = 64 * 1024;
const DEFAULT_MAX_ATTEMPTS = 3;

/** A job to add, its payload as it was when that was asked for. */
export interface ReadyInput {
  input: EnqueueInput;
  payloadJson: string;
}

/**
 * Inserts each row, or finds the live one of the same key, in order. The caller sees to the transaction, which has to be rolled back
 * when this throws, and to the wake.
 *
 * @param preempt Called after each job whose type pre-empts, before the next is inserted.
 */
export function insertJobs(
  engine: Engine,
  inputs: readonly ReadyInput[],
  preempt: (job: Enqueued, input: EnqueueInput) => void = () => {},
): Enqueued[] {
  const { insert, insertMany } = engine.statements;
  let waiting: JobValues[] = [];
  const flush = () => {
    if (waiting.length === JOBS_AT_ONCE) insertMany.run(waiting.flat());
    else for (const values of waiting) insert.run(...values);
    waiting = [];
  };
  const jobs = inputs.map(({ input, payloadJson }) => {
    const values = valuesOf(engine, input, payloadJson);
    const { dedupeKey: key } = input;
    if (key === undefined) waiting.push(values);
    if (waiting.length === JOBS_AT_ONCE || !isPlain(engine, input)) flush();
    const job = key === undefined ? { jobId: values[0], inserted: true } : insertKeyed(engine, values, key, input.successor === true);
    if (engine.definitions.get(input.type)?.preempts) preempt(job, input);
    return job;
  });
  flush();
  return jobs;
}

function valuesOf({ definitions, clock }: Engine, input: EnqueueInput, payloadJson: string): JobValues {
  const definition = definitions.get(input.type);
  const nowMs = clock.now();
  const now = wholeSecond(nowMs);
  const priority = definition?.preempts ? MAX_PRIORITY : clampPriority(input.priority ?? 0);
  const maxAttempts = Math.max(1, Math.trunc(input.maxAttempts ?? definition?.maxAttempts ?? DEFAULT_MAX_ATTEMPTS));
  const runAt = dueSecond(input.runAtMs ?? nowMs, nowMs);
  return [newJobId(nowMs), input.type, input.projectId ?? null, payloadJson, priority, maxAttempts, runAt, now, now];
}

function insertKeyed({ statements }: Engine, values: JobValues, key: string, maySucceed: boolean): Enqueued {
  const jobId = values[0];
  const now = values[8];
  statements.surrenderKey.run({ key, now });
  if (statements.insertKeyed.run(...values, key, 'active').changes === 1) return { jobId, inserted: true };
  const live = statements.liveByKey.get(key, 'active')!;
  if (!maySucceed || !live.running) return { jobId: live.id, inserted: false };
  if (statements.insertKeyed.run(...values, key, 'successor').changes === 1) return { jobId, inserted: true };
  return { jobId: statements.liveByKey.get(key, 'successor')!.id, inserted: false };
}

/** Whether nothing but the insert happens, which SQLite makes atomic by itself. */
export function isPlain(engine: Engine, input: EnqueueInput): boolean {
  return input.dedupeKey === undefined && !engine.definitions.get(input.type)?.preempts;
}

/** @throws RangeError when the payload's JSON is larger than `MAX_PAYLOAD_BYTES`. */
export function readyInput(input: EnqueueInput): ReadyInput {
  return { input, payloadJson: serializePayload(input) };
}

function serializePayload({ type, payload }: EnqueueInput): string {
  const json = JSON.stringify(payload ?? null);
  // A UTF-16 unit takes at most three bytes: small payloads need no counting.
  if (json.length * 3 > MAX_PAYLOAD_BYTES && Buffer.byteLength(json) > MAX_PAYLOAD_BYTES) {
    throw new RangeError(
      `The payload of a ${type} job is ${Buffer.byteLength(json)} bytes; at most ${MAX_PAYLOAD_BYTES} fit. Put the content in a file and its name in the payload.`,
    );
  }
  return json;
}

function clampPriority(priority: number): number {
  return Math.max(MIN_PRIORITY, Math.min(MAX_PRIORITY, Math.trunc(priority)));
}
