import { and, eq, isNull, sql } from 'drizzle-orm';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Db } from '#server/db/open.ts';
import { projects } from '#server/db/schema.ts';
import type { Project } from '#server/db/schema.ts';
import { untilWritten } from '#server/db/until-written.ts';
import type { PassedOn, ServedSite } from '#server/gateway/published-front.ts';
import type { Release } from '#server/releases/release.ts';
import type { Releases } from '#server/releases/releases.ts';
import { listKept } from './deployment-rows.ts';
import { projectDirectory } from './rows.ts';
import type { SiteServers } from './site-servers.ts';

const SERVER_PATIENCE_MS = 10_000;

interface Site {
  hash: string;
  live: Release;
  earlier: readonly Release[];
}

/**
 * The sites that are live. Which release that is, the project's row says, and is asked again after everything that is written:
 * changing the row is the whole switch, after a restart as well. Memory only holds what has been read.
 */
export interface PublishedSites {
  serve(req: IncomingMessage, res: ServerResponse, slug: string): Promise<ServedSite>;
  /** The program that takes a visitor's WebSocket, if the site is one. */
  takeUpgrade(socket: Socket, slug: string): Promise<PassedOn | undefined>;
  /** A release that is live or about to be. Undefined when it is not on the disk. */
  open(project: Pick<Project, 'id' | 'pathOnDisk'>, releaseHash: string): Promise<Release | undefined>;
  /** Reads a release that is about to go live. False when it is not on the disk. */
  prepare(project: Pick<Project, 'id' | 'pathOnDisk'>, releaseHash: string): Promise<boolean>;
  /** Reads anew what of the project is kept. */
  forget(projectId: string): void;
}

export function createPublishedSites(options: {
  db: Db;
  dataDir: string;
  releases: Releases;
  servers: Pick<SiteServers, 'port' | 'whenUp'>;
}): PublishedSites {
  const { db, dataDir, releases, servers } = options;
  const sites = new Map<string, Site>();
  /** Read for a switch that has not been committed. */
  const next = new Map<string, Site>();
  const bySlug = db
    .select({ id: projects.id, pathOnDisk: projects.pathOnDisk, hash: projects.productionHash })
    .from(projects)
    .where(and(eq(projects.slug, sql.placeholder('slug')), isNull(projects.deletedAt)))
    .prepare();
  const rowOf = untilWritten(db, (slug) => bySlug.get({ slug }));

  async function load(project: Pick<Project, 'id' | 'pathOnDisk'>, hash: string): Promise<Site | undefined> {
    const folder = projectDirectory(dataDir, project);
    const live = await releases.open(folder, hash);
    if (!live) return undefined;
    const others = [...new Set(listKept(db, project.id).map(({ releaseHash }) => releaseHash))].filter((other) => other && other !== hash);
    const earlier = await Promise.all(others.map((other) => releases.open(folder, other as string)));
    return { hash, live, earlier: earlier.filter((release) => release !== undefined) };
  }

  function inMemory(projectId: string, hash: string): Site | undefined {
    const known = sites.get(projectId);
    if (known?.hash === hash) return known;
    const prepared = next.get(projectId);
    if (prepared?.hash !== hash) return undefined;
    next.delete(projectId);
    sites.set(projectId, prepared);
    return prepared;
  }

  async function find(slug: string): Promise<{ projectId: string; site: Site } | undefined> {
    const project = rowOf(slug);
    if (!project?.hash) return undefined;
    let site = inMemory(project.id, project.hash);
    if (!site) {
      site = await load(project, project.hash);
      if (site) sites.set(project.id, site);
    }
    return site && { projectId: project.id, site };
  }

  /**
   * The port of the site's program, with this visit counted as one that it has to end. While it is being started again visits
   * wait; what is live by then is what answers them.
   */
  async function enter(slug: string, visit: ServerResponse | Socket): Promise<PassedOn | undefined> {
    const until = performance.now() + SERVER_PATIENCE_MS;
    for (;;) {
      const found = await find(slug);
      if (!found?.site.live.server) return undefined;
      const { live } = found.site;
      const port = servers.port(found.projectId, live.hash);
      if (port !== undefined) {
        live.users += 1;
        visit.once('close', () => (live.users -= 1));
        return { port, portNow: () => servers.port(found.projectId, live.hash) };
      }
      if (performance.now() >= until || visit.destroyed) return 'down';
      await servers.whenUp(found.projectId, live.hash, Math.min(500, until - performance.now()));
    }
  }

  return {
    async serve(req, res, slug) {
      for (;;) {
        const found = await find(slug);
        if (!found) return 'unpublished';
        if (releases.serve(req, res, found.site)) return 'served';
        if (!found.site.live.server) return 'missing';
        const passed = await enter(slug, res);
        if (passed) return passed;
        // Pages went live while it waited for the program.
      }
    },
    takeUpgrade: (socket, slug) => enter(slug, socket),
    open: (project, releaseHash) => releases.open(projectDirectory(dataDir, project), releaseHash),
    async prepare(project, releaseHash) {
      const site = await load(project, releaseHash);
      if (site) next.set(project.id, site);
      return site !== undefined;
    },
    forget(projectId) {
      sites.delete(projectId);
      next.delete(projectId);
    },
  };
}
