import { AppError } from '#server/errors.ts';
import { done, giveUp } from '#server/queue/job.ts';
import type { JobOutcome } from '#server/queue/job.ts';
import type { Restored } from '#server/versions/restore.ts';
import type { ProjectsContext } from './context.ts';
import { stopLiveTurn } from './live-turns.ts';
import { checkPackages, namesPackages } from './packages.ts';
import { startPreviewLater } from './preview.ts';
import { findProject, getOwnedProject, projectDirectory } from './rows.ts';
import { findVersionRow, syncVersionRows } from './version-rows.ts';

/** A preview that was started with other packages or settings than these has to start again. */
const isReadAtStart = (path: string) => namesPackages(path) || path === 'pnpm-workspace.yaml';

/**
 * Asks for a version to be restored.
 *
 * @returns The job's id.
 * @throws AppError `project_not_found`, `version_not_found`.
 */
export function restoreVersionLater(context: ProjectsContext, ownerId: string, projectId: string, hash: string): string {
  return context.db.transaction(
    (tx) => {
      const project = getOwnedProject(tx, ownerId, projectId);
      if (!findVersionRow(tx, project.id, hash)) throw new AppError('version_not_found');
      const payload = { projectId: project.id, hash };
      const job = { type: 'version.restore', projectId: project.id, payload, dedupeKey: `restore:${project.id}:${hash}` };
      return context.queue.enqueue(tx, job).jobId;
    },
    { behavior: 'immediate' },
  );
}

/** Job `version.restore`: stops the turn that runs, then goes back. Repeating it after a crash goes on where it was. */
export async function restoreVersion(context: ProjectsContext, projectId: string, hash: string): Promise<JobOutcome> {
  const project = findProject(context.db, projectId);
  const target = findVersionRow(context.db, projectId, hash);
  if (!project || project.status === 'deleting') return done();
  if (!target) return giveUp('version_not_found');
  const running = context.liveTurns.get(projectId)?.turnId;
  const wasStopped = await stopLiveTurn(context.liveTurns, projectId);
  const projectDir = projectDirectory(context.dataDir, project);
  const restored = await context.versions.restoreVersion(projectDir, hash, `Restored “${target.name ?? target.title}”`);
  await noteRestore(context, projectId, restored, wasStopped ? (running ?? null) : null);
  await refreshPreview(context, projectId, projectDir, restored);
  return done((tx) => context.events.record(tx, 'project.changed', projectId));
}

/** Writes down what a restore did, as a row of the version it made. */
export async function noteRestore(
  context: ProjectsContext,
  projectId: string,
  restored: Restored,
  stoppedTurnId: string | null,
): Promise<void> {
  const { target, before, after, removed, kept } = restored;
  const detail = { restoredFrom: target, before, stoppedTurnId, removed, kept };
  await syncVersionRows(context, projectId, after === before ? undefined : { after, detail });
}

async function refreshPreview(context: ProjectsContext, projectId: string, projectDir: string, restored: Restored): Promise<void> {
  const { files } = await context.versions.diffVersions(projectDir, restored.before, restored.after, { patches: false });
  const isStale = files.some(({ path, previousPath }) => isReadAtStart(path) || isReadAtStart(previousPath ?? ''));
  const isRunning = context.runtime.devServer(projectId) !== undefined;
  if (isStale && isRunning) await context.runtime.stopDevServer(projectId);
  // What broke the preview may be what was undone.
  if ((isStale && isRunning) || findProject(context.db, projectId)?.status === 'error') startPreviewLater(context, projectId);
  // One that crashed a moment ago is about to come back, with the packages there are.
  else if (isStale) await checkPackages(context, projectId);
}
