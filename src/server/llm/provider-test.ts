import { z } from 'zod';
import { LlmFailure } from './llm-failure.ts';
import type { LlmErrorCode } from './llm-failure.ts';
import type { ProviderConfig } from './provider.ts';
import { readProviderModels } from './provider-models.ts';
import { getFromProvider, postToProvider } from './provider-request.ts';

export const ProviderTest = z.union([
  z.object({ ok: z.literal(true), message: z.string() }),
  z.object({
    ok: z.literal(false),
    code: z.custom<LlmErrorCode>((code) => typeof code === 'string').meta({ type: 'string' }),
    message: z.string(),
    providerMessage: z.string().optional().describe('In the provider’s own words, when it said something.'),
  }),
]);
export type ProviderTest = z.infer<typeof ProviderTest>;

const OpenRouterKey = z.object({
  data: z.object({ limit_remaining: z.number().nullish().catch(undefined) }),
});

/** Asks the provider whether it would answer, spending at most one token. Never throws for what the provider does. */
export async function testProvider(provider: ProviderConfig, timeoutMs: number): Promise<ProviderTest> {
  try {
    const message = provider.name === 'openrouter' ? await testOpenRouter(provider, timeoutMs) : await testCompatible(provider, timeoutMs);
    return { ok: true, message };
  } catch (error) {
    if (!(error instanceof LlmFailure)) throw error;
    const { code, message, words } = error;
    return { ok: false, code, message: testMessage(code, message), ...(words === undefined ? {} : { providerMessage: words }) };
  }
}

async function testOpenRouter(provider: ProviderConfig, timeoutMs: number): Promise<string> {
  let answer: unknown;
  try {
    answer = await getFromProvider(provider, '/key', timeoutMs);
  } catch (error) {
    // Something else than OpenRouter answers at this address.
    if (error instanceof LlmFailure && (error.httpStatus === 404 || error.httpStatus === 405)) return testCompatible(provider, timeoutMs);
    throw error;
  }
  const key = OpenRouterKey.safeParse(answer);
  if (!key.success) throw new LlmFailure('provider_garbage', { httpStatus: 200, cause: key.error });
  const left = key.data.data.limit_remaining;
  if (typeof left === 'number' && left <= 0) throw new LlmFailure('provider_no_credit', { words: 'This key has no credit left.' });
  return typeof left === 'number' ? `The key works. $${left.toFixed(2)} may still be spent with it.` : 'The key works.';
}

async function testCompatible(provider: ProviderConfig, timeoutMs: number): Promise<string> {
  const models = await readProviderModels(provider, timeoutMs);
  const count = `${models.length} ${models.length === 1 ? 'model' : 'models'}`;
  const first = models[0];
  // Many servers list their models to anyone, so only an answer proves the key.
  if (provider.apiKey !== undefined && first) await askForOneToken(provider, first.id, timeoutMs);
  return `The provider answers and offers ${count}.`;
}

async function askForOneToken(provider: ProviderConfig, model: string, timeoutMs: number): Promise<void> {
  const body = { model, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1 };
  try {
    await postToProvider(provider, '/chat/completions', body, timeoutMs);
  } catch (error) {
    const aboutKey = error instanceof LlmFailure && (error.code === 'provider_unauthorized' || error.code === 'provider_no_credit');
    if (aboutKey) throw error;
  }
}

/** The catalogue speaks to someone who sent a message; here someone checks a form. */
function testMessage(code: LlmErrorCode, message: string): string {
  const whatHappened = `${message.split('. ')[0]}.`;
  if (code === 'provider_no_credit') return `${whatHappened} Add credit there, then test again.`;
  if (code === 'provider_rate_limited' || code === 'provider_unavailable') return `${whatHappened} Test again in a minute.`;
  return `${whatHappened} Check the key and the base URL, then test again.`;
}
