import { scrubText } from '#server/log.ts';

/** Where model calls go. */
export interface ProviderConfig {
  /** `openrouter` turns on what only OpenRouter understands; anything else is treated as plain OpenAI-compatible. */
  name: string;
  /** Without a trailing slash, e.g. `https://openrouter.ai/api/v1`. */
  baseUrl: string;
  /** Absent for servers that need none (Ollama, llama.cpp, LM Studio). */
  apiKey: string | undefined;
}

const PROVIDER_WORDS_LIMIT = 300;

/** The headers a provider needs, and no more: nothing of the agent's own request is passed on. */
export function providerHeaders(provider: ProviderConfig): Record<string, string> {
  return {
    ...(provider.apiKey === undefined ? {} : { authorization: `Bearer ${provider.apiKey}` }),
    // https://openrouter.ai/docs/app-attribution
    ...(provider.name === 'openrouter' ? { 'x-title': 'doce' } : {}),
  };
}

/** Takes the provider's key out of a text that the provider wrote. */
export function withoutKey(provider: ProviderConfig, text: string): string {
  return provider.apiKey ? text.replaceAll(provider.apiKey, '[redacted]') : text;
}

/** What a provider said, fit for a screen: one line, no key, no markup, at most 300 characters. */
export function providerWords(provider: ProviderConfig, text: string | undefined): string | undefined {
  const line = scrubText(withoutKey(provider, text ?? ''))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (line === '') return undefined;
  return line.length > PROVIDER_WORDS_LIMIT ? `${line.slice(0, PROVIDER_WORDS_LIMIT)}…` : line;
}
