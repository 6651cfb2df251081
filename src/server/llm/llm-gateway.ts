import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Clock } from '#server/clock.ts';
import type { Db } from '#server/db/open.ts';
import type { Log } from '#server/log.ts';
import { createActiveTurns } from './active-turns.ts';
import type { OfflineBuilder } from './chat-completions.ts';
import { usageOfTurn } from './llm-call-log.ts';
import type { LlmError } from './llm-failure.ts';
import { createLlmServer } from './llm-server.ts';
import type { ModelInfo, ModelList } from './model-info.ts';
import { createProjectTokens } from './project-tokens.ts';
import type { ProviderConfig } from './provider.ts';
import { createModelCatalogue } from './provider-models.ts';
import { testProvider } from './provider-test.ts';
import type { ProviderTest } from './provider-test.ts';
import type { RetryPolicy } from './relay.ts';
import type { TurnLimits, TurnUsage } from './turn-limits.ts';
import type { LlmTimeouts } from './watchdog.ts';

const defaultTimeouts: LlmTimeouts = { firstByteMs: 100_000, silenceMs: 60_000, stallMs: 240_000, totalMs: 20 * 60_000 };
/** A model on the owner's own machine may load for minutes before its first word; undici gives up at 300 s. */
const ownServerFirstByteMs = 290_000;
const defaultRetry: RetryPolicy = { delaysMs: [500, 2_000], maxRetryAfterMs: 5_000 };
const ASK_TIMEOUT_MS = 10_000;
const WORKED_EVERY_MS = 60_000;

export interface LlmGatewayOptions {
  db: Db;
  clock: Clock;
  log: Log;
  resolveProvider: () => ProviderConfig | undefined;
  limits: () => TurnLimits;
  offline: OfflineBuilder;
  /** 0 (the default) lets the system choose. */
  port?: number;
  timeouts?: Partial<LlmTimeouts>;
  retry?: Partial<RetryPolicy>;
  /** Told at most once a minute that a call to the provider went well. */
  onProviderWorked?: (provider: ProviderConfig) => void;
}

/** The one door between agents and models: keys, budgets, accounts and typed errors. Loopback only. */
export interface LlmGateway {
  listen(): Promise<void>;
  /** `http://127.0.0.1:<port>/llm/v1`. @throws Error before `listen`. */
  baseUrl(): string;
  /** The project's bearer token; the same until it is revoked. */
  issueToken(projectId: string): string;
  revokeToken(projectId: string): void;
  /** From here the project may call `model`, and only that one. A turn that is begun again keeps what it already used. */
  beginTurn(projectId: string, turn: { turnId: string; model: string }): void;
  /** Ends the turn and aborts what it has under way, whose cost reaches `usageOfTurn` a moment later. `lastError` says why its last call failed, if it did. */
  endTurn(projectId: string): TurnUsage & { lastError?: LlmError };
  /** Why the running turn's last call failed, if it did. */
  lastError(projectId: string): LlmError | undefined;
  usageOfTurn(turnId: string): TurnUsage;
  models(): Promise<ModelInfo[]>;
  /** `models()` with the reason why the provider's are missing or old. */
  listModels(): Promise<ModelList>;
  testProvider(provider: ProviderConfig): Promise<ProviderTest>;
  /** Ends every call, writes each one down, and closes the port. */
  close(): Promise<void>;
}

export function createLlmGateway(options: LlmGatewayOptions): LlmGateway {
  const { db, clock, log, resolveProvider } = options;
  const tokens = createProjectTokens();
  const turns = createActiveTurns();
  const models = createModelCatalogue({ clock, log, resolveProvider, timeoutMs: ASK_TIMEOUT_MS });
  const answers = {
    db,
    clock,
    log,
    offline: options.offline,
    resolveProvider,
    limits: options.limits,
    priceOf: models.priceOf,
    timeoutsFor: (provider: ProviderConfig) => timeoutsFor(provider, options.timeouts),
    retry: { ...defaultRetry, ...options.retry },
    onProviderWorked: tellNowAndThen(clock, options.onProviderWorked),
  };
  const server = createLlmServer({ answers, tokens, turns, models });

  return {
    async listen() {
      server.listen(options.port ?? 0, '127.0.0.1');
      await once(server, 'listening');
    },
    baseUrl() {
      const address = server.address() as AddressInfo | null;
      if (!address) throw new Error('The LLM gateway does not listen yet.');
      return `http://127.0.0.1:${address.port}/llm/v1`;
    },
    issueToken: tokens.issue,
    revokeToken: tokens.revoke,
    beginTurn: (projectId, turn) => turns.begin({ projectId, ...turn, usage: usageOfTurn(db, turn.turnId) }),
    endTurn(projectId) {
      const turn = turns.end(projectId);
      const usage = turn?.usage ?? { calls: 0, inputTokens: 0, outputTokens: 0, costMicros: 0 };
      return turn?.lastError ? { ...usage, lastError: turn.lastError } : usage;
    },
    lastError: (projectId) => turns.find(projectId)?.lastError,
    usageOfTurn: (turnId) => usageOfTurn(db, turnId),
    models: async () => (await models.list()).models,
    listModels: models.list,
    testProvider: (provider) => testProvider(provider, ASK_TIMEOUT_MS),
    async close() {
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close();
      await turns.endAll();
      server.closeAllConnections();
      await closed;
    },
  };
}

function timeoutsFor(provider: ProviderConfig, overrides: Partial<LlmTimeouts> | undefined): LlmTimeouts {
  const firstByteMs = provider.name === 'openrouter' ? defaultTimeouts.firstByteMs : ownServerFirstByteMs;
  return { ...defaultTimeouts, firstByteMs, ...overrides };
}

function tellNowAndThen(clock: Clock, tell: LlmGatewayOptions['onProviderWorked']): (provider: ProviderConfig) => void {
  let toldAtMs = -Infinity;
  return (provider) => {
    if (clock.now() - toldAtMs < WORKED_EVERY_MS) return;
    toldAtMs = clock.now();
    tell?.(provider);
  };
}
