import { and, eq, isNull, max } from 'drizzle-orm';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { projects } from '#server/db/schema.ts';
import type { Project } from '#server/db/schema.ts';
import { versions } from '#server/db/version-tables.ts';
import type { Version } from '#server/db/version-tables.ts';
import { AppError } from '#server/errors.ts';
import type { JobOutcome } from '#server/queue/job.ts';
import type { Difference } from '#server/versions/diff.ts';
import type { EntryMode } from '#server/versions/tree.ts';
import { VersionsError } from '#server/versions/versions-error.ts';
import type { VersionsErrorCode } from '#server/versions/versions-error.ts';
import type { ProjectsContext } from './context.ts';
import { recordEdits } from './record-version.ts';
import { noteRestore, restoreVersion, restoreVersionLater } from './restore-version.ts';
import { findLiveTurn, findProject, getOwnedProject, projectDirectory } from './rows.ts';
import { findVersionRow, listVersionRows, prepareHasVersionRow, RestoreDetail, syncVersionRows } from './version-rows.ts';
import type { VersionView } from './views.ts';

export const VersionHash = z.string().regex(/^[0-9a-f]{40}$/);
export const ListVersions = z.object({
  cursor: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  bookmarked: z.stringbool().optional(),
});
export const DescribeVersion = z.object({
  name: z.string().trim().max(60).nullable().optional(),
  bookmarked: z.union([z.boolean(), z.stringbool()]).optional(),
});

/** What can be done with the versions of a project. All throw `project_not_found`; those with a hash `version_not_found`. */
export interface ProjectVersions {
  /** Newest first. */
  list(
    ownerId: string,
    projectId: string,
    page: z.output<typeof ListVersions>,
  ): { versions: VersionView[]; nextCursor: string | undefined };
  view(ownerId: string, projectId: string, hash: string): VersionView;
  /** Gives it a name (null or empty = none) and marks it. */
  describe(ownerId: string, projectId: string, hash: string, input: z.output<typeof DescribeVersion>): VersionView;
  /** The way from a version to another or to now; without `against`, what the version itself changed. */
  diff(
    ownerId: string,
    projectId: string,
    hash: string,
    against: string | undefined,
  ): Promise<Difference & { from: string | null; to: string }>;
  tree(ownerId: string, projectId: string, hash: string): Promise<{ path: string; mode: EntryMode }[]>;
  /** @throws AppError `file_not_found`. */
  file(ownerId: string, projectId: string, hash: string, path: string): Promise<Buffer>;
  /**
   * A ZIP of a version's files, with the history when asked for.
   *
   * @param hash Undefined = now, which becomes a version first unless the agent is writing.
   */
  archive(ownerId: string, projectId: string, hash: string | undefined, options: { history: boolean }): Promise<Readable>;
  restoreLater(ownerId: string, projectId: string, hash: string): string;
  /** Job `version.restore`. */
  restore(projectId: string, hash: string): Promise<JobOutcome>;
  /** Job `version.pack`: makes every history small, one after the other. */
  pack(signal: AbortSignal): Promise<void>;
  /** Goes on with restores that a dead host left, and writes down the versions it did not get to. Call at boot, before jobs run. */
  recover(): Promise<{ finishedRestores: number }>;
}

export function createProjectVersions(context: ProjectsContext): ProjectVersions {
  const { db } = context;
  function owned(ownerId: string, projectId: string): { project: Project; projectDir: string } {
    const project = getOwnedProject(db, ownerId, projectId);
    return { project, projectDir: projectDirectory(context.dataDir, project) };
  }
  function view(ownerId: string, projectId: string, hash: string): VersionView {
    const { project } = owned(ownerId, projectId);
    return viewVersion(requireRow(context, project.id, hash), latestPosition(context, project.id));
  }
  return {
    list(ownerId, projectId, { cursor, limit, bookmarked }) {
      const { project } = owned(ownerId, projectId);
      const filter = { ...(cursor === undefined ? {} : { before: cursor }), ...(bookmarked ? { bookmarked } : {}) };
      const rows = listVersionRows(db, project.id, { limit: limit + 1, ...filter });
      const latest = latestPosition(context, project.id);
      const nextCursor = rows.length > limit ? String(rows[limit - 1]?.position) : undefined;
      return { versions: rows.slice(0, limit).map((row) => viewVersion(row, latest)), nextCursor };
    },
    view,
    describe(ownerId, projectId, hash, { name, bookmarked }) {
      describeVersion(context, owned(ownerId, projectId).project.id, hash, {
        ...(name === undefined ? {} : { name: name || null }),
        ...(bookmarked === undefined ? {} : { bookmarked }),
      });
      return view(ownerId, projectId, hash);
    },
    async diff(ownerId, projectId, hash, against) {
      const { project, projectDir } = owned(ownerId, projectId);
      const row = requireRow(context, project.id, hash);
      if (against !== undefined) return asked(diffTo(context, projectDir, hash, against));
      const [parent] = listVersionRows(db, project.id, { limit: 1, before: row.position });
      return asked(parent ? diffTo(context, projectDir, parent.hash, hash) : diffTo(context, projectDir, null, hash));
    },
    tree: (ownerId, projectId, hash) => asked(context.versions.listVersionTree(owned(ownerId, projectId).projectDir, hash)),
    file: (ownerId, projectId, hash, path) => asked(context.versions.readVersionFile(owned(ownerId, projectId).projectDir, hash, path)),
    async archive(ownerId, projectId, hash, options) {
      const { project, projectDir } = owned(ownerId, projectId);
      if (hash === undefined && findLiveTurn(db, project.id)?.state !== 'running') await recordEdits(context, project.id);
      const wanted = hash ?? context.versions.latestHash(projectDir);
      if (!wanted) throw new AppError('files_missing');
      return asked(context.versions.archive(projectDir, wanted, options));
    },
    restoreLater: (ownerId, projectId, hash) => restoreVersionLater(context, ownerId, projectId, hash),
    restore: (projectId, hash) => restoreVersion(context, projectId, hash),
    pack: (signal) => packVersions(context, signal),
    recover: () => recoverVersions(context),
  };
}

