import { Writable } from 'node:stream';
import { createParser } from 'eventsource-parser';
import { onTestFinished } from 'vitest';
import { llmCalls, turns } from '#server/db/conversation-tables.ts';
import { projects, users } from '#server/db/schema.ts';
import type { ChatCompletionChunk, OfflineBuilder } from '#server/llm/chat-completions.ts';
import { createLlmGateway } from '#server/llm/llm-gateway.ts';
import type { LlmGatewayOptions } from '#server/llm/llm-gateway.ts';
import type { ProviderConfig } from '#server/llm/provider.ts';
import type { TurnLimits } from '#server/llm/turn-limits.ts';
import { createLog } from '#server/log.ts';
import { makeClock } from '../support/clock.ts';
import { makeDatabase } from '../support/database.ts';
import { startProviderServer } from '../support/provider-server.ts';

export const MODEL = 'test/model';
/** Not of the `sk-…` shape that the log knows by pattern, so that only our own care keeps it out. */
export const KEY = 'canary-5Qd8vK2mXw7PzR4tLh9J';

export const generousLimits: TurnLimits = {
  maxCallsPerTurn: 100,
  maxTokensPerTurn: 1_000_000,
  maxCostMicrosPerTurn: 1_000_000,
  maxCostMicrosPerProjectDay: 1_000_000,
  maxCostMicrosPerDay: 1_000_000,
};

export const offlineStub: OfflineBuilder = {
  async *stream(request) {
    const base = { id: 'offline-1', object: 'chat.completion.chunk' as const, created: 1, model: request.model };
    yield { ...base, choices: [{ index: 0, delta: { role: 'assistant', content: 'I follow rules.' } }] };
    yield { ...base, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  },
};

type Options = Partial<LlmGatewayOptions> & { turn?: boolean };

/** A gateway on a real socket in front of a provider on another, with project `p1` in turn `t1`; closed with the test. */
export async function setupGateway(options: Options = {}) {
  const opened = await openGateway({ turn: true, ...options });
  onTestFinished(opened.close);
  return opened;
}

/** The same without a turn begun, and closed by the caller. */
export async function openGateway({ turn = false, ...options }: Options = {}) {
  const { db, sqlite } = makeDatabase();
  const clock = makeClock();
  const lines: string[] = [];
  const log = createLog('debug', new Writable({ write: (line: Buffer, _encoding, done) => (lines.push(String(line)), done()) }));
  const provider = await startProviderServer(KEY);
  const config: ProviderConfig = { name: 'openrouter', baseUrl: provider.baseUrl, apiKey: KEY };
  db.insert(users)
    .values({ id: 'u1', createdAt: new Date(0), username: 'admin', passwordHash: 'x' })
    .run();
  for (const id of ['p1', 'p2']) {
    db.insert(projects)
      .values({
        id,
        ownerUserId: 'u1',
        createdAt: new Date(0),
        name: id,
        slug: id,
        prompt: 'x',
        devPort: 0,
        opencodePort: 0,
        pathOnDisk: id,
      })
      .run();
  }
  for (const [id, position] of [['t1', 1] as const, ['t2', 2] as const]) {
    db.insert(turns).values({ id, projectId: 'p1', position, text: 'x', model: MODEL, createdAtMs: 0 }).run();
  }
  const gateway = createLlmGateway({
    db,
    clock,
    log,
    resolveProvider: () => config,
    limits: () => generousLimits,
    offline: offlineStub,
    retry: { delaysMs: [1, 1] },
    timeouts: { firstByteMs: 5_000, silenceMs: 5_000, stallMs: 5_000, totalMs: 10_000 },
    ...options,
  });
  await gateway.listen();
  const token = gateway.issueToken('p1');
  if (turn) gateway.beginTurn('p1', { turnId: 't1', model: MODEL });
  return {
    db,
    clock,
    lines,
    provider,
    config,
    gateway,
    token,
    ask: (body: Record<string, unknown> = {}, init: RequestInit = {}) => ask(gateway.baseUrl(), token, body, init),
    calls: () => db.select().from(llmCalls).all(),
    async close() {
      await gateway.close();
      await provider.close();
      sqlite.close();
    },
  };
}

export interface Answer {
  status: number;
  headers: Headers;
  body: string;
  text: string;
  chunks: ChatCompletionChunk[];
  done: boolean;
  /** The error of a body or of an event. */
  error: { message: string; type: string; code: string } | undefined;
}

async function ask(baseUrl: string, token: string, body: Record<string, unknown>, init: RequestInit): Promise<Answer> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, stream: true, messages: [{ role: 'user', content: 'Hello' }], ...body }),
    ...init,
  });
  return readAnswer(response);
}

export async function readAnswer(response: Response): Promise<Answer> {
  const body = await response.text();
  const answer: Answer = {
    status: response.status,
    headers: response.headers,
    body,
    text: '',
    chunks: [],
    done: false,
    error: undefined,
  };
  if (!(response.headers.get('content-type') ?? '').includes('event-stream')) {
    return { ...answer, error: (JSON.parse(body) as { error?: Answer['error'] }).error };
  }
  const parser = createParser({
    onEvent({ data }) {
      if (data === '[DONE]') return void (answer.done = true);
      const event = JSON.parse(data) as ChatCompletionChunk & { error?: Answer['error'] };
      if (event.error) return void (answer.error = event.error);
      answer.chunks.push(event);
      answer.text += event.choices[0]?.delta.content ?? '';
    },
  });
  parser.feed(body);
  return answer;
}
