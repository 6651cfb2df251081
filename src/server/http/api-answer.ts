import { errorAnswer, errorBody } from './error-answer.ts';
import { refusalPage, refusalPolicy } from './refusal-page.ts';

/** What a route's handler returns when all went well. */
export interface Reply {
  status?: number;
  /** Sent as JSON; absent = no content. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Where a form without JavaScript goes next, a path of ours; else back to the page it is on. */
  location?: string;
}

export function jsonReply(reply: Reply, defaultStatus = 200): Response {
  const headers = new Headers(reply.headers);
  if (reply.body === undefined) return new Response(null, { status: reply.status ?? 204, headers });
  return Response.json(reply.body, { status: reply.status ?? defaultStatus, headers });
}

export function jsonError(error: unknown, requestId: string): Response {
  const answer = errorAnswer(error);
  const headers = new Headers();
  if (answer.retryAfterSeconds !== undefined) headers.set('Retry-After', String(answer.retryAfterSeconds));
  if (answer.code === 'body_too_large') headers.set('Connection', 'close');
  return Response.json(errorBody(answer, requestId), { status: answer.status, headers });
}

/** An error as a page of its own, for where there is no page of ours to go back to. */
export function pageError(error: unknown, requestId: string): Response {
  const answer = errorAnswer(error);
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': refusalPolicy };
  return new Response(refusalPage(answer, requestId), { status: answer.status, headers });
}
