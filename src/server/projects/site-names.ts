import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Config } from '#server/config.ts';
import type { Db, Tx } from '#server/db/open.ts';
import { projectAddresses, projectHostnames } from '#server/db/production-tables.ts';
import { projects } from '#server/db/schema.ts';
import { matchHost } from '#server/gateway/match-host.ts';
import type { HostMatch } from '#server/gateway/match-host.ts';
import type { SiteOrigins } from './site-origins.ts';
import { findReleaseBySlug } from './version-preview-rows.ts';

/**
 * Which site is meant by which name, besides the slugs that projects have now. Held in memory, since every request asks;
 * whoever changes a name calls `forget` after the commit.
 */
export interface SiteNames {
  /** The slug of the site that a hostname of another domain shows. */
  slugOfHostname(hostname: string): string | undefined;
  /** The origin at which the site is instead. Undefined: it is where it was asked for. */
  movedTo(match: HostMatch): string | undefined;
  /** Where a published site is, for people: its primary hostname, or its address here. Read anew. */
  publishedOrigin(tx: Db | Tx, project: { id: string; slug: string }): string;
  /** Of a hostname of another domain. */
  originOf(hostname: string): string;
  /** Whether something is shown at the hostname, so that a certificate for it is worth having. */
  isServed(hostname: string): boolean;
  /** Whether the hostname belongs to this installation: it, or what is below it, is the app or one of the sites. */
  isOurs(hostname: string): boolean;
  /** Whether doce itself is where the site of that slug would be. */
  isOfTheApp(slug: string): boolean;
  forget(): void;
}

export interface SiteNamesOptions {
  db: Db;
  config: Pick<Config, 'sitesDomain' | 'publicUrl' | 'host'>;
  origins: Pick<SiteOrigins, 'preview' | 'production' | 'custom'>;
}

interface Names {
  slugByHostname: ReadonlyMap<string, string>;
  primaryBySlug: ReadonlyMap<string, string>;
  slugByEarlier: ReadonlyMap<string, string>;
}

export function createSiteNames({ db, config, origins }: SiteNamesOptions): SiteNames {
  const appHostname = config.publicUrl === undefined ? undefined : new URL(config.publicUrl).hostname;
  const sitesDomain = config.sitesDomain.toLowerCase();
  let names: Names | undefined;
  const known = () => (names ??= readNames(db));
  const bySlug = db
    .select({ hash: projects.productionHash })
    .from(projects)
    .where(and(eq(projects.slug, sql.placeholder('slug')), isNull(projects.deletedAt)))
    .prepare();

  function productionOf(slug: string): string {
    const primary = known().primaryBySlug.get(slug);
    return primary === undefined ? origins.production(slug) : origins.custom(primary);
  }

  return {
    slugOfHostname: (hostname) => known().slugByHostname.get(hostname),
    movedTo({ kind, slug, shortHash, customHostname }) {
      const present = known().slugByEarlier.get(slug);
      if (kind !== 'production') {
        return present === undefined ? undefined : origins.preview(shortHash === undefined ? present : `${shortHash}--${present}`);
      }
      if (present !== undefined) return productionOf(present);
      const primary = known().primaryBySlug.get(slug);
      return primary === undefined || primary === customHostname ? undefined : origins.custom(primary);
    },
    publishedOrigin(tx, { id, slug }) {
      const isPrimary = and(eq(projectHostnames.projectId, id), eq(projectHostnames.isPrimary, true));
      const primary = tx.select({ hostname: projectHostnames.hostname }).from(projectHostnames).where(isPrimary).get();
      return primary ? origins.custom(primary.hostname) : origins.production(slug);
    },
    originOf: origins.custom,
    isOfTheApp: (slug) => appHostname !== undefined && new URL(origins.production(slug)).hostname === appHostname,
    isServed(hostname) {
      const name = hostname.toLowerCase().replace(/\.$/, '');
      if (name === appHostname) return true;
      const match = matchHost(name, sitesDomain, (custom) => known().slugByHostname.get(custom));
      if (!match) return false;
      const slug = known().slugByEarlier.get(match.slug) ?? match.slug;
      // Whoever makes up a hash must not make the proxy fetch a certificate for it.
      if (match.shortHash !== undefined) return findReleaseBySlug(db, slug, match.shortHash) !== undefined;
      const project = bySlug.get({ slug });
      return project !== undefined && (match.kind !== 'production' || match.customHostname !== undefined || project.hash !== null);
    },
    isOurs(hostname) {
      const isWithin = (domain: string) => hostname === domain || hostname.endsWith(`.${domain}`);
      return hostname === appHostname || hostname === config.host.toLowerCase() || isWithin(sitesDomain) || isWithin('localhost');
    },
    forget: () => (names = undefined),
  };
}

function readNames(db: Db): Names {
  const hostnames = db
    .select({ hostname: projectHostnames.hostname, isPrimary: projectHostnames.isPrimary, slug: projects.slug })
    .from(projectHostnames)
    .innerJoin(projects, and(eq(projects.id, projectHostnames.projectId), isNull(projects.deletedAt)))
    .all();
  const earlier = db
    .select({ earlier: projectAddresses.slug, slug: projects.slug })
    .from(projectAddresses)
    .innerJoin(projects, and(eq(projects.id, projectAddresses.projectId), isNull(projects.deletedAt)))
    .all();
  return {
    slugByHostname: new Map(hostnames.map(({ hostname, slug }) => [hostname, slug])),
    primaryBySlug: new Map(hostnames.filter(({ isPrimary }) => isPrimary).map(({ hostname, slug }) => [slug, hostname])),
    slugByEarlier: new Map(earlier.map((row) => [row.earlier, row.slug])),
  };
}
