import type { IncomingMessage } from 'node:http';

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * Whether a request that may change something was sent by one of our own pages, or by a client that states our origin.
 * `same-site` is not enough: sibling ports and sibling hosts, where generated code runs, are the same site.
 */
export function isOurOwnRequest(
  req: Pick<IncomingMessage, 'method' | 'headers'>,
  origins: { request: string; configured: string | undefined },
): boolean {
  if (SAFE_METHODS.has(req.method ?? '')) return true;
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const origin = req.headers.origin;
  return origin !== undefined && (origin === origins.request || origin === configuredOrigin(origins.configured));
}

const configuredOrigin = (url: string | undefined) => (url === undefined ? undefined : new URL(url).origin);
