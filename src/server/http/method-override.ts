import type { IncomingMessage } from 'node:http';

const OVERRIDES = new Set(['PUT', 'PATCH', 'DELETE']);
const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

/** HTML forms only know POST: `action="/api/session?_method=DELETE"` says what they mean. */
export function intendedMethod(req: Pick<IncomingMessage, 'method' | 'headers' | 'url'>): string | undefined {
  if (req.method !== 'POST' || !FORM.test(req.headers['content-type'] ?? '')) return req.method;
  const query = new URLSearchParams((req.url ?? '').split('?')[1]);
  const wanted = query.get('_method')?.toUpperCase();
  return wanted !== undefined && OVERRIDES.has(wanted) ? wanted : req.method;
}
