import { AppError } from '#server/errors.ts';
import { scrubText } from '#server/log.ts';
import { createAttemptLog } from './attempt-log.ts';
import type { AttemptLog, LogLine } from './attempt-log.ts';
import type { Engine } from './engine.ts';
import { abortCauseOf, done, giveUp, JobAborted } from './job.ts';
import type { AbortCause, JobDefinition, JobOutcome } from './job.ts';
import { redactText } from './redact.ts';

/** A job this boot has claimed: the attempt it is on is part of the fence. */
export interface ClaimedJob {
  rowid: number;
  id: string;
  type: string;
  projectId: string | null;
  payloadJson: string;
  /** From 1. */
  attempt: number;
  maxAttempts: number;
  /** It has a dedupe key. */
  keyed: boolean;
  startedAtMs: number;
}

/** How an attempt ended: what its handler said, what it threw, or that the host took the job back uncharged. */
export type Settlement = JobOutcome | { outcome: 'threw'; error: string; timedOut?: boolean } | { outcome: 'released' };

/** An attempt whose handler runs in this process. */
export interface Flight {
  readonly job: ClaimedJob;
  /** Tells the handler to stop. The first cause stands. */
  abort(cause: AbortCause): void;
  /** Ends the queue's interest in the handler: nothing it still does is heard. */
  dispose(): void;
  logLines(): readonly LogLine[];
  /** For `log_json`. */
  logJson(): string | null;
  /** The id of its row in `queue_job_attempts`, once it has said something and gone on for a while. */
  savedAs: number | undefined;
}

/** A handler that goes on this long after its signal aborted is left behind, so that it cannot hold its slot for ever. */
export const LEAVE_BEHIND_MS = 30_000;
const ERROR_LIMIT = 1_000;

/**
 * Starts the handler of a claimed job.
 *
 * @param settled Called exactly once unless the flight is disposed first, never before this function returns.
 * @param abortedBy Why it is to end before it begins: the handler is not started then.
 */
export function launch(
  engine: Engine,
  job: ClaimedJob,
  settled: (flight: Flight, settlement: Settlement) => void,
  abortedBy?: AbortCause,
): Flight {
  const { setAlarm } = engine;
  const controller = new AbortController();
  const definition = engine.definitions.get(job.type);
  const said = createAttemptLog(
    engine.clock,
    () => engine.log.child({ jobId: job.id, type: job.type, attempt: job.attempt }),
    (line) => engine.onLog({ jobId: job.id, attempt: job.attempt, ...line }),
  );
  let silences: (() => void)[] | undefined;
  const alarm = (delayMs: number, ring: () => void) => (silences ??= []).push(setAlarm(delayMs, ring));
  let over = false;
  const dispose = () => {
    over = true;
    if (silences) for (const silence of silences) silence();
  };
  const settle = (settlement: Settlement) => {
    if (over) return;
    dispose();
    settled(flight, settlement);
  };
  const leaveBehind = (cause: AbortCause) => {
    said.log.error({ cause }, 'a job handler ignored its signal and was left behind');
    settle(failureOf(new JobAborted(cause), controller.signal));
  };
  const abort = (cause: AbortCause) => {
    if (over || controller.signal.aborted) return;
    controller.abort(new JobAborted(cause));
    if (cause !== 'shutdown') alarm(LEAVE_BEHIND_MS, () => leaveBehind(cause));
  };
  const flight: Flight = { job, abort, dispose, logLines: said.lines, logJson: said.json, savedAs: undefined };
  if (definition?.timeoutMs !== undefined) alarm(definition.timeoutMs, () => abort('timed_out'));
  if (abortedBy) {
    said.log.info({ cause: abortedBy }, 'the attempt was told to end before it began');
    abort(abortedBy);
  }
  void attempt(definition, job, controller.signal, said).then(settle);
  return flight;
}

async function attempt(
  definition: JobDefinition | undefined,
  job: ClaimedJob,
  signal: AbortSignal,
  { log }: AttemptLog,
): Promise<Settlement> {
  if (!definition) return giveUp('unknown_job_type', `This version of doce does not know jobs of type ${job.type}.`);
  const payload = parsePayload(definition, job.payloadJson);
  if (!payload.ok) return giveUp('invalid_payload', payload.problem);
  const { id: jobId, projectId, attempt, maxAttempts } = job;
  try {
    signal.throwIfAborted();
    const outcome = await definition.run({ jobId, projectId, payload: payload.value, attempt, maxAttempts, signal, log });
    if (outcome?.outcome === 'give_up') log.warn({ code: outcome.code }, 'a job gave up');
    return outcome ?? done();
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error }, 'a job attempt failed');
    return failureOf(error, signal);
  }
}

function parsePayload(definition: JobDefinition, json: string): { ok: true; value: unknown } | { ok: false; problem: string } {
  try {
    const parsed = definition.payload.safeParse(JSON.parse(json));
    if (parsed.success) return { ok: true, value: parsed.data };
    return { ok: false, problem: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'payload'}: ${issue.message}`).join('; ') };
  } catch {
    return { ok: false, problem: 'The payload is not JSON, or its schema could not read it.' };
  }
}

function failureOf(error: unknown, signal: AbortSignal): Settlement {
  const cause = abortCauseOf(signal);
  if (cause === 'shutdown') return { outcome: 'released' };
  if (cause === 'timed_out') return { outcome: 'threw', error: 'timed_out: The attempt ran longer than its type allows.', timedOut: true };
  return { outcome: 'threw', error: describeError(error) };
}

/** `code: message` for `last_error`: scrubbed, no stack, at most 1 000 characters. */
export function describeError(error: unknown): string {
  const code = error instanceof AppError ? error.code : 'unexpected_error';
  const message = error instanceof Error ? error.message : String(error);
  return redactText(scrubText(`${code}: ${message}`)).slice(0, ERROR_LIMIT);
}
