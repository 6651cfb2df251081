import { and, eq, isNull, sql } from 'drizzle-orm';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Db } from '#server/db/open.ts';
import { projects } from '#server/db/schema.ts';
import type { Project } from '#server/db/schema.ts';
import type { Release } from '#server/releases/release.ts';
import type { Releases } from '#server/releases/releases.ts';
import { listKept } from './deployment-rows.ts';
import { projectDirectory } from './rows.ts';

/** `missing`: the site is live, but has nothing there and no 404 page of its own. Nothing was sent then. */
export type ServedSite = 'served' | 'missing' | 'unpublished';

interface Site {
  hash: string;
  live: Release;
  earlier: readonly Release[];
}

/**
 * The sites that are live. Which release that is, each request reads from the project's row: changing the row is the whole
 * switch, after a restart as well. Memory only holds what has been read from the disk.
 */
export interface PublishedSites {
  serve(req: IncomingMessage, res: ServerResponse, slug: string): Promise<ServedSite>;
  /** Reads a release that is about to go live. False when it is not on the disk. */
  prepare(project: Pick<Project, 'id' | 'pathOnDisk'>, releaseHash: string): Promise<boolean>;
  /** Reads anew what of the project is kept. */
  forget(projectId: string): void;
}

export function createPublishedSites({ db, dataDir, releases }: { db: Db; dataDir: string; releases: Releases }): PublishedSites {
  const sites = new Map<string, Site>();
  /** Read for a switch that has not been committed. */
  const next = new Map<string, Site>();
  const bySlug = db
    .select({ id: projects.id, pathOnDisk: projects.pathOnDisk, hash: projects.productionHash })
    .from(projects)
    .where(and(eq(projects.slug, sql.placeholder('slug')), isNull(projects.deletedAt)))
    .prepare();

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

  return {
    async serve(req, res, slug) {
      const project = bySlug.get({ slug });
      if (!project?.hash) return 'unpublished';
      let site = inMemory(project.id, project.hash);
      if (!site) {
        site = await load(project, project.hash);
        if (!site) return 'unpublished';
        sites.set(project.id, site);
      }
      return releases.serve(req, res, site) ? 'served' : 'missing';
    },
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
