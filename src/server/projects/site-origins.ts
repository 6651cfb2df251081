import type { Config } from '#server/config.ts';

export interface SiteOrigins {
  /** Where the app is: `http://localhost:4321`, or the public URL. */
  app(): string;
  /** Every origin the app may be seen under. */
  allOfApp(): string[];
  /** Where a project's preview is: `http://<slug>.preview.localhost:4321`. */
  preview(slug: string): string;
  /** Where a published site is: `http://<slug>.localhost:4321`. */
  production(slug: string): string;
  /** A published site under a hostname of another domain. */
  custom(hostname: string): string;
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
  const siteAt = (name: string) => custom(`${name}.${config.sitesDomain}`);
  return {
    app,
    allOfApp: () => [...new Set([app(), ...['localhost', '127.0.0.1', config.host].map((host) => `http://${host}:${port()}`)])],
    preview: (slug) => siteAt(`${slug}.preview`),
    production: siteAt,
    custom,
  };
}
