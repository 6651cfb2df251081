import type { Socket } from 'node:net';
import type { PlainAnswer, PlainRequest } from '#server/plain-exchange.ts';
import { sendPage } from './page-shell.ts';
import type { GatewayPage } from './page-shell.ts';

/** Sends a page of the gateway's own, which only the app may frame. */
export type ShowPage = (req: PlainRequest, res: PlainAnswer, page: GatewayPage) => void;

export function createShowPage(appOrigins: () => readonly string[]): ShowPage {
  return (req, res, page) => sendPage(req, res, page, appOrigins());
}

/** Whether a person is opening a page, by Fetch Metadata where the browser sends it, else by what it accepts. */
export function isNavigation(req: PlainRequest, method: 'GET' | 'POST' = 'GET'): boolean {
  if (req.method !== method && !(method === 'GET' && req.method === 'HEAD')) return false;
  const mode = req.headers['sec-fetch-mode'];
  return mode === undefined ? (req.headers.accept ?? '').includes('text/html') : mode === 'navigate';
}

export function isPrefetch(req: PlainRequest): boolean {
  return [req.headers['sec-purpose'], req.headers['purpose']].some((purpose) => String(purpose ?? '').includes('prefetch'));
}

/** By Fetch Metadata where the browser sends it, else by Origin. */
export function isSameOrigin(req: PlainRequest): boolean {
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const origin = URL.parse(req.headers.origin ?? '');
  return origin !== null && origin.host === req.headers.host;
}

export const isTraceOrConnect = (req: PlainRequest): boolean => req.method === 'TRACE' || req.method === 'CONNECT';

export function sendPlain(res: PlainAnswer, status: number, text: string, more: Record<string, string> = {}): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  res.writeHead(status, { ...headers, ...more }).end(`${text}\n`);
}

export function sendJson(res: PlainAnswer, status: number, body: object): void {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  res.writeHead(status, headers).end(JSON.stringify(body));
}

export function refuseUpgrade(socket: Socket, status: string): void {
  if (socket.destroyed) return;
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n`);
}
