import { and, desc, eq, gte, inArray, isNull, lt } from 'drizzle-orm';
import type { AnyColumn, SQL } from 'drizzle-orm';
import type { Db, Tx } from '#server/db/open.ts';
import { deployments } from '#server/db/production-tables.ts';
import { LIVE } from '#server/gateway/match-host.ts';
import { projects } from '#server/db/schema.ts';
import { versionPreviews } from '#server/db/version-tables.ts';
import type { VersionPreview } from '#server/db/version-tables.ts';

/** How many built versions of a project are kept to be looked at again, besides what is kept of its publications. */
export const KEPT_PREVIEWS = 5;
/** Digits of a version's hash in the address of its preview. */
const SHORT_HASH = 12;

const inProgress = ['queued', 'building'] as const;
export const isUnderWay = (state: VersionPreview['state']): boolean => (inProgress as readonly string[]).includes(state);

/** The label in front of `preview.<domain>`: `<short hash>--<slug>`, at most 62 characters. */
export const previewLabel = (slug: string, hash: string): string => `${hash.slice(0, SHORT_HASH)}--${slug}`;

/**
 * Where the front page of a site is to be seen that is published, or was looked at, without anything being started. What is
 * published keeps its hostname from version to version, since each new one would need a certificate; the query tells them apart.
 *
 * @param originOf Of a label in front of `preview.<domain>`.
 */
export function pictureUrl(
  originOf: (label: string) => string,
  slug: string,
  { live, looked }: { live: string | null; looked?: string | null },
): string | null {
  if (live) return `${originOf(`${LIVE}--${slug}`)}/?${live.slice(0, SHORT_HASH)}`;
  return looked ? originOf(previewLabel(slug, looked)) : null;
}

const isOf = (projectId: string, hash: string) => and(eq(versionPreviews.projectId, projectId), eq(versionPreviews.versionHash, hash));

export function findPreviewRow(db: Db | Tx, projectId: string, hash: string): VersionPreview | undefined {
  return db.select().from(versionPreviews).where(isOf(projectId, hash)).get();
}

/** The one that waits or is being built. */
export function findUnderWay(db: Db | Tx, projectId: string): VersionPreview | undefined {
  return db
    .select()
    .from(versionPreviews)
    .where(and(eq(versionPreviews.projectId, projectId), inArray(versionPreviews.state, [...inProgress])))
    .get();
}

export function findUnderWayByJob(db: Db | Tx, jobId: string): VersionPreview | undefined {
  return db
    .select()
    .from(versionPreviews)
    .where(and(inArray(versionPreviews.state, [...inProgress]), eq(versionPreviews.jobId, jobId)))
    .get();
}

export function listUnderWay(db: Db | Tx): VersionPreview[] {
  return db
    .select()
    .from(versionPreviews)
    .where(inArray(versionPreviews.state, [...inProgress]))
    .all();
}

/** Changes one that waits or is being built; false when it does no longer. */
export function moveUnderWay(tx: Db | Tx, projectId: string, hash: string, patch: Partial<VersionPreview>): boolean {
  const mine = and(isOf(projectId, hash), inArray(versionPreviews.state, [...inProgress]));
  return tx.update(versionPreviews).set(patch).where(mine).run().changes === 1;
}

/** Puts a row in the place of what there was for this version. */
export function putPreviewRow(tx: Tx, row: typeof versionPreviews.$inferInsert): void {
  deletePreviewRow(tx, row.projectId, row.versionHash);
  tx.insert(versionPreviews).values(row).run();
}

export function deletePreviewRow(tx: Tx, projectId: string, hash: string): void {
  tx.delete(versionPreviews).where(isOf(projectId, hash)).run();
}

/** Those that were built, the one looked at last first. */
export function listBuilt(db: Db | Tx, projectId: string): VersionPreview[] {
  return db
    .select()
    .from(versionPreviews)
    .where(and(eq(versionPreviews.projectId, projectId), eq(versionPreviews.state, 'built')))
    .orderBy(desc(versionPreviews.requestedAtMs))
    .all();
}

/** What an address of a preview means: the release that shows the version, built to be looked at or kept because it was published; or what is live. */
export function findReleaseBySlug(
  db: Db,
  slug: string,
  shortHash: string,
): { id: string; pathOnDisk: string; releaseHash: string } | undefined {
  const project = db
    .select({ id: projects.id, pathOnDisk: projects.pathOnDisk, liveHash: projects.productionHash })
    .from(projects)
    .where(and(eq(projects.slug, slug), isNull(projects.deletedAt)))
    .get();
  if (shortHash === LIVE) return project?.liveHash ? { ...project, releaseHash: project.liveHash } : undefined;
  // The end of a range of hexadecimal digits.
  const within = (column: AnyColumn) => and(gte(column, shortHash), lt(column, `${shortHash}g`));
  const built =
    project &&
    db
      .select()
      .from(versionPreviews)
      .where(and(eq(versionPreviews.projectId, project.id), within(versionPreviews.versionHash)))
      .get();
  const releaseHash = built?.releaseHash ?? (project && findKept(db, project.id, within(deployments.versionHash)));
  return project && releaseHash ? { ...project, releaseHash } : undefined;
}

/** A release of this very version that is kept because it was published. */
export function findPublishedRelease(db: Db | Tx, projectId: string, hash: string): string | undefined {
  return findKept(db, projectId, eq(deployments.versionHash, hash));
}

/** The live one first. */
function findKept(db: Db | Tx, projectId: string, ofVersion: SQL | undefined): string | undefined {
  const found = db
    .select({ releaseHash: deployments.releaseHash })
    .from(deployments)
    .where(and(eq(deployments.projectId, projectId), eq(deployments.releaseKept, true), ofVersion))
    .orderBy(desc(eq(deployments.state, 'running')), desc(deployments.liveAtMs))
    .limit(1)
    .get();
  return found?.releaseHash ?? undefined;
}
