const NOWHERE = 'http://doce.invalid';

/**
 * A path of our own pages taken from a query or form, or undefined when it could lead anywhere else: another origin
 * (`//host`, `/\host`, `/.//host`), the API, or a control character.
 */
export function safePath(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 2048) return undefined;
  if (!value.startsWith('/') || /[\p{Cc}\\]/u.test(value) || !URL.canParse(value, NOWHERE)) return undefined;
  const url = new URL(value, NOWHERE);
  const path = `${url.pathname}${url.search}`;
  if (url.origin !== NOWHERE || path.startsWith('//') || /^\/api(\/|$)/i.test(url.pathname)) return undefined;
  return path;
}
