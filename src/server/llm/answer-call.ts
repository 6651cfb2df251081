import type { ServerResponse } from 'node:http';
import type { Clock } from '#server/clock.ts';
import type { Db } from '#server/db/open.ts';
import type { Log } from '#server/log.ts';
import type { ActiveTurn } from './active-turns.ts';
import { createAnswerMeter } from './answer-meter.ts';
import type { AnswerMeter, TokenPrice } from './answer-meter.ts';
import { createAnswerWriter } from './answer-writer.ts';
import type { ChatCompletionRequest, OfflineBuilder } from './chat-completions.ts';
import { costSince, DAY_MS, recordLlmCall } from './llm-call-log.ts';
import { LlmFailure } from './llm-failure.ts';
import { findLoop } from './loop-breaker.ts';
import { OFFLINE_MODEL } from './model-info.ts';
import type { ProviderConfig } from './provider.ts';
import { openProviderStream } from './provider-stream.ts';
import { relayAnswer } from './relay.ts';
import type { RetryPolicy } from './relay.ts';
import { reachedLimit } from './turn-limits.ts';
import type { TurnLimits } from './turn-limits.ts';
import type { LlmTimeouts } from './watchdog.ts';

export interface AnswerDependencies {
  db: Db;
  clock: Clock;
  log: Log;
  offline: OfflineBuilder;
  resolveProvider(): ProviderConfig | undefined;
  limits(): TurnLimits;
  priceOf(provider: ProviderConfig, model: string): TokenPrice | undefined;
  timeoutsFor(provider: ProviderConfig): LlmTimeouts;
  retry: RetryPolicy;
  onProviderWorked(provider: ProviderConfig): void;
}

/**
 * Checks that the turn may ask once more, before it does.
 *
 * @throws LlmFailure `loop_detected` or `budget_exceeded`.
 */
export function requireAllowed(deps: AnswerDependencies, turn: ActiveTurn, request: ChatCompletionRequest): void {
  if (findLoop(request.messages) !== undefined) throw new LlmFailure('loop_detected');
  const sinceMs = deps.clock.now() - DAY_MS;
  const free = request.model === OFFLINE_MODEL;
  const message = reachedLimit(deps.limits(), {
    turn: turn.usage,
    projectDayCostMicros: free ? 0 : costSince(deps.db, sinceMs, turn.projectId),
    dayCostMicros: free ? 0 : costSince(deps.db, sinceMs),
  });
  if (message !== undefined) throw new LlmFailure('budget_exceeded', { message });
}

/** Answers one allowed request, whatever happens: with the model's words, or with an error that the turn remembers. */
export async function answerCall(
  deps: AnswerDependencies,
  turn: ActiveTurn,
  request: ChatCompletionRequest,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const startedAtMs = deps.clock.now();
  const writer = createAnswerWriter(response, request.stream === true);
  const source = sourceOf(deps, request, signal);
  const meter = createAnswerMeter(request, source.price);
  let failure: LlmFailure | undefined;
  try {
    await relayAnswer({
      open: source.open,
      writer,
      meter,
      retry: deps.retry,
      signal,
      onRetry: (cause, waitMs) => logRetry(deps, cause, waitMs),
    });
  } catch (error) {
    failure = asFailure(deps, error, request);
  }
  try {
    account(deps, turn, request, { provider: source.name, meter, failure, startedAtMs });
  } catch (error) {
    // What can't be written down can't be limited: no answer without books.
    failure = asFailure(deps, new LlmFailure('gateway_failed', { cause: error }), request);
    turn.lastError = failure.toError();
  }
  if (failure) writer.fail(failure);
  else writer.end();
  if (!failure && source.provider) deps.onProviderWorked(source.provider);
}

interface Source {
  name: string;
  provider: ProviderConfig | undefined;
  price: TokenPrice | undefined;
  open(): AsyncIterable<string>;
}

function sourceOf(deps: AnswerDependencies, request: ChatCompletionRequest, signal: AbortSignal): Source {
  if (request.model === OFFLINE_MODEL) {
    return { name: 'doce', provider: undefined, price: undefined, open: () => payloadsOf(deps.offline, request, signal) };
  }
  const provider = deps.resolveProvider();
  if (!provider) {
    const open = () => {
      throw new LlmFailure('provider_not_configured');
    };
    return { name: 'none', provider, price: undefined, open };
  }
  const call = { provider, request, signal, timeouts: deps.timeoutsFor(provider), nowMs: deps.clock.now };
  return { name: provider.name, provider, price: deps.priceOf(provider, request.model), open: () => openProviderStream(call) };
}

async function* payloadsOf(offline: OfflineBuilder, request: ChatCompletionRequest, signal: AbortSignal): AsyncGenerator<string> {
  for await (const chunk of offline.stream(request, signal)) yield JSON.stringify(chunk);
}

function asFailure(deps: AnswerDependencies, error: unknown, request: ChatCompletionRequest): LlmFailure {
  const offline = request.model === OFFLINE_MODEL;
  const known = error instanceof LlmFailure && !(offline && error.code.startsWith('provider_'));
  const failure = known ? error : new LlmFailure(offline ? 'offline_builder_failed' : 'gateway_failed', { cause: error });
  const { code, httpStatus, words, cause } = failure;
  if (code !== 'stopped') deps.log.warn({ code, httpStatus, words, cause, model: request.model }, 'model call failed');
  return failure;
}

function logRetry(deps: AnswerDependencies, { code, httpStatus, words, cause }: LlmFailure, waitMs: number): void {
  deps.log.info({ code, httpStatus, words, cause, waitMs }, 'model call is tried again');
}

interface Outcome {
  provider: string;
  meter: AnswerMeter;
  failure: LlmFailure | undefined;
  startedAtMs: number;
}

function account(deps: AnswerDependencies, turn: ActiveTurn, request: ChatCompletionRequest, outcome: Outcome): void {
  const free = request.model === OFFLINE_MODEL;
  const used = outcome.meter.usage();
  const costMicros = free ? 0 : used.costMicros;
  turn.usage.inputTokens += used.inputTokens;
  turn.usage.outputTokens += used.outputTokens;
  turn.usage.costMicros += costMicros;
  if (outcome.failure?.code !== 'stopped') turn.lastError = outcome.failure?.toError();
  recordLlmCall(deps.db, {
    projectId: turn.projectId,
    turnId: turn.turnId,
    provider: outcome.provider,
    model: request.model,
    outcome: outcome.failure?.code ?? 'ok',
    httpStatus: outcome.failure ? outcome.failure.httpStatus : 200,
    inputTokens: used.inputTokens,
    outputTokens: used.outputTokens,
    costMicros,
    startedAtMs: outcome.startedAtMs,
    durationMs: Math.max(0, deps.clock.now() - outcome.startedAtMs),
  });
}
