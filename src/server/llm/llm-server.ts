import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ActiveTurns } from './active-turns.ts';
import { answerCall, requireAllowed } from './answer-call.ts';
import type { AnswerDependencies } from './answer-call.ts';
import { sendFailure, sendJson } from './answer-writer.ts';
import { ChatCompletionRequest } from './chat-completions.ts';
import { LlmFailure } from './llm-failure.ts';
import type { ProjectTokens } from './project-tokens.ts';
import type { ModelCatalogue } from './provider-models.ts';

/** A request carries the whole conversation, pictures included. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

export interface LlmServerDependencies {
  answers: AnswerDependencies;
  tokens: ProjectTokens;
  turns: ActiveTurns;
  models: ModelCatalogue;
}

/** The HTTP face of the gateway: OpenAI's routes under `/llm/v1`, for agents with a project token. */
export function createLlmServer(deps: LlmServerDependencies): Server {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 60_000 }, (request, response) => {
    route(deps, request, response).catch((error: unknown) => {
      deps.answers.log.error({ err: error }, 'LLM gateway request failed');
      sendFailure(response, new LlmFailure('gateway_failed'));
      if (!response.writableEnded) response.destroy();
    });
  });
  return server;
}

async function route(deps: LlmServerDependencies, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const projectId = deps.tokens.projectOf(request.headers.authorization);
  if (projectId === undefined) return refuse(response, 401, 'A valid project token is required.');
  const target = `${request.method} ${request.url?.split('?')[0]}`;
  if (target === 'GET /llm/v1/models') {
    const { models } = await deps.models.list();
    return sendJson(response, 200, { object: 'list', data: models.map(({ id }) => ({ id, object: 'model', owned_by: 'doce' })) });
  }
  if (target !== 'POST /llm/v1/chat/completions') return refuse(response, 404, 'There is nothing at this address.');
  await complete(deps, projectId, request, response);
}

async function complete(deps: LlmServerDependencies, projectId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) return refuse(response, 413, 'That is too large to send.');
  const chat = parseChat(body);
  if (!chat) return refuse(response, 400, 'That is not a chat-completions request.');
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const turn = deps.turns.find(projectId);
  try {
    const required = deps.turns.require(projectId, chat.model);
    requireAllowed(deps.answers, required, chat);
    await deps.turns.runWithin(required, gone.signal, (signal) => answerCall(deps.answers, required, chat, response, signal));
  } catch (error) {
    const failure = error instanceof LlmFailure ? error : new LlmFailure('gateway_failed', { cause: error });
    const { code, cause } = failure;
    deps.answers.log[code === 'gateway_failed' ? 'error' : 'warn']({ code, cause, projectId, model: chat.model }, 'model call refused');
    // It passes by itself, so it is no reason for a turn to fail.
    if (turn && code !== 'too_many_calls') turn.lastError = failure.toError();
    sendFailure(response, failure);
  }
}

/** The body, or undefined when it is too large; what is left of it is then thrown away with the connection. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return undefined;
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (sizeBytes > MAX_BODY_BYTES) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function parseChat(body: Buffer): ChatCompletionRequest | undefined {
  try {
    return ChatCompletionRequest.safeParse(JSON.parse(body.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: 'doce_refused', code: 'doce_refused' } }, { connection: 'close' });
}
