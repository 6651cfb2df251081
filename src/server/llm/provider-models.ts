import { z } from 'zod';
import type { Clock } from '#server/clock.ts';
import type { Log } from '#server/log.ts';
import type { TokenPrice } from './answer-meter.ts';
import { LlmFailure } from './llm-failure.ts';
import type { LlmError } from './llm-failure.ts';
import { offlineModel } from './model-info.ts';
import type { ModelInfo, ModelList } from './model-info.ts';
import type { ProviderConfig } from './provider.ts';
import { getFromProvider } from './provider-request.ts';

const FRESH_MS = 10 * 60_000;
/** How long a provider that did not list its models is left alone. */
const FAILED_FRESH_MS = 30_000;

export interface ModelCatalogue {
  list(): Promise<ModelList>;
  /** From the last list that was read; asks nobody. */
  priceOf(provider: ProviderConfig, model: string): TokenPrice | undefined;
}

const price = z.coerce.number().nonnegative().optional().catch(undefined);
const ListedModel = z.object({
  id: z.string().min(1).max(300),
  name: z.string().max(300).optional().catch(undefined),
  context_length: z.number().int().positive().optional().catch(undefined),
  pricing: z.object({ prompt: price, completion: price }).optional().catch(undefined),
  supported_parameters: z.array(z.string()).optional().catch(undefined),
  architecture: z
    .object({ input_modalities: z.array(z.string()).optional().catch(undefined), output_modalities: z.array(z.string()).optional() })
    .optional()
    .catch(undefined),
});
type ListedModel = z.infer<typeof ListedModel>;
const Listing = z.object({ data: z.array(z.unknown()) });

interface CachedList {
  key: string;
  models: ListedModel[];
  error: LlmError | undefined;
  readAtMs: number;
}

/** The models one can choose from: read from the provider at most every ten minutes, one request at a time. */
export function createModelCatalogue(options: {
  clock: Clock;
  log: Log;
  resolveProvider: () => ProviderConfig | undefined;
  timeoutMs: number;
}): ModelCatalogue {
  const { clock, log } = options;
  let cached: CachedList | undefined;
  let reading: { key: string; list: Promise<CachedList> } | undefined;

  async function read(provider: ProviderConfig, key: string): Promise<CachedList> {
    const stale = cached?.key === key ? cached.models : [];
    try {
      const models = await readProviderModels(provider, options.timeoutMs);
      return { key, models, error: undefined, readAtMs: clock.now() };
    } catch (error) {
      const failure = error instanceof LlmFailure ? error : new LlmFailure('provider_garbage', { cause: error });
      log.warn({ code: failure.code, words: failure.words, cause: failure.cause }, 'models could not be listed');
      return { key, models: stale, error: failure.toError(), readAtMs: clock.now() };
    }
  }

  async function current(provider: ProviderConfig): Promise<CachedList> {
    const key = `${provider.baseUrl} ${provider.apiKey ?? ''}`;
    if (cached?.key === key && clock.now() - cached.readAtMs < (cached.error ? FAILED_FRESH_MS : FRESH_MS)) return cached;
    if (reading?.key !== key) {
      reading = { key, list: read(provider, key) };
    }
    const own = reading;
    const list = await own.list;
    if (reading === own) {
      reading = undefined;
      cached = list;
    }
    return list;
  }

  return {
    async list() {
      const provider = options.resolveProvider();
      if (!provider) return { models: [offlineModel] };
      const list = await current(provider);
      return { models: [offlineModel, ...list.models.map(modelInfoOf)], ...(list.error ? { note: list.error } : {}) };
    },
    priceOf(provider, model) {
      if (cached?.key !== `${provider.baseUrl} ${provider.apiKey ?? ''}`) return undefined;
      const pricing = cached.models.find((listed) => listed.id === model)?.pricing;
      return pricing?.prompt === undefined || pricing.completion === undefined
        ? undefined
        : { input: pricing.prompt, output: pricing.completion };
    },
  };
}

/** @throws LlmFailure */
export async function readProviderModels(provider: ProviderConfig, timeoutMs: number): Promise<ListedModel[]> {
  const answer = await getFromProvider(provider, '/models', timeoutMs);
  const listing = Listing.safeParse(answer);
  if (!listing.success) throw new LlmFailure('provider_garbage', { httpStatus: 200, cause: listing.error });
  return listing.data.data
    .map((entry) => ListedModel.safeParse(entry).data)
    .filter((model): model is ListedModel => model !== undefined)
    .filter(canBuild);
}

/** The agent works by calling tools. Servers that don't say what a model can do get the benefit of the doubt. */
function canBuild(model: ListedModel): boolean {
  const writes = model.architecture?.output_modalities?.includes('text') ?? true;
  return writes && (model.supported_parameters?.includes('tools') ?? true);
}

function modelInfoOf(model: ListedModel): ModelInfo {
  const { prompt, completion } = model.pricing ?? {};
  return {
    id: model.id,
    name: model.name ?? model.id,
    isAi: true,
    free: prompt === 0 && completion === 0,
    ...(model.context_length === undefined ? {} : { contextLength: model.context_length }),
    ...(model.architecture?.input_modalities?.includes('image') ? { seesImages: true } : {}),
    ...(prompt === undefined ? {} : { inputDollarsPerMillion: perMillion(prompt) }),
    ...(completion === undefined ? {} : { outputDollarsPerMillion: perMillion(completion) }),
  };
}

function perMillion(dollarsPerToken: number): number {
  return Math.round(dollarsPerToken * 1e6 * 1e4) / 1e4;
}
