import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { statusCodes } from '#server/errors.ts';
import { errorAnswer, errorBody } from './error-answer.ts';
import { refusalPage, refusalPolicy } from './refusal-page.ts';
import type { HeaderList } from './security-headers.ts';

const LINGER_MS = 2_000;
const LINGER_BYTES = 16 * 1024 * 1024;

/** Whether a person looks at the answer (a navigation) rather than a program. */
export function wantsPage(headers: IncomingMessage['headers']): boolean {
  const destination = headers['sec-fetch-dest'];
  if (destination !== undefined && destination !== 'document') return false;
  return headers.accept?.includes('text/html') ?? false;
}

/** Answers a request that goes no further, as JSON or as a plain page. Headers set before stay. */
export function sendError(req: IncomingMessage, res: ServerResponse, error: unknown, requestId: string): void {
  if (res.headersSent) return void res.destroy();
  const answer = errorAnswer(error);
  // Only a form that is sent without scripts comes to the API with the wish for a page.
  const page = wantsPage(req.headers) && (req.method === 'POST' || !req.url?.startsWith('/api/'));
  const body = page ? refusalPage(answer, requestId, req.method === 'POST') : JSON.stringify(errorBody(answer, requestId));
  res.statusCode = answer.status;
  res.setHeader('Cache-Control', 'no-store');
  if (page) res.setHeader('Content-Security-Policy', refusalPolicy);
  res.setHeader('Content-Type', page ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(body));
  if (answer.retryAfterSeconds !== undefined) res.setHeader('Retry-After', answer.retryAfterSeconds);
  if (req.method === 'HEAD') return void res.end();
  if (answer.status === statusCodes.TOO_LARGE) endAfterDraining(req, res, body);
  else res.end(body);
}

/** Answers on a bare socket: parse errors and refused upgrades, where there is no response object. */
export function sendErrorOnSocket(socket: Duplex, error: unknown, requestId: string, headers: HeaderList): void {
  if (!socket.writable) return void socket.destroy();
  const answer = errorAnswer(error);
  const body = JSON.stringify(errorBody(answer, requestId));
  const lines = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/**
 * Sends the whole answer at once but closes only after the client stopped sending (2 s, 16 MiB at most): closing with
 * unread bytes resets the connection, and the client would see the reset instead of the answer (RFC 9112 §9.6).
 */
function endAfterDraining(req: IncomingMessage, res: ServerResponse, body: string): void {
  res.setHeader('Connection', 'close');
  res.write(body);
  let drainedBytes = 0;
  const finish = () => {
    clearTimeout(deadline);
    res.end();
  };
  const deadline = setTimeout(finish, LINGER_MS);
  req.on('data', (chunk: Buffer) => {
    drainedBytes += chunk.length;
    if (drainedBytes > LINGER_BYTES) finish();
  });
  req.once('end', finish);
  req.once('close', finish);
}
