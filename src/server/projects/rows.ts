import { and, desc, eq, inArray, isNull, max, or } from 'drizzle-orm';
import { join } from 'node:path';
import { turns } from '#server/db/conversation-tables.ts';
import type { Turn } from '#server/db/conversation-tables.ts';
import type { Db, Tx } from '#server/db/open.ts';
import { projects } from '#server/db/schema.ts';
import type { Project } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';

/** The project of any owner, being deleted or not: for jobs. */
export function findProject(db: Db | Tx, projectId: string): Project | undefined {
  return db.select().from(projects).where(eq(projects.id, projectId)).get();
}

/** @throws AppError `project_not_found` when absent, deleted or owned by someone else. */
export function getOwnedProject(db: Db | Tx, ownerId: string, idOrSlug: string): Project {
  const named = or(eq(projects.id, idOrSlug), eq(projects.slug, idOrSlug));
  const project = db
    .select()
    .from(projects)
    .where(and(named, eq(projects.ownerUserId, ownerId), isNull(projects.deletedAt)))
    .get();
  if (!project) throw new AppError('project_not_found');
  return project;
}

export function projectDirectory(dataDir: string, project: Pick<Project, 'pathOnDisk'>): string {
  return join(dataDir, project.pathOnDisk);
}

export function findTurn(db: Db | Tx, turnId: string): Turn | undefined {
  return db.select().from(turns).where(eq(turns.id, turnId)).get();
}

/** The turn being answered, or the first that waits. */
export function findLiveTurn(db: Db | Tx, projectId: string): Turn | undefined {
  return db
    .select()
    .from(turns)
    .where(and(eq(turns.projectId, projectId), inArray(turns.state, ['running', 'queued'])))
    .orderBy(desc(eq(turns.state, 'running')), turns.position)
    .limit(1)
    .get();
}

export function nextTurnPosition(db: Db | Tx, projectId: string): number {
  return (
    (db
      .select({ last: max(turns.position) })
      .from(turns)
      .where(eq(turns.projectId, projectId))
      .get()?.last ?? 0) + 1
  );
}
