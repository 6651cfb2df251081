import type { Config } from '#server/config.ts';
import { remembered } from '#server/remembered.ts';

export interface SiteOrigins {
  /** Where the app is: `http://localhost:4321`, or the public URL. */
  app(): string;
  /** Every origin the app may be seen under. */
  allOfApp(): readonly string[];
  /** Where a project's preview is: `http://<slug>.preview.localhost:4321`. */
  preview(slug: string): string;
  /** Where a published site is: `http://<slug>.localhost:4321`. */
  production(slug: string): string;
  /** A published site under a hostname of another domain. */
  custom(hostname: string): string;
  /** A published site on a port of its own: no TLS there, and no hostname but the app's. */
  atPort(port: number): string;
}

/**
 * The addresses that browsers use. Without `DOCE_PUBLIC_URL` they carry the port that was bound; `port` is asked each time,
 * because it is known only then.
 *
 * Sites have hostnames of their own, because cookies ignore ports: on another port of the app's hostname, generated code
 * would receive the admin's session.
 */
export function siteOrigins(config: Pick<Config, 'publicUrl' | 'sitesDomain' | 'host'>, port: () => number): SiteOrigins {
  const app = () => config.publicUrl ?? `http://localhost:${port()}`;
  function custom(hostname: string): string {
    const { protocol, port: publicPort } = new URL(app());
    return `${protocol}//${hostname}${publicPort === '' ? '' : `:${publicPort}`}`;
  }
  const originsAt = remembered((appPort: number): readonly string[] => {
    const origins = ['localhost', '127.0.0.1', config.host].map((host) => `http://${host}:${appPort}`);
    return [...new Set([app(), ...origins])];
  });
  const siteAt = (name: string) => custom(`${name}.${config.sitesDomain}`);
  return {
    app,
    allOfApp: () => originsAt(port()),
    preview: (slug) => siteAt(`${slug}.preview`),
    production: siteAt,
    custom,
    atPort: (sitePort) => `http://${portHostname(config)}:${sitePort}`,
  };
}

function portHostname({ publicUrl, host }: Pick<Config, 'publicUrl' | 'host'>): string {
  if (publicUrl !== undefined) return new URL(publicUrl).hostname;
  if (['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
