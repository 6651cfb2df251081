import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the provider does with one request for a completion. */
export type ProviderAnswer =
  | { kind: 'text'; text?: string; toolCalls?: readonly { name: string; args: unknown }[]; usage?: ProviderUsage | null; finish?: boolean }
  /** An HTTP status with OpenRouter's error body. */
  | { kind: 'status'; status: number; message?: string; retryAfter?: string; html?: string }
  /** Status 200, then an error event, after `text` when given: how OpenRouter reports what fails while it writes. */
  | { kind: 'errorEvent'; text?: string; code: number; message: string }
  /** The socket breaks, after `text` when given. */
  | { kind: 'cut'; text?: string }
  /** Nothing more comes, after `text` when given. */
  | { kind: 'silence'; text?: string; headers?: boolean }
  /** Keep-alive comments and nothing else, until the client leaves. */
  | { kind: 'comments'; everyMs: number }
  /** The text, a character at a time. */
  | { kind: 'trickle'; text: string; everyMs: number }
  | { kind: 'raw'; contentType: string; body: string }
  | { kind: 'redirect'; location: string };

export interface ProviderUsage {
  prompt_tokens: number;
  completion_tokens: number;
  cost?: number;
}

export interface ProviderRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

export interface ProviderServer {
  /** As a base URL is configured: `http://127.0.0.1:<port>/api/v1`. */
  baseUrl: string;
  requests: ProviderRequest[];
  /** What the next completions get, in order; the last one is repeated. */
  answer(...answers: ProviderAnswer[]): void;
  /** Answers of other routes by path below the base URL, e.g. `/models`; 404 for what is absent. */
  routes: Record<string, { status: number; body: unknown }>;
  /** Only this key is accepted; undefined = no key is asked for. */
  key: string | undefined;
  /** Resolves when a client has left a completion before its end. */
  clientLeft: Promise<void>;
  close(): Promise<void>;
}

export const defaultUsage: ProviderUsage = { prompt_tokens: 194, completion_tokens: 2, cost: 0.00095 };

/** A local server that speaks OpenRouter's wire format, and every fault of it that we know. */
export async function startProviderServer(key?: string): Promise<ProviderServer> {
  let answers: ProviderAnswer[] = [{ kind: 'text' }];
  const left = Promise.withResolvers<void>();
  const server = createServer((request, response) => void handle(request, response));
  const provider: ProviderServer = {
    baseUrl: '',
    requests: [],
    answer: (...given) => void (answers = given),
    routes: {
      '/models': { status: 200, body: { data: [] } },
      '/key': { status: 200, body: { data: { label: 'sk-or-v1-116...0ce', usage: 0.1, limit: 5, limit_remaining: 4.9 } } },
    },
    key,
    clientLeft: left.promise,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace('/api/v1', '');
    const text = await readText(request);
    provider.requests.push({ path, headers: request.headers, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) });
    response.once('close', () => void (!response.writableFinished && left.resolve()));
    // OpenRouter lists its models to anyone.
    if (path !== '/models' && provider.key !== undefined && request.headers.authorization !== `Bearer ${provider.key}`) {
      return sendError(response, 401, 'No auth credentials found');
    }
    if (path === '/chat/completions') {
      const body = provider.requests.at(-1)?.body;
      return complete(response, (answers.length > 1 ? answers.shift() : answers[0]) as ProviderAnswer, body?.stream === true);
    }
    const route = provider.routes[path];
    if (!route) return sendError(response, 404, 'Not found');
    response.writeHead(route.status, { 'content-type': 'application/json' }).end(JSON.stringify(route.body));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  provider.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  return provider;
}

