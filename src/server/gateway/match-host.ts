/** Which site a Host header means. */
export interface HostMatch {
  kind: 'preview' | 'production';
  slug: string;
  /** The hostname itself where it is one of another domain. */
  customHostname?: string;
}

const SLUG = /^[a-z0-9-]{1,48}$/;

/**
 * Reads `<slug>.preview.<sitesDomain>[:port]` and `<slug>.<sitesDomain>[:port]`. The port is not compared.
 * The app's own hostname must be looked for first: on a shared domain it looks like a production site.
 *
 * @param slugOf Which published site a hostname of another domain shows.
 */
export function matchHost(
  host: string | undefined,
  sitesDomain: string,
  slugOf?: (hostname: string) => string | undefined,
): HostMatch | undefined {
  const name = host
    ?.toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '');
  if (!name) return undefined;
  const suffix = `.${sitesDomain.toLowerCase()}`;
  if (!name.endsWith(suffix)) {
    const slug = slugOf?.(name);
    return slug === undefined ? undefined : { kind: 'production', slug, customHostname: name };
  }
  const labels = name.slice(0, -suffix.length).split('.');
  const [slug, second] = labels;
  if (slug === undefined || !SLUG.test(slug)) return undefined;
  if (labels.length === 2 && second === 'preview') return { kind: 'preview', slug };
  if (labels.length === 1 && slug !== 'preview') return { kind: 'production', slug };
  return undefined;
}
