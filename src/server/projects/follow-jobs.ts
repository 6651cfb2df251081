import { and, eq, inArray } from 'drizzle-orm';
import { deployments } from '#server/db/production-tables.ts';
import type { JobChange } from '#server/queue/engine.ts';
import type { ProjectsContext } from './context.ts';
import { moveDeployment, noteChange } from './deployment-rows.ts';
import { deletePreviewRow, findUnderWayByJob } from './version-preview-rows.ts';

/**
 * Brings what a job was for to its end, when the job ended without its handler: cancelled from the monitor while it waited, or
 * failed with a host that died. A handler that ran has written the end itself, and then there is nothing to do.
 */
export function followJob(context: ProjectsContext, { jobId, type, state }: Pick<JobChange, 'jobId' | 'type' | 'state'>): void {
  if (state !== 'cancelled' && state !== 'failed') return;
  try {
    if (type.startsWith('deployment.')) endDeployment(context, jobId, state);
    else if (type === 'version.build') endPreview(context, jobId);
  } catch (error) {
    context.log.error({ error, jobId }, 'the end of a job could not be followed');
  }
}

function endDeployment(context: ProjectsContext, jobId: string, state: 'cancelled' | 'failed'): void {
  context.db.transaction(
    (tx) => {
      const orphan = tx
        .select({ id: deployments.id, projectId: deployments.projectId })
        .from(deployments)
        .where(and(inArray(deployments.state, ['queued', 'building', 'checking']), eq(deployments.jobId, jobId)))
        .get();
      if (!orphan) return;
      const finishedAtMs = context.clock.now();
      if (state === 'cancelled') moveDeployment(tx, orphan.id, 'stopped', { errorCode: 'cancelled', finishedAtMs });
      else moveDeployment(tx, orphan.id, 'failed', { errorCode: 'interrupted', finishedAtMs });
      noteChange(context, tx, orphan.projectId);
    },
    { behavior: 'immediate' },
  );
}

function endPreview(context: ProjectsContext, jobId: string): void {
  context.db.transaction(
    (tx) => {
      const orphan = findUnderWayByJob(tx, jobId);
      if (!orphan) return;
      const { projectId, versionHash: hash } = orphan;
      deletePreviewRow(tx, projectId, hash);
      context.events.record(tx, 'version.preview', projectId, { projectId, hash });
    },
    { behavior: 'immediate' },
  );
}
