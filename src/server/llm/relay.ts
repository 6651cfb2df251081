import { setTimeout as delay } from 'node:timers/promises';
import type { AnswerMeter } from './answer-meter.ts';
import type { AnswerWriter } from './answer-writer.ts';
import { LlmFailure } from './llm-failure.ts';
import type { LlmErrorCode } from './llm-failure.ts';

/** What passes by itself within seconds. Nothing else is asked twice. */
const PASSING: ReadonlySet<LlmErrorCode> = new Set([
  'provider_rate_limited',
  'provider_unavailable',
  'provider_unreachable',
  'provider_cut_stream',
]);

export interface RetryPolicy {
  /** Waits before the second, third, … try, in milliseconds; as many tries as there are waits. */
  delaysMs: readonly number[];
  /** A provider that asks for a longer wait than this is not asked again. */
  maxRetryAfterMs: number;
}

export interface Relay {
  /** Asks once: yields `data:` payloads, throws `LlmFailure`. */
  open(): AsyncIterable<string>;
  writer: AnswerWriter;
  meter: AnswerMeter;
  retry: RetryPolicy;
  signal: AbortSignal;
  onRetry(failure: LlmFailure, waitMs: number): void;
}

/**
 * Passes an answer on as it comes. Tries again only while nothing was passed on yet, because the agent may already have acted
 * on what it read.
 *
 * @throws LlmFailure when no try brought a whole answer.
 */
export async function relayAnswer(relay: Relay): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await relayOnce(relay);
    } catch (error) {
      const failure = failureFrom(error, relay);
      const waitMs = waitBefore(failure, attempt, relay);
      if (waitMs === undefined) throw failure;
      relay.onRetry(failure, waitMs);
      await delay(waitMs, undefined, { signal: relay.signal }).catch(() => {
        throw new LlmFailure('stopped');
      });
    }
  }
}

async function relayOnce({ open, writer, meter, signal }: Relay): Promise<void> {
  for await (const data of open()) {
    const chunk = meter.read(data);
    await writer.write(data, chunk, signal);
  }
  if (signal.aborted) throw new LlmFailure('stopped');
  if (!meter.finished()) throw new LlmFailure('provider_cut_stream', { httpStatus: 200 });
}

function failureFrom(error: unknown, { signal }: Relay): LlmFailure {
  if (signal.aborted) return new LlmFailure('stopped', { cause: error });
  if (error instanceof LlmFailure) return error;
  throw error;
}

function waitBefore(failure: LlmFailure, attempt: number, { writer, retry }: Relay): number | undefined {
  const waitMs = retry.delaysMs[attempt];
  if (waitMs === undefined || writer.started() || !PASSING.has(failure.code)) return undefined;
  const askedMs = (failure.retryAfterSeconds ?? 0) * 1000;
  return askedMs > retry.maxRetryAfterMs ? undefined : Math.max(waitMs, askedMs);
}
