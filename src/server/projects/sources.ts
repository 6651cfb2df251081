import { desc, eq } from 'drizzle-orm';
import { cp, lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Db, Tx } from '#server/db/open.ts';
import type { Project } from '#server/db/schema.ts';
import { versions } from '#server/db/version-tables.ts';
import type { ProjectsContext } from './context.ts';
import { projectDirectory } from './rows.ts';

const DERIVED = new Set(['node_modules', 'dist', '.astro']);

/** Undefined before a project's first version. */
export function latestVersionHash(db: Db | Tx, projectId: string): string | undefined {
  return db
    .select({ hash: versions.hash })
    .from(versions)
    .where(eq(versions.projectId, projectId))
    .orderBy(desc(versions.position))
    .limit(1)
    .get()?.hash;
}

/**
 * Puts a version's sources into `folder`, which must not exist; without a version, the workspace's as they stand, without
 * packages and output. Links are copied as links.
 */
export async function checkoutSources(
  context: ProjectsContext,
  project: Project,
  versionHash: string | null,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const projectDir = projectDirectory(context.dataDir, project);
  signal.throwIfAborted();
  if (versionHash !== null) return context.versions.checkout(projectDir, versionHash, folder);
  await cp(join(projectDir, 'workspace'), folder, {
    recursive: true,
    verbatimSymlinks: true,
    async filter(path) {
      signal.throwIfAborted();
      if (DERIVED.has(basename(path))) return false;
      const stat = await lstat(path);
      return stat.isFile() || stat.isDirectory() || stat.isSymbolicLink();
    },
  });
}
