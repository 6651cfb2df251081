import { failureCodeOf, LlmFailure } from './llm-failure.ts';
import { providerHeaders, providerWords } from './provider.ts';
import type { ProviderConfig } from './provider.ts';
import { errorIn, retryAfterOf } from './provider-stream.ts';

const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * Reads one JSON answer of the provider.
 *
 * @throws LlmFailure, with the provider's own words where it gave some.
 */
export function getFromProvider(provider: ProviderConfig, path: string, timeoutMs: number): Promise<unknown> {
  return askProvider(provider, path, timeoutMs, {});
}

/** As `getFromProvider`, with a JSON body to post. */
export function postToProvider(provider: ProviderConfig, path: string, body: unknown, timeoutMs: number): Promise<unknown> {
  return askProvider(provider, path, timeoutMs, { method: 'POST', body: JSON.stringify(body) });
}

async function askProvider(provider: ProviderConfig, path: string, timeoutMs: number, init: RequestInit): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = { accept: 'application/json', 'content-type': 'application/json', ...providerHeaders(provider) };
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${provider.baseUrl}${path}`, { ...init, headers, signal, redirect: 'manual' });
    text = await readText(response);
  } catch (cause) {
    if (cause instanceof LlmFailure) throw cause;
    throw new LlmFailure(signal.aborted ? 'provider_timeout' : 'provider_unreachable', { cause });
  }
  return parseAnswer(provider, response, text);
}

function parseAnswer(provider: ProviderConfig, response: Response, text: string): unknown {
  const error = errorIn(text);
  if (!response.ok || error) {
    const httpStatus = response.ok ? (error?.httpStatus ?? 502) : response.status;
    const html = (response.headers.get('content-type') ?? '').includes('html');
    const words = providerWords(provider, error?.words ?? (html ? undefined : text.slice(0, 2_000)));
    throw new LlmFailure(failureCodeOf(httpStatus, words), {
      httpStatus,
      words,
      ...retryAfterOf(response.headers.get('retry-after'), Date.now()),
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LlmFailure('provider_garbage', { httpStatus: response.status, cause });
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > MAX_ANSWER_BYTES) throw new LlmFailure('provider_garbage', { httpStatus: response.status });
  }
  return text;
}
