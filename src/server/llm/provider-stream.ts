import { createParser } from 'eventsource-parser';
import { ChatErrorBody } from './chat-completions.ts';
import type { ChatCompletionRequest } from './chat-completions.ts';
import { failureCodeOf, LlmFailure, retryAfterSeconds } from './llm-failure.ts';
import { providerHeaders, providerWords, withoutKey } from './provider.ts';
import type { ProviderConfig } from './provider.ts';
import { createWatchdog } from './watchdog.ts';
import type { LlmTimeouts, Watchdog } from './watchdog.ts';

const MAX_ERROR_BODY_BYTES = 64 * 1024;
const MAX_EVENT_CHARACTERS = 8 * 1024 * 1024;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export interface ProviderCall {
  provider: ProviderConfig;
  request: ChatCompletionRequest;
  /** Aborted when the agent no longer wants the answer. */
  signal: AbortSignal;
  timeouts: LlmTimeouts;
  nowMs: () => number;
}

/**
 * Asks the provider once and yields the `data:` payloads of its stream as they come, without `[DONE]`, the key taken out.
 *
 * @throws LlmFailure for whatever the provider did wrong; `stopped` when `signal` was aborted.
 */
export async function* openProviderStream(call: ProviderCall): AsyncGenerator<string> {
  const watchdog = createWatchdog(call.timeouts);
  const signal = AbortSignal.any([call.signal, watchdog.signal]);
  let response: Response | undefined;
  try {
    response = await send(call, signal);
    await requireStream(call, response);
    yield* readEvents(call, response, watchdog);
  } catch (error) {
    throw failureOf(error, call, watchdog, response);
  } finally {
    watchdog.stop();
    // A reader that left early must not leave the provider writing.
    await response?.body?.cancel().catch(() => {});
  }
}

function send(call: ProviderCall, signal: AbortSignal): Promise<Response> {
  const { provider, request } = call;
  return fetch(`${provider.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...providerHeaders(provider) },
    body: JSON.stringify({
      ...request,
      stream: true,
      stream_options: { ...request.stream_options, include_usage: true },
      // https://openrouter.ai/docs/use-cases/usage-accounting; strict OpenAI servers refuse the field.
      ...(provider.name === 'openrouter' ? { usage: { include: true } } : {}),
    }),
    signal,
    // Followed, a redirect would hand the prompt to whoever it names.
    redirect: 'manual',
  });
}

async function requireStream(call: ProviderCall, response: Response): Promise<void> {
  const type = response.headers.get('content-type') ?? '';
  if (response.ok && type.includes('text/event-stream')) return;
  const text = await readLimited(response);
  const error = errorIn(text);
  // OpenRouter reports a failure after it accepted the request with status 200 and the real one in the body.
  const httpStatus = response.ok ? (error?.httpStatus ?? response.status) : response.status;
  const words = providerWords(call.provider, error?.words ?? (type.includes('html') ? undefined : text));
  throw new LlmFailure(failureCodeOf(httpStatus, words), {
    httpStatus,
    words,
    ...retryAfterOf(response.headers.get('retry-after'), call.nowMs()),
  });
}

async function* readEvents(call: ProviderCall, response: Response, watchdog: Watchdog): AsyncGenerator<string> {
  const events: string[] = [];
  const parser = createParser({ onEvent: (event) => void events.push(event.data), maxBufferSize: MAX_EVENT_CHARACTERS });
  const decoder = new TextDecoder();
  let sizeBytes = 0;
  if (!response.body) throw new LlmFailure('provider_cut_stream', { httpStatus: response.status });
  for await (const bytes of response.body) {
    watchdog.heard();
    sizeBytes += bytes.length;
    if (sizeBytes > MAX_ANSWER_BYTES) throw new LlmFailure('provider_garbage', { httpStatus: response.status });
    parser.feed(decoder.decode(bytes, { stream: true }));
    for (const data of events.splice(0)) {
      if (data.trim() === '[DONE]') return;
      watchdog.progressed();
      throwIfError(call, data);
      yield withoutKey(call.provider, data);
    }
  }
}

function throwIfError(call: ProviderCall, data: string): void {
  if (!data.includes('"error"')) return;
  const error = errorIn(data);
  if (!error) return;
  const words = providerWords(call.provider, error.words);
  throw new LlmFailure(failureCodeOf(error.httpStatus ?? 502, words), { httpStatus: error.httpStatus ?? 502, words });
}

/** The failure that a body or an event reports, when it does. */
export function errorIn(text: string): { httpStatus: number | undefined; words: string | undefined } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = ChatErrorBody.safeParse(json);
  if (!parsed.success) return undefined;
  const { error } = parsed.data;
  if (typeof error === 'string') return { httpStatus: undefined, words: error };
  const code = Number(error.code);
  return { httpStatus: Number.isInteger(code) && code >= 400 && code < 600 ? code : undefined, words: error.message };
}

/** At most 64 KiB of a body; the rest is dropped. */
export async function readLimited(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > MAX_ERROR_BODY_BYTES) break;
  }
  return text.slice(0, MAX_ERROR_BODY_BYTES);
}

export function retryAfterOf(header: string | null, nowMs: number): { retryAfterSeconds?: number } {
  const seconds = retryAfterSeconds(header, nowMs);
  return seconds === undefined ? {} : { retryAfterSeconds: seconds };
}

function failureOf(error: unknown, call: ProviderCall, watchdog: Watchdog, response: Response | undefined): LlmFailure {
  if (call.signal.aborted) return new LlmFailure('stopped');
  const httpStatus = response?.status;
  if (watchdog.signal.aborted) return new LlmFailure('provider_timeout', { httpStatus, cause: error });
  if (error instanceof LlmFailure) return error;
  if (response === undefined) return new LlmFailure('provider_unreachable', { cause: error });
  const garbled = error instanceof Error && error.name === 'ParseError';
  return new LlmFailure(garbled ? 'provider_garbage' : 'provider_cut_stream', { httpStatus, cause: error });
}
