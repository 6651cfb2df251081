import { eq, inArray } from 'drizzle-orm';
import { nanoid } from 'nanoid';
import { z } from 'zod';
import type { Tx } from '#server/db/open.ts';
import { deployments } from '#server/db/production-tables.ts';
import type { Deployment } from '#server/db/production-tables.ts';
import type { Project } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import { BuildError } from '#server/releases/build-failure.ts';
import type { ProjectsContext } from './context.ts';
import {
  enqueuePrune,
  findDeployment,
  findInProgress,
  findRunning,
  getDeployment,
  goLive,
  isInProgress,
  listKept,
  moveDeployment,
  noteChange,
} from './deployment-rows.ts';
import { describeDeploymentError } from './deployment-words.ts';
import { prepareRelease } from './prepare-release.ts';
import { recordEdits } from './record-version.ts';
import { findLiveTurn, findProject, getOwnedProject } from './rows.ts';
import { latestVersionHash } from './sources.ts';
import { findVersionRow } from './version-rows.ts';

export const RequestDeployment = z.object({
  versionHash: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional()
    .describe('The version to publish; the latest unless given.'),
});
export const SetProduction = z.object({ state: z.enum(['running', 'stopped']) });
export type RequestDeployment = z.infer<typeof RequestDeployment>;

/**
 * Asks for a version to be built, checked and put live; what is live stays until then. Whatever was on its way is replaced,
 * unless it is the same version and still waits or builds: then that one is it.
 *
 * @returns The deployment's id.
 * @throws AppError `project_not_found`, `project_not_ready`, `version_not_found`.
 */
export async function requestDeployment(
  context: ProjectsContext,
  ownerId: string,
  projectId: string,
  input: RequestDeployment,
): Promise<string> {
  const project = getOwnedProject(context.db, ownerId, projectId);
  if (project.preparedAtMs === null) throw new AppError('project_not_ready');
  const versionHash = input.versionHash ?? (await versionToPublish(context, project.id));
  return context.db.transaction(
    (tx) => {
      const { environmentChangedAtMs } = getOwnedProject(tx, ownerId, project.id);
      if (input.versionHash && !findVersionRow(tx, project.id, input.versionHash)) throw new AppError('version_not_found');
      const current = findInProgress(tx, project.id);
      if (current && isSameWork(current, versionHash, environmentChangedAtMs)) return current.id;
      if (current) cancelInProgress(context, tx, project.id, 'replaced');
      const id = nanoid();
      const createdAtMs = context.clock.now();
      tx.insert(deployments).values({ id, projectId: project.id, versionHash, createdAtMs }).run();
      enqueueDeploymentJob(context, tx, 'deployment.build', id);
      noteChange(context, tx, project.id);
      return id;
    },
    { behavior: 'immediate' },
  );
}

/** The latest version, with what was edited since; while the agent writes, the one before its turn. Null without any. */
async function versionToPublish(context: ProjectsContext, projectId: string): Promise<string | null> {
  const isWriting = findLiveTurn(context.db, projectId)?.state === 'running';
  const recorded = isWriting ? undefined : await recordEdits(context, projectId);
  return recorded ?? latestVersionHash(context.db, projectId) ?? null;
}

/** A workspace without versions may have changed since its sources were checked out. */
function isSameWork(current: Deployment, versionHash: string | null, environmentChangedAtMs: number | null): boolean {
  if (current.startedAtMs !== null && (environmentChangedAtMs ?? 0) > current.startedAtMs) return false;
  if (current.versionHash !== versionHash || current.state === 'checking') return false;
  return versionHash !== null || current.state === 'queued';
}

export type DeploymentJob = 'deployment.build' | 'deployment.check' | 'deployment.switch';

/**
 * The next job of a deployment. These have a lane of their own: a build works in a checkout of its own, and a prompt or a preview
 * must not wait minutes for it. See docs/decisions/0022.
 */
export function enqueueDeploymentJob(context: ProjectsContext, tx: Tx, type: DeploymentJob, deploymentId: string): void {
  const { projectId } = findDeployment(tx, deploymentId)!;
  const { jobId } = context.queue.enqueue(tx, { type, projectId, payload: { deploymentId }, dedupeKey: `${type}:${deploymentId}` });
  tx.update(deployments).set({ jobId }).where(eq(deployments.id, deploymentId)).run();
}

/** Ends what is on its way, down to its child process; what is live stays. Returns whether something was. */
export function cancelInProgress(context: ProjectsContext, tx: Tx, projectId: string, code: 'cancelled' | 'replaced'): boolean {
  const current = findInProgress(tx, projectId);
  if (!current) return false;
  moveDeployment(tx, current.id, 'stopped', { errorCode: code, finishedAtMs: context.clock.now() });
  if (current.jobId) context.queue.cancel(current.jobId);
  if (current.releaseHash) enqueuePrune(context, tx, projectId);
  return true;
}

