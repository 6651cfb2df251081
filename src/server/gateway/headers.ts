import type { IncomingHttpHeaders } from 'node:http';

// `doce_session`, `__Host-doce_session` and whatever else the app may set.
const APP_COOKIE = /^(?:__(?:host|secure)-)?doce/i;
const REQUEST_DROPPED = /^(?:authorization|forwarded|expect|x-real-ip|x-forwarded-.*|proxy-.*|keep-alive|te)$/;
// They would bind the browser for longer, or for more hostnames, than one site may.
const ANSWER_DROPPED = ['strict-transport-security', 'clear-site-data', 'alt-svc', 'public-key-pins', 'keep-alive', 'proxy-authenticate'];

/** Removes from a request what must not reach project code: the app's cookies, credentials, forwarding headers. In place. */
export function cleanRequestHeaders(headers: IncomingHttpHeaders): void {
  for (const name of Object.keys(headers)) if (REQUEST_DROPPED.test(name)) delete headers[name];
  if (headers.cookie === undefined) return;
  const kept = headers.cookie.split(';').filter((cookie) => !APP_COOKIE.test(cookie.split('=')[0]?.trim() ?? ''));
  if (kept.length > 0) headers.cookie = kept.join(';').trim();
  else delete headers.cookie;
}

/**
 * Removes from an answer what would reach beyond the site's own hostname. Of a preview lets only the app frame it, and keeps pages
 * out of caches. In place.
 *
 * @param frameAncestors Of a preview: origins of the app. A policy of ours is added beside the site's own: browsers enforce both.
 */
export function cleanAnswerHeaders(headers: IncomingHttpHeaders, frameAncestors: readonly string[] | undefined): void {
  for (const name of ANSWER_DROPPED) delete headers[name];
  const cookies = headers['set-cookie']?.filter((cookie) => !/;\s*domain\s*=/i.test(cookie) && !APP_COOKIE.test(cookie.trim()));
  if (cookies?.length) headers['set-cookie'] = cookies;
  else delete headers['set-cookie'];
  if (!frameAncestors) return;
  const policy = framePolicy(frameAncestors);
  const { 'content-security-policy': own } = headers;
  // Two header lines; node:http writes an array as such although its reading type knows only strings.
  (headers as Record<string, string | string[]>)['content-security-policy'] = own === undefined ? policy : [own, policy].flat();
  if (headers['content-type']?.includes('text/html')) headers['cache-control'] = 'no-store';
}

export function framePolicy(frameAncestors: readonly string[]): string {
  return `frame-ancestors ${frameAncestors.length > 0 ? frameAncestors.join(' ') : "'none'"}`;
}
