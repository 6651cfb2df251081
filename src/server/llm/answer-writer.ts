import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ChatCompletionChunk } from './chat-completions.ts';
import { foldChunks } from './fold-chunks.ts';
import type { LlmFailure } from './llm-failure.ts';
import { wireErrorOf } from './wire-error.ts';

/** Where an answer goes: straight on as server-sent events, or collected into one JSON body. */
export interface AnswerWriter {
  /** Whether the agent has received anything, so that trying again is out of the question. */
  started(): boolean;
  write(data: string, chunk: ChatCompletionChunk, signal: AbortSignal): Promise<void>;
  end(): void;
  fail(failure: LlmFailure): void;
}

export function createAnswerWriter(response: ServerResponse, stream: boolean): AnswerWriter {
  return stream ? createStreamWriter(response) : createBodyWriter(response);
}

function createStreamWriter(response: ServerResponse): AnswerWriter {
  return {
    started: () => response.headersSent,
    async write(data, chunk, signal) {
      if (!response.headersSent) {
        response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      }
      // A payload of several lines would need several `data:` fields.
      const line = data.includes('\n') ? JSON.stringify(chunk) : data;
      if (!response.write(`data: ${line}\n\n`)) await once(response, 'drain', { signal });
    },
    end() {
      if (!response.writableEnded) response.end('data: [DONE]\n\n');
    },
    fail(failure) {
      if (!response.headersSent) return sendFailure(response, failure);
      if (!response.writableEnded) response.end(`data: ${JSON.stringify(wireErrorOf(failure).body)}\n\n`);
    },
  };
}

function createBodyWriter(response: ServerResponse): AnswerWriter {
  const chunks: ChatCompletionChunk[] = [];
  return {
    started: () => chunks.length > 0,
    async write(_data, chunk) {
      chunks.push(chunk);
    },
    end: () => sendJson(response, 200, foldChunks(chunks)),
    fail: (failure) => sendFailure(response, failure),
  };
}

export function sendFailure(response: ServerResponse, failure: LlmFailure): void {
  const { status, headers, body } = wireErrorOf(failure);
  sendJson(response, status, body, headers);
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(JSON.stringify(body));
}