function complete(response: ServerResponse, answer: ProviderAnswer, stream: boolean): void {
  if (answer.kind === 'status') {
    const headers: Record<string, string> = answer.retryAfter === undefined ? {} : { 'retry-after': answer.retryAfter };
    if (answer.html !== undefined)
      return void response.writeHead(answer.status, { 'content-type': 'text/html', ...headers }).end(answer.html);
    return sendError(response, answer.status, answer.message ?? 'Something went wrong', headers);
  }
  if (answer.kind === 'raw') return void response.writeHead(200, { 'content-type': answer.contentType }).end(answer.body);
  if (answer.kind === 'redirect') return void response.writeHead(307, { location: answer.location }).end();
  if (!stream) return sendWhole(response, answer.kind === 'text' ? (answer.text ?? 'Hello') : '');
  if (answer.kind === 'silence' && answer.headers === false) return;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  streamAnswer(response, answer);
}

function streamAnswer(response: ServerResponse, answer: ProviderAnswer): void {
  switch (answer.kind) {
    case 'text':
      return streamText(response, answer);
    case 'errorEvent':
      if (answer.text) send(response, chunk({ content: answer.text }));
      send(response, {
        ...chunk({ content: '' }, 'error'),
        error: { code: answer.code, message: answer.message },
      });
      return void response.end();
    case 'cut':
      if (!answer.text) return void response.destroy();
      return void response.write(event(chunk({ content: answer.text })), () => response.destroy());
    case 'silence':
      if (answer.text) send(response, chunk({ content: answer.text }));
      return;
    case 'comments':
      return repeat(response, answer.everyMs, () => response.write(': OPENROUTER PROCESSING\n\n'));
    case 'trickle':
      return trickle(response, answer);
  }
}

function streamText(response: ServerResponse, answer: Extract<ProviderAnswer, { kind: 'text' }>): void {
  response.write(': OPENROUTER PROCESSING\n\n');
  send(response, chunk({ role: 'assistant', content: '' }));
  send(response, chunk({ content: answer.text ?? 'Hello' }));
  for (const [index, call] of (answer.toolCalls ?? []).entries()) {
    const json = JSON.stringify(call.args);
    send(response, chunk({ tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name: call.name, arguments: '' } }] }));
    send(response, chunk({ tool_calls: [{ index, function: { arguments: json.slice(0, 5) } }] }));
    send(response, chunk({ tool_calls: [{ index, function: { arguments: json.slice(5) } }] }));
  }
  if (answer.finish !== false) send(response, chunk({}, answer.toolCalls ? 'tool_calls' : 'stop'));
  if (answer.usage !== null) send(response, { ...chunk({}), choices: [], usage: answer.usage ?? defaultUsage });
  response.end(answer.finish === false ? '' : 'data: [DONE]\n\n');
}

function trickle(response: ServerResponse, answer: Extract<ProviderAnswer, { kind: 'trickle' }>): void {
  const characters = [...answer.text];
  repeat(response, answer.everyMs, () => {
    const character = characters.shift();
    if (character !== undefined) return send(response, chunk({ content: character }));
    send(response, chunk({}, 'stop'));
    response.end('data: [DONE]\n\n');
  });
}

function repeat(response: ServerResponse, everyMs: number, act: () => void): void {
  const timer = setInterval(() => (response.writableEnded ? clearInterval(timer) : act()), everyMs);
  response.once('close', () => clearInterval(timer));
}

function chunk(delta: Record<string, unknown>, finishReason: string | null = null) {
  return {
    id: 'gen-1735317796-test',
    provider: 'TestProvider',
    model: 'test/model',
    object: 'chat.completion.chunk',
    created: 1735317796,
    choices: [{ index: 0, delta, finish_reason: finishReason, native_finish_reason: finishReason }],
  };
}

const event = (body: unknown) => `data: ${JSON.stringify(body)}\n\n`;
const send = (response: ServerResponse, body: unknown) => void response.write(event(body));

function sendWhole(response: ServerResponse, content: string): void {
  const body = {
    id: 'gen-1735317796-test',
    model: 'test/model',
    object: 'chat.completion',
    created: 1735317796,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: defaultUsage,
  };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendError(response: ServerResponse, status: number, message: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error: { code: status, message } }));
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
