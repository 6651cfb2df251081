/** Which site a Host header means. */
export interface HostMatch {
  /** `version`: a built site to be looked at, by the app only. */
  kind: 'preview' | 'production' | 'version';
  slug: string;
  /** Of a `version`: the first digits of its hash, or {@link LIVE}. */
  shortHash?: string;
  /** The hostname itself where it is one of another domain. */
  customHostname?: string;
  /** It was not asked for by a hostname, but on the site's own port, which never speaks TLS. */
  isOwnPort?: boolean;
}

const SLUG = /^[a-z0-9-]{1,48}$/;
/** In the place of a hash: the version that is published at the moment. */
export const LIVE = 'live';
const VERSION = new RegExp(`^([0-9a-f]{12}|${LIVE})--([a-z0-9-]{1,48})$`);

/**
 * Reads `<slug>.preview.<sitesDomain>[:port]`, `<short hash>--<slug>.preview.…` for a version of it (`live--…` for the published one), and
 * `<slug>.<sitesDomain>[:port]`. The port is not compared.
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
  if (slug === undefined) return undefined;
  const version = labels.length === 2 && second === 'preview' ? VERSION.exec(slug) : null;
  if (version) return { kind: 'version', slug: version[2]!, shortHash: version[1]! };
  if (!SLUG.test(slug)) return undefined;
  if (labels.length === 2 && second === 'preview') return { kind: 'preview', slug };
  if (labels.length === 1 && slug !== 'preview') return { kind: 'production', slug };
  return undefined;
}
