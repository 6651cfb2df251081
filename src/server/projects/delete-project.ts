import { eq } from 'drizzle-orm';
import { rm } from 'node:fs/promises';
import { projects } from '#server/db/schema.ts';
import { done } from '#server/queue/job.ts';
import type { JobOutcome } from '#server/queue/job.ts';
import type { ProjectsContext } from './context.ts';
import { cancelInProgress } from './deployments.ts';
import { uploadFile } from './import-rows.ts';
import { enqueueDelete } from './jobs.ts';
import { stopEverything } from './preview.ts';
import { findProject, getOwnedProject, projectDirectory } from './rows.ts';
import { changeStatus } from './status.ts';
import { cancelPreview } from './version-previews.ts';

/**
 * Takes the project out of every list at once; the job removes what it left.
 *
 * @throws AppError `project_not_found`.
 */
export function deleteProjectLater(context: ProjectsContext, ownerId: string, projectId: string): void {
  context.db.transaction(
    (tx) => {
      const project = getOwnedProject(tx, ownerId, projectId);
      changeStatus(tx, project.id, 'deleting', { deletedAt: new Date(context.clock.now()) });
      cancelInProgress(context, tx, project.id, 'cancelled');
      cancelPreview(context, tx, project.id);
      enqueueDelete(context, tx, project.id);
      context.events.record(tx, 'project.deleted', project.id, { projectId: project.id });
    },
    { behavior: 'immediate' },
  );
  context.siteNames.forget();
}

/** Job `project.delete`: leaves no process, port, row or folder. Safe to repeat from any point. */
export async function deleteProject(context: ProjectsContext, projectId: string): Promise<JobOutcome> {
  const project = findProject(context.db, projectId);
  if (!project) return done();
  await Promise.all([stopEverything(context, projectId), context.production.building.get(projectId)?.over]);
  context.production.sites.forget(projectId);
  context.llm.revokeToken(projectId);
  await context.runtime.removeProject(projectDirectory(context.dataDir, project));
  await rm(uploadFile(context.dataDir, projectId), { force: true });
  return done((tx) => void tx.delete(projects).where(eq(projects.id, projectId)).run());
}
