import { isIPv6 } from 'node:net';
import type { Config } from '#server/config.ts';
import { remembered } from '#server/remembered.ts';

const EVERY_INTERFACE = new Set(['0.0.0.0', '::', '[::]']);

/**
 * Says whether a Host header names the app: loopback or the configured `HOST` with the port the request came in on, or the
 * public URL's host. Anything else could be a rebound DNS name, and it would become `Astro.url`. Takes the header in lower
 * case, as in `RequestFacts`.
 */
export function createAppHosts(config: Pick<Config, 'host' | 'publicUrl'>): (host: string, localPort: number | undefined) => boolean {
  const publicHosts = new Set(config.publicUrl === undefined ? [] : hostsOf(new URL(config.publicUrl)));
  const names = ['localhost', '127.0.0.1', '[::1]'];
  if (!EVERY_INTERFACE.has(config.host)) names.push(isIPv6(config.host) ? `[${config.host}]` : config.host.toLowerCase());
  const localHosts = remembered((port: number | undefined) => {
    const withPort = names.map((name) => `${name}:${port}`);
    return new Set(port === 80 ? [...withPort, ...names] : withPort);
  });
  return (host, localPort) => publicHosts.has(host) || localHosts(localPort).has(host);
}

/** With its port, and without where it is the scheme's. */
function hostsOf({ host, hostname, port, protocol }: URL): string[] {
  return [host, `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`];
}
