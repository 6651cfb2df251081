import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer of the stand-in model, in the order the model is asked. */
export interface ModelReply {
  reasoning?: string;
  /** Streamed in pieces of a few characters. */
  text?: string;
  toolCalls?: readonly { name: string; args: Record<string, unknown> }[];
  /** How long the model says the conversation is; default 10. */
  promptTokens?: number;
  /** Awaited after the text and before the end: holds the stream open until a test lets go. */
  hold?: Promise<unknown>;
  /** Answer with this status and an OpenAI-style error body instead of a stream. */
  fault?: { status: number; code?: string; message: string; headers?: Record<string, string> };
  /** Cut the socket after the text, without a finish. */
  cut?: boolean;
  /** End the stream with an OpenAI-style error chunk. */
  errorChunk?: { code: string; message: string };
}

export interface ModelRequest {
  authorization: string | undefined;
  model: string;
  messages: { role: string; content: unknown }[];
  tools: string[];
}

export interface ModelServer {
  baseUrl: string;
  /** Every request that arrived, oldest first. */
  requests: ModelRequest[];
  /** Adds answers; when none is left the model says "Done.". */
  script(...replies: ModelReply[]): void;
  /** Resolves when request number `count` (1-based) has arrived. */
  asked(count: number): Promise<ModelRequest>;
  close(): Promise<void>;
}

/** A local model that speaks OpenAI chat-completions streaming over a real socket. */
export async function startModelServer(): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const replies: ModelReply[] = [];
  const waiting: { count: number; resolve(request: ModelRequest): void }[] = [];

  const server = createServer(async (request, response) => {
    const body = JSON.parse(await readBody(request)) as {
      model: string;
      messages: ModelRequest['messages'];
      tools?: { function: { name: string } }[];
    };
    const seen = {
      authorization: request.headers.authorization,
      model: body.model,
      messages: body.messages,
      tools: (body.tools ?? []).map((tool) => tool.function.name),
    };
    requests.push(seen);
    for (const entry of waiting.filter(({ count }) => count <= requests.length)) entry.resolve(requests[entry.count - 1]!);
    await answer(response, body.model, replies.shift() ?? { text: 'Done.' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/llm/v1`,
    requests,
    script: (...more) => void replies.push(...more),
    asked: (count) =>
      requests.length >= count ? Promise.resolve(requests[count - 1]!) : new Promise((resolve) => waiting.push({ count, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function answer(response: ServerResponse, model: string, reply: ModelReply): Promise<void> {
  if (reply.fault) {
    response.writeHead(reply.fault.status, { 'content-type': 'application/json', ...reply.fault.headers });
    const { code = 'unknown', message } = reply.fault;
    response.end(JSON.stringify({ error: { message, type: code, code } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta: Record<string, unknown>, finish: string | null = null) =>
    response.write(`data: ${JSON.stringify(chunk(model, delta, finish, reply.promptTokens))}\n\n`);
  send({ role: 'assistant', content: '' });
  for (const piece of pieces(reply.reasoning)) send({ reasoning_content: piece });
  for (const piece of pieces(reply.text)) send({ content: piece });
  await reply.hold;
  if (reply.cut) return void response.destroy();
  if (reply.errorChunk)
    return void response.end(`data: ${JSON.stringify({ error: { ...reply.errorChunk, type: reply.errorChunk.code } })}\n\n`);
  const calls = reply.toolCalls ?? [];
  calls.forEach((call, index) => {
    const id = `call_${Date.now().toString(36)}_${index}`;
    send({ tool_calls: [{ index, id, type: 'function', function: { name: call.name, arguments: '' } }] });
    for (const piece of pieces(JSON.stringify(call.args), 40)) send({ tool_calls: [{ index, function: { arguments: piece } }] });
  });
  send({}, calls.length ? 'tool_calls' : 'stop');
  response.end('data: [DONE]\n\n');
}

function pieces(text = '', length = 8): string[] {
  return text.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? [];
}

function chunk(model: string, delta: Record<string, unknown>, finish: string | null, promptTokens = 10) {
  const usage = finish ? { prompt_tokens: promptTokens, completion_tokens: 5, total_tokens: promptTokens + 5 } : null;
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model,
    choices: [{ index: 0, delta, finish_reason: finish }],
    usage,
  };
}
