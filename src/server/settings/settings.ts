import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Clock } from '#server/clock.ts';
import type { Db, Tx } from '#server/db/open.ts';
import { userSettings } from '#server/db/schema.ts';
import { OFFLINE_MODEL } from '#server/llm/model-info.ts';
import type { ProviderConfig } from '#server/llm/provider.ts';
import type { TurnLimits } from '#server/llm/turn-limits.ts';
import type { Log } from '#server/log.ts';
import { defaultLimits, readInstanceSetting, SpendingLimits, writeInstanceSetting } from './instance-settings.ts';
import { createKeyFile } from './key-file.ts';
import { createProviderKey, keyStates } from './provider-key.ts';
import { createSecretBox } from './secret-box.ts';
import type { SecretBox } from './secret-box.ts';
import type { ProviderToTest, SettingsPatch } from './settings-patch.ts';

const OPENROUTER_BASE_URL = 'https://openrouter.ai/api/v1';
/** OpenRouter's own choice of model: an id that stays valid while models come and go. */
const OPENROUTER_DEFAULT_MODEL = 'openrouter/auto';
const DEFAULT_IDLE_MINUTES = 10;

export const SettingsView = z.object({
  llm: z.object({
    baseUrl: z.string().describe('Where calls go at present.'),
    baseUrlFromEnv: z.boolean().describe('DOCE_LLM_BASE_URL decides; a stored base URL has no effect.'),
    ready: z.boolean().describe('A provider can be asked: it has a key, or needs none.'),
    hasKey: z.boolean(),
    keyLast4: z.string().optional().describe('Of a readable key of more than eight characters.'),
    keyState: z.enum(keyStates),
    lastWorkedAt: z.string().optional().describe('ISO time of the last call or test that went well.'),
  }),
  defaultModel: z.string().describe('What new turns use; doce/offline while no provider is ready.'),
  limits: SpendingLimits,
  idleMinutes: z.number(),
});
export type SettingsView = z.infer<typeof SettingsView>;

export interface Settings {
  readSettings(userId: string): SettingsView;
  /**
   * Changes what the patch names, in one transaction. A key that was entered for another origin than the new base URL's is
   * forgotten, unless the same patch brings a new one.
   */
  updateSettings(userId: string, patch: SettingsPatch): SettingsView;
  /** Where model calls go; undefined while a key is missing that OpenRouter needs. */
  resolveProvider(): ProviderConfig | undefined;
  /** As `resolveProvider`, with values from a form in place of the stored ones; a stored key goes to its own origin only. */
  providerToTest(given: ProviderToTest): ProviderConfig;
  defaultModel(userId: string): string;
  limits(): TurnLimits;
  idleMinutes(): number;
  /** Remembers that this provider answered just now, if it is the one in use. */
  markProviderWorked(provider: ProviderConfig): void;
  /** Seals the secrets that other tables keep, with the same key. */
  box: SecretBox;
  /** Every stored secret in the clear, to look for in what is given away. */
  secretValues(): string[];
}

export interface SettingsOptions {
  db: Db;
  clock: Clock;
  log: Log;
  dataDir: string;
  llmBaseUrlFromEnv: string | undefined;
  /** Used while nothing is stored. */
  idleMinutes?: number;
}