async function diffTo(context: ProjectsContext, projectDir: string, from: string | null, to: string) {
  return { from, to, ...(await context.versions.diffVersions(projectDir, from, to)) };
}

function requireRow(context: ProjectsContext, projectId: string, hash: string): Version {
  const row = findVersionRow(context.db, projectId, hash);
  if (!row) throw new AppError('version_not_found');
  return row;
}

function latestPosition(context: ProjectsContext, projectId: string): number {
  const last = context.db
    .select({ position: max(versions.position) })
    .from(versions)
    .where(eq(versions.projectId, projectId))
    .get();
  return last?.position ?? 0;
}

function describeVersion(context: ProjectsContext, projectId: string, hash: string, patch: Partial<Pick<Version, 'name' | 'bookmarked'>>) {
  if (Object.keys(patch).length === 0) return;
  context.db.transaction(
    (tx) => {
      const mine = and(eq(versions.projectId, projectId), eq(versions.hash, hash));
      if (tx.update(versions).set(patch).where(mine).run().changes === 0) throw new AppError('version_not_found');
      context.events.record(tx, 'version.recorded', projectId, { projectId, hash });
    },
    { behavior: 'immediate' },
  );
}

function viewVersion(row: Version, latest: number): VersionView {
  const { hash, title, name, kind, turnId, bookmarked, files, added, removed } = row;
  return {
    ...{ hash, title, name, kind, turnId, bookmarked, files, added, removed },
    number: row.position,
    createdAt: new Date(row.createdAtMs).toISOString(),
    isCurrent: row.position === latest,
    restore: row.detailJson ? RestoreDetail.parse(JSON.parse(row.detailJson)) : null,
  };
}

const refusals: Partial<Record<VersionsErrorCode, AppError['code']>> = {
  git_missing: 'versions_unavailable',
  version_not_found: 'version_not_found',
  file_not_found: 'file_not_found',
  workspace_missing: 'files_missing',
  too_many_files: 'too_many_files',
};

/** What the engine refuses, as a refusal for people. */
async function asked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = error instanceof VersionsError ? refusals[error.code] : undefined;
    throw code ? new AppError(code, { cause: error }) : error;
  }
}

async function recoverVersions(context: ProjectsContext): Promise<{ finishedRestores: number }> {
  const rows = context.db
    .select({ id: projects.id, pathOnDisk: projects.pathOnDisk })
    .from(projects)
    .where(isNull(projects.deletedAt))
    .all();
  const hasRow = prepareHasVersionRow(context.db);
  let finishedRestores = 0;
  for (const { id, pathOnDisk } of rows) {
    const projectDir = projectDirectory(context.dataDir, { pathOnDisk });
    try {
      const restored = await context.versions.finishRestore(projectDir);
      if (restored) {
        finishedRestores += 1;
        await noteRestore(context, id, restored, null);
      } else {
        const latest = context.versions.latestHash(projectDir);
        if (latest !== undefined && !hasRow(id, latest)) await syncVersionRows(context, id);
      }
    } catch (error) {
      context.log.error({ error, projectId: id }, 'the versions of a project could not be recovered');
    }
  }
  return { finishedRestores };
}

/** A history that can't be packed keeps no other from it; nothing was lost. */
async function packVersions(context: ProjectsContext, signal: AbortSignal): Promise<void> {
  const rows = context.db.select({ id: projects.id }).from(projects).where(isNull(projects.deletedAt)).all();
  for (const { id } of rows) {
    signal.throwIfAborted();
    const project = findProject(context.db, id);
    if (!project || project.status === 'deleting' || !context.versions.hasVersions(projectDirectory(context.dataDir, project))) continue;
    await context.versions.pack(projectDirectory(context.dataDir, project)).catch((error: unknown) => {
      context.log.warn({ error, projectId: id }, 'a history could not be packed');
    });
  }
}