/**
 * Puts a kept release live at once, without building; a program as soon as it answers. Whatever was on its way is cancelled: the
 * last wish wins.
 *
 * @throws AppError `project_not_found`, `deployment_not_found`, `release_not_kept`, `release_not_running`.
 */
export async function promoteDeployment(context: ProjectsContext, ownerId: string, projectId: string, id: string): Promise<void> {
  const project = getOwnedProject(context.db, ownerId, projectId);
  const wanted = getDeployment(context.db, project.id, id);
  if (wanted.state === 'running') return;
  if (!wanted.releaseKept || !wanted.releaseHash || isInProgress(wanted.state)) throw new AppError('release_not_kept');
  // Before the switch, so that no visitor waits for the disk, or for a program to start.
  const { letGo } = await prepareKept(context, project, wanted.releaseHash);
  try {
    context.db.transaction(
      (tx) => {
        const fresh = getDeployment(tx, getOwnedProject(tx, ownerId, project.id).id, id);
        if (fresh.state === 'running') return;
        if (!fresh.releaseKept) throw new AppError('release_not_kept');
        cancelInProgress(context, tx, project.id, 'replaced');
        goLive(context, tx, fresh);
      },
      { behavior: 'immediate' },
    );
  } finally {
    letGo();
  }
}

async function prepareKept(context: ProjectsContext, project: Project, releaseHash: string): Promise<{ letGo(): void }> {
  try {
    return await prepareRelease(context, project, releaseHash, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    if (error.code === 'release_missing') throw new AppError('release_not_kept', { cause: error });
    const lastLine = error.message.trimEnd().split('\n').at(-1)?.slice(0, 300);
    throw new AppError('release_not_running', { cause: error, message: `${describeDeploymentError(error.code)} ${lastLine ?? ''}`.trim() });
  }
}

/**
 * Takes the site down; its history and releases stay. Asking twice is no error.
 *
 * @throws AppError `project_not_found`.
 */
export function stopProduction(context: ProjectsContext, ownerId: string, projectId: string): void {
  context.db.transaction(
    (tx) => {
      const project = getOwnedProject(tx, ownerId, projectId);
      const cancelled = cancelInProgress(context, tx, project.id, 'cancelled');
      const live = findRunning(tx, project.id);
      if (live) moveDeployment(tx, live.id, 'stopped', { finishedAtMs: context.clock.now() });
      if (live || cancelled) noteChange(context, tx, project.id);
    },
    { behavior: 'immediate' },
  );
}

/**
 * Puts back live what was live last.
 *
 * @throws AppError `project_not_found`, `nothing_to_start`.
 */
export async function startProduction(context: ProjectsContext, ownerId: string, projectId: string): Promise<void> {
  const project = getOwnedProject(context.db, ownerId, projectId);
  const [last] = listKept(context.db, project.id);
  if (!last) throw new AppError('nothing_to_start');
  await promoteDeployment(context, ownerId, project.id, last.id);
}

/**
 * Cancels one that is on its way; removes one that is over, with its release when no other one has the same.
 *
 * @throws AppError `project_not_found`, `deployment_not_found`, `deployment_live`.
 */
export function deleteDeployment(context: ProjectsContext, ownerId: string, projectId: string, id: string): void {
  context.db.transaction(
    (tx) => {
      const project = getOwnedProject(tx, ownerId, projectId);
      const { state, releaseKept } = getDeployment(tx, project.id, id);
      if (state === 'running') throw new AppError('deployment_live');
      if (isInProgress(state)) cancelInProgress(context, tx, project.id, 'cancelled');
      else tx.delete(deployments).where(eq(deployments.id, id)).run();
      if (releaseKept) enqueuePrune(context, tx, project.id);
      noteChange(context, tx, project.id);
    },
    { behavior: 'immediate' },
  );
}

/**
 * Gives every deployment whose job ended without it an end. Call once at boot, after the queue has recovered its rows: a job
 * that was cancelled by hand while it waited, or that ran out of attempts with the hosts that died.
 */
export function recoverDeployments(context: ProjectsContext): void {
  context.db.transaction(
    (tx) => {
      const unfinished = tx
        .select()
        .from(deployments)
        .where(inArray(deployments.state, ['queued', 'building', 'checking']))
        .all();
      for (const { id, projectId, jobId } of unfinished) {
        const state = jobId ? context.queue.find(jobId)?.state : undefined;
        if (state === 'queued' || state === 'running' || !findProject(tx, projectId)) continue;
        const end =
          state === 'cancelled' ? ({ to: 'stopped', code: 'cancelled' } as const) : ({ to: 'failed', code: 'interrupted' } as const);
        moveDeployment(tx, id, end.to, { errorCode: end.code, finishedAtMs: context.clock.now() });
        // What it stored belongs to no release that is kept.
        enqueuePrune(context, tx, projectId);
        noteChange(context, tx, projectId);
      }
    },
    { behavior: 'immediate' },
  );
}