export function createSettings(options: SettingsOptions): Settings {
  const { db, clock, log, llmBaseUrlFromEnv } = options;
  const box = createSecretBox(createKeyFile(join(options.dataDir, 'secret.key'), log));
  const providerKey = createProviderKey({ box, clock });

  const baseUrl = (tx: Db | Tx) => llmBaseUrlFromEnv ?? readInstanceSetting(tx, 'llm.baseUrl') ?? OPENROUTER_BASE_URL;
  const spendingLimits = () => ({ ...defaultLimits, ...readInstanceSetting(db, 'llm.limits') });
  const idleMinutes = () => readInstanceSetting(db, 'runtime.idleMinutes') ?? options.idleMinutes ?? DEFAULT_IDLE_MINUTES;

  function resolveProvider(): ProviderConfig | undefined {
    const url = baseUrl(db);
    const provider = providerAt(url, providerKey.keyFor(db, originOf(url)));
    return provider.apiKey === undefined && originOf(url) === originOf(OPENROUTER_BASE_URL) ? undefined : provider;
  }

  function defaultModel(userId: string): string {
    const provider = resolveProvider();
    if (!provider) return OFFLINE_MODEL;
    const chosen = db.select().from(userSettings).where(eq(userSettings.userId, userId)).get()?.defaultModel;
    if (chosen) return chosen;
    return provider.name === 'openrouter' && provider.apiKey !== undefined ? OPENROUTER_DEFAULT_MODEL : OFFLINE_MODEL;
  }

  function readSettings(userId: string): SettingsView {
    const url = baseUrl(db);
    const key = providerKey.read(db, userId, originOf(url));
    const workedAtMs = readInstanceSetting(db, 'llm.lastWorkedAtMs');
    return {
      llm: {
        baseUrl: url,
        baseUrlFromEnv: llmBaseUrlFromEnv !== undefined,
        ready: resolveProvider() !== undefined,
        hasKey: key.state !== 'none',
        keyLast4: key.last4,
        keyState: key.state,
        lastWorkedAt: workedAtMs === undefined ? undefined : new Date(workedAtMs).toISOString(),
      },
      defaultModel: defaultModel(userId),
      limits: spendingLimits(),
      idleMinutes: idleMinutes(),
    };
  }

  function updateSettings(userId: string, patch: SettingsPatch): SettingsView {
    const sealedKey = patch.llm?.apiKey ? providerKey.seal(userId, patch.llm.apiKey) : undefined;
    db.transaction(
      (tx) => {
        const urlBefore = baseUrl(tx);
        if (patch.llm?.baseUrl !== undefined) writeInstanceSetting(tx, 'llm.baseUrl', patch.llm.baseUrl, clock.now());
        const origin = originOf(baseUrl(tx));
        if (patch.llm?.apiKey === null) providerKey.forget(tx, userId);
        else if (sealedKey !== undefined) providerKey.store(tx, userId, sealedKey, origin);
        else if (patch.llm?.baseUrl !== undefined) providerKey.forgetUnlessFor(tx, userId, origin);
        const changesProvider = baseUrl(tx) !== urlBefore || patch.llm?.apiKey === null || sealedKey !== undefined;
        if (changesProvider) writeInstanceSetting(tx, 'llm.lastWorkedAtMs', null, clock.now());
        if (patch.defaultModel !== undefined) storeDefaultModel(tx, userId, patch.defaultModel);
        if (patch.limits !== undefined) storeLimits(tx, patch.limits);
        if (patch.idleMinutes !== undefined) writeInstanceSetting(tx, 'runtime.idleMinutes', patch.idleMinutes, clock.now());
      },
      { behavior: 'immediate' },
    );
    return readSettings(userId);
  }

  function storeDefaultModel(tx: Tx, userId: string, model: string | null): void {
    const values = { defaultModel: model, updatedAt: new Date(clock.now()) };
    tx.insert(userSettings)
      .values({ userId, ...values })
      .onConflictDoUpdate({ target: userSettings.userId, set: values })
      .run();
  }

  function storeLimits(tx: Tx, limits: Partial<SpendingLimits> | null): void {
    const merged = limits === null ? null : { ...readInstanceSetting(tx, 'llm.limits'), ...limits };
    writeInstanceSetting(tx, 'llm.limits', merged, clock.now());
  }

  return {
    readSettings,
    updateSettings,
    resolveProvider,
    providerToTest(given) {
      const url = llmBaseUrlFromEnv ?? (given.baseUrl === null ? OPENROUTER_BASE_URL : (given.baseUrl ?? baseUrl(db)));
      return providerAt(url, given.apiKey || providerKey.keyFor(db, originOf(url)));
    },
    defaultModel,
    limits: () => turnLimitsOf(spendingLimits()),
    idleMinutes,
    markProviderWorked(provider) {
      const current = resolveProvider();
      const isCurrent = current?.baseUrl === provider.baseUrl && current.apiKey === provider.apiKey;
      if (isCurrent) writeInstanceSetting(db, 'llm.lastWorkedAtMs', clock.now(), clock.now());
    },
    box,
    secretValues: () => providerKey.all(db),
  };

  function providerAt(url: string, apiKey: string | undefined): ProviderConfig {
    // The environment's URL stands in for OpenRouter's own, so it is spoken to in the same way.
    const speaksOpenRouter = llmBaseUrlFromEnv !== undefined || originOf(url) === originOf(OPENROUTER_BASE_URL);
    return { name: speaksOpenRouter ? 'openrouter' : 'compatible', baseUrl: url, apiKey };
  }
}

function originOf(url: string): string {
  return new URL(url).origin;
}

function turnLimitsOf(limits: SpendingLimits): TurnLimits {
  const micros = (dollars: number) => Math.round(dollars * 1e6);
  return {
    maxCallsPerTurn: limits.callsPerTurn,
    maxTokensPerTurn: limits.tokensPerTurn,
    maxCostMicrosPerTurn: micros(limits.dollarsPerTurn),
    maxCostMicrosPerProjectDay: micros(limits.dollarsPerProjectDay),
    maxCostMicrosPerDay: micros(limits.dollarsPerDay),
  };
}
