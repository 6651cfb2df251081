import { isIPv6 } from 'node:net';
import type { Config } from '#server/config.ts';

const EVERY_INTERFACE = new Set(['0.0.0.0', '::', '[::]']);

/**
 * Whether a Host header names the app: loopback or the configured `HOST` with the port the request came in on, or the
 * public URL's host. Anything else could be a rebound DNS name, and it would become `Astro.url`.
 *
 * @param host Lower case, as in `RequestFacts`.
 */
export function isAppHost(host: string, localPort: number | undefined, config: Pick<Config, 'host' | 'publicUrl'>): boolean {
  if (config.publicUrl !== undefined && withPort(host, config.publicUrl) === withPort(new URL(config.publicUrl).host, config.publicUrl)) {
    return true;
  }
  const names = ['localhost', '127.0.0.1', '[::1]'];
  if (!EVERY_INTERFACE.has(config.host)) names.push(isIPv6(config.host) ? `[${config.host}]` : config.host.toLowerCase());
  return names.some((name) => host === `${name}:${localPort}` || (localPort === 80 && host === name));
}

function withPort(host: string, url: string): string {
  return /:\d+$/.test(host) ? host : `${host}:${url.startsWith('https:') ? 443 : 80}`;
}
