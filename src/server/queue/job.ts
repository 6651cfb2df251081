import type { z } from 'zod';
import type { Tx } from '#server/db/open.ts';
import type { Log } from '#server/log.ts';

/** What the host teaches the queue about one type of job. */
export interface JobDefinition<P = unknown> {
  /** `noun.verb`, permanent: rows of older releases refer to it. */
  type: string;
  /** Parses the stored payload at claim. A payload that does not parse fails the job with `invalid_payload`. */
  payload: z.ZodType<P>;
  /** How many attempts may be started before a thrown error is final. 3 unless said; an enqueue may override it. */
  maxAttempts?: number;
  /** How many attempts of this type may run at once, within the queue's own concurrency. As many as that unless said. */
  concurrency?: number;
  /**
   * Jobs of one project and lane run one at a time. Types share one lane unless said; a lane of its own lets a type run beside the
   * project's other work.
   */
  lane?: string;
  /** After this long the attempt's signal is aborted (`timed_out`). Without it an attempt may take for ever. */
  timeoutMs?: number;
  /**
   * Types this one pre-empts within the same project. Enqueueing it cancels those that are queued, asks those that run to
   * end, and puts it before everything else (highest priority), so it is the project's next job.
   */
  preempts?: readonly string[];
  /**
   * Does the work. Must be idempotent: after a crash the same job runs again. Must stop soon after `signal` aborts, by
   * throwing (`signal.throwIfAborted()`): returning normally means the work is done.
   *
   * @throws anything: the attempt failed; it is retried after a backoff, or the job fails when no attempt is left.
   */
  run(context: JobContext<P>): Promise<JobOutcome | void>;
}

/** One attempt, as its handler sees it. */
export interface JobContext<P> {
  jobId: string;
  projectId: string | null;
  payload: P;
  /** From 1 to `maxAttempts`. */
  attempt: number;
  maxAttempts: number;
  /** Aborts with a `JobAborted` that says why. Pass it down to the child process. */
  signal: AbortSignal;
  /** Carries the job's id, type and attempt. Lines at `info` and above are kept with the attempt, scrubbed, the last 200 of them. */
  log: Log;
}

export type JobOutcome = Done | RetryLater | GiveUp;
export interface Done {
  outcome: 'done';
  after: ((tx: Tx) => void) | undefined;
}
export interface RetryLater {
  outcome: 'retry_later';
  delayMs: number;
}
export interface GiveUp {
  outcome: 'give_up';
  code: string;
  message: string | undefined;
}

/** Gives a definition the payload type of its zod schema. */
export function defineJob<P>(definition: JobDefinition<P>): JobDefinition<P> {
  return definition;
}

/**
 * The job succeeded.
 *
 * @param after Runs inside the transaction that finishes the job: enqueue the next job of a chain here. It must be
 *   synchronous and touch nothing but `tx`, because a transaction that fails is repeated. It does not run when the attempt
 *   has lost the job or the job was cancelled meanwhile. When it throws, the attempt failed and its writes are undone.
 */
export function done(after?: (tx: Tx) => void): Done {
  return { outcome: 'done', after };
}

/** Puts the job back for at least `delayMs` and does not count this attempt. */
export function retryLater(delayMs: number): RetryLater {
  return { outcome: 'retry_later', delayMs };
}

/**
 * Fails the job at once: trying again would not help.
 *
 * @param code Permanent, snake_case; stored at the start of `last_error`.
 * @param message A sentence for the admin, without internals.
 */
export function giveUp(code: string, message?: string): GiveUp {
  return { outcome: 'give_up', code, message };
}

/**
 * Why an attempt was told to stop: someone cancelled the job (or pre-empted it), it ran longer than `timeoutMs`, the host is
 * stopping (the job will run again, the attempt is not counted), or the row is no longer this attempt's.
 */
export type AbortCause = 'cancelled' | 'timed_out' | 'shutdown' | 'fence_lost';

/** The `reason` of an attempt's aborted signal. */
export class JobAborted extends Error {
  override readonly name = 'JobAborted';
  override readonly cause: AbortCause;

  constructor(cause: AbortCause) {
    super(`The job was told to stop: ${cause}.`);
    this.cause = cause;
  }
}

/** Why the signal aborted; undefined while it has not, or when someone other than the queue aborted it. */
export function abortCauseOf(signal: AbortSignal): AbortCause | undefined {
  return signal.reason instanceof JobAborted ? signal.reason.cause : undefined;
}
