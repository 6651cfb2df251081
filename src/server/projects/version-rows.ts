import { and, desc, eq, inArray, lt, max, sql } from 'drizzle-orm';
import { z } from 'zod';
import { turns } from '#server/db/conversation-tables.ts';
import type { Db, Tx } from '#server/db/open.ts';
import { versions } from '#server/db/version-tables.ts';
import type { Version } from '#server/db/version-tables.ts';
import type { RecordedVersion } from '#server/versions/versions.ts';
import type { StoredVersion } from '#server/versions/repository.ts';
import type { ProjectsContext } from './context.ts';
import { findProject, projectDirectory } from './rows.ts';

/** What a restore did, for people. */
export const RestoreDetail = z.object({
  /** The version whose files these are. */
  restoredFrom: z.string(),
  /** The version that holds what was there before. */
  before: z.string().nullable(),
  /** The turn that was stopped for it. */
  stoppedTurnId: z.string().nullable(),
  /** Files that were there and that the version did not know: they are in `before`. */
  removed: z.array(z.string()),
  /** What no version can hold and stood in the way: moved, not removed. */
  kept: z.array(z.object({ path: z.string(), movedTo: z.string() })),
});
export type RestoreDetail = z.infer<typeof RestoreDetail>;

const PAGE = 50;
const LISTED_PATHS = 500;

/** Newest first. @param before Position; versions older than it. */
export function listVersionRows(db: Db, projectId: string, options: { limit: number; before?: number; bookmarked?: boolean }): Version[] {
  const older = options.before === undefined ? undefined : lt(versions.position, options.before);
  const marked = options.bookmarked ? eq(versions.bookmarked, true) : undefined;
  return db
    .select()
    .from(versions)
    .where(and(eq(versions.projectId, projectId), older, marked))
    .orderBy(desc(versions.position))
    .limit(options.limit)
    .all();
}

/** For asking of many projects in a row: the statement is made once. */
export function prepareHasVersionRow(db: Db): (projectId: string, hash: string) => boolean {
  const wanted = and(eq(versions.projectId, sql.placeholder('projectId')), eq(versions.hash, sql.placeholder('hash')));
  const statement = db.select({ hash: versions.hash }).from(versions).where(wanted).prepare();
  return (projectId, hash) => statement.get({ projectId, hash }) !== undefined;
}

export function findVersionRow(db: Db | Tx, projectId: string, hash: string): Version | undefined {
  return db
    .select()
    .from(versions)
    .where(and(eq(versions.projectId, projectId), eq(versions.hash, hash)))
    .get();
}

/**
 * Gives every version that the history has a row, with an event: after each recording, and at boot for what a dead host recorded
 * and did not get to write down.
 *
 * @param detail Of the restore that made the version `detail.after`.
 */
export async function syncVersionRows(
  context: ProjectsContext,
  projectId: string,
  restored?: { after: string; detail: RestoreDetail },
): Promise<void> {
  const project = findProject(context.db, projectId);
  if (!project) return;
  const projectDir = projectDirectory(context.dataDir, project);
  const missing: { version: StoredVersion; counts: RecordedVersion }[] = [];
  for (const version of await findMissing(context, projectId, projectDir)) {
    missing.push({ version, counts: await context.versions.countChanges(projectDir, version.hash) });
  }
  if (missing.length === 0) return;
  context.db.transaction(
    (tx) => {
      for (const { version, counts } of missing) {
        const detail = restored?.after === version.hash ? restored.detail : undefined;
        if (insertRow(tx, projectId, version, counts, detail)) {
          context.events.record(tx, 'version.recorded', projectId, { projectId, hash: version.hash });
        }
      }
    },
    { behavior: 'immediate' },
  );
}

/** Oldest first. */
async function findMissing(context: ProjectsContext, projectId: string, projectDir: string): Promise<StoredVersion[]> {
  const missing: StoredVersion[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await context.versions.listVersions(projectDir, PAGE, cursor);
    const hashes = page.versions.map(({ hash }) => hash);
    const known = context.db
      .select({ hash: versions.hash })
      .from(versions)
      .where(and(eq(versions.projectId, projectId), inArray(versions.hash, hashes)))
      .all();
    const unknown = page.versions.filter(({ hash }) => !known.some((row) => row.hash === hash));
    missing.push(...unknown);
    if (known.length > 0 || !page.nextCursor) return missing.reverse();
    cursor = page.nextCursor;
  }
}

function insertRow(tx: Tx, projectId: string, version: StoredVersion, counts: RecordedVersion, detail: RestoreDetail | undefined): boolean {
  const last = tx
    .select({ position: max(versions.position) })
    .from(versions)
    .where(eq(versions.projectId, projectId))
    .get();
  const turn = version.turnId ? tx.select({ id: turns.id }).from(turns).where(eq(turns.id, version.turnId)).get() : undefined;
  const { hash, kind, title, createdAtMs } = version;
  const { files, added, removed } = counts;
  const result = tx
    .insert(versions)
    .values({
      ...{ projectId, hash, kind, title, createdAtMs, files, added, removed },
      position: (last?.position ?? 0) + 1,
      turnId: turn?.id ?? null,
      detailJson: detailOf(version, detail),
    })
    .onConflictDoNothing({ target: [versions.projectId, versions.hash] })
    .run();
  return result.changes === 1;
}

function detailOf(version: StoredVersion, detail: RestoreDetail | undefined): string | null {
  if (!version.restoredFrom) return null;
  const known = detail ?? { restoredFrom: version.restoredFrom, before: null, stoppedTurnId: null, removed: [], kept: [] };
  return JSON.stringify({ ...known, removed: known.removed.slice(0, LISTED_PATHS), kept: known.kept.slice(0, LISTED_PATHS) });
}
