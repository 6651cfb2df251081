import { eq } from 'drizzle-orm';
import { projects } from '#server/db/schema.ts';
import type { Project } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import { done, giveUp } from '#server/queue/job.ts';
import type { JobContext, JobOutcome } from '#server/queue/job.ts';
import type { ProjectsContext } from './context.ts';
import { importFiles } from './import-project.ts';
import { enqueueInstall, enqueuePrepare, enqueueStart, enqueueStop } from './jobs.ts';
import { preparePackages } from './packages.ts';
import { findLiveTurn, findProject, projectDirectory } from './rows.ts';
import { changeStatus, isErrorCode } from './status.ts';
import { enqueueNextTurn, stopWaitingTurns } from './turns.ts';
import { startAgent } from './turn-agent.ts';
import { stopLiveTurn } from './live-turns.ts';

const DETAIL_LENGTH = 8_000;

/** Asks for the preview to run. Returns false when the project is being deleted. */
export function startPreviewLater(context: ProjectsContext, projectId: string): boolean {
  return context.db.transaction(
    (tx) => {
      const project = findProject(tx, projectId);
      if (!project || project.status === 'deleting') return false;
      // A new project gets its preview once its files are there; a running one whose server is up needs nothing.
      if (project.status === 'created') {
        enqueuePrepare(context, tx, projectId);
        return true;
      }
      if (project.status === 'running' && context.runtime.devServer(projectId)) {
        if (project.packagesState === 'failed') enqueueInstall(context, tx, projectId);
        return true;
      }
      changeStatus(tx, projectId, 'starting');
      enqueueStart(context, tx, projectId);
      context.events.record(tx, 'project.changed', projectId);
      return true;
    },
    { behavior: 'immediate' },
  );
}

/** Asks for the preview and the agent to stop. */
export function stopPreviewLater(context: ProjectsContext, projectId: string): boolean {
  return context.db.transaction(
    (tx) => {
      if (!changeStatus(tx, projectId, 'stopping')) return false;
      enqueueStop(context, tx, projectId);
      context.events.record(tx, 'project.changed', projectId);
      return true;
    },
    { behavior: 'immediate' },
  );
}

/** Job `project.prepare`: puts the files in place, then has the preview started and the first turn sent. */
export async function prepareProject(context: ProjectsContext, projectId: string, job: JobContext<unknown>): Promise<JobOutcome> {
  const project = findProject(context.db, projectId);
  if (!project || project.status === 'deleting') return done();
  try {
    await prepareFiles(context, project, job.signal);
  } catch (error) {
    return refuse(context, projectId, 'prepare_failed', error, job);
  }
  return done((tx) => {
    if (changeStatus(tx, projectId, 'starting')) enqueueStart(context, tx, projectId);
    context.events.record(tx, 'project.changed', projectId);
  });
}

/** Job `runtime.start`: the dev server answers with the page, or the project says why not. */
export async function startPreview(context: ProjectsContext, projectId: string, job: JobContext<unknown>): Promise<JobOutcome> {
  const project = findProject(context.db, projectId);
  if (!project || !enterStarting(context, projectId)) return done();
  try {
    await prepareFiles(context, project, job.signal);
  } catch (error) {
    return refuse(context, projectId, 'prepare_failed', error, job);
  }
  // The agent takes as long to start as the dev server: when a prompt waits, both start at once.
  if (findLiveTurn(context.db, projectId))
    void startAgent(context, project, job.signal).catch((error: unknown) => job.log.warn({ error }, 'the agent did not start early'));
  const outcome = await startDevServer(context, project, job.signal);
  job.signal.throwIfAborted();
  if (outcome.state !== 'running') {
    failPreview(context, projectId, outcome.state === 'exited' ? 'preview_exited' : 'preview_timeout', outcome.logTail);
    return giveUp(outcome.state === 'exited' ? 'preview_exited' : 'preview_timeout', 'The preview did not start.');
  }
  const { port } = outcome;
  return done((tx) => {
    const previewedAtMs = project.previewedAtMs ?? context.clock.now();
    tx.update(projects).set({ previewedAtMs }).where(eq(projects.id, projectId)).run();
    changeStatus(tx, projectId, 'running', { devPort: port });
    enqueueNextTurn(context, tx, projectId);
    context.events.record(tx, 'project.changed', projectId);
  });
}

/** Job `runtime.stop`: nothing of the project runs any more. */
export async function stopPreview(context: ProjectsContext, projectId: string): Promise<JobOutcome> {
  await stopEverything(context, projectId);
  return done((tx) => {
    changeStatus(tx, projectId, 'stopped');
    stopWaitingTurns(context, tx, projectId);
    context.events.record(tx, 'project.changed', projectId);
  });
}

export async function stopEverything(context: ProjectsContext, projectId: string): Promise<void> {
  await stopLiveTurn(context.liveTurns, projectId);
  await context.spare.abandon(projectId);
  await Promise.all([context.agent.stop(projectId), context.runtime.stopDevServer(projectId)]);
}

function enterStarting(context: ProjectsContext, projectId: string): boolean {
  return context.db.transaction(
    (tx) => {
      const entered = changeStatus(tx, projectId, 'starting');
      if (entered) context.events.record(tx, 'project.changed', projectId);
      return entered;
    },
    { behavior: 'immediate' },
  );
}

async function prepareFiles(context: ProjectsContext, project: Project, signal: AbortSignal): Promise<void> {
  await context.spare.finish(project.id, signal);
  await importFiles(context, project, signal);
  const packages = await preparePackages(context, project, signal);
  if (packages.state === 'outdated' && !packages.hasPackages) throw new AppError(packages.code, { cause: new Error(packages.detail) });
  const preparedAtMs = project.preparedAtMs ?? context.clock.now();
  context.db.update(projects).set({ preparedAtMs }).where(eq(projects.id, project.id)).run();
}

function startDevServer(context: ProjectsContext, project: Project, signal: AbortSignal) {
  const projectId = project.id;
  return context.runtime.startDevServer({
    projectId,
    projectDir: projectDirectory(context.dataDir, project),
    port: project.devPort || null,
    publicHost: new URL(context.previewOrigin(project.slug)).host,
    signal,
    onLog: (line) => context.events.announce('log.line', projectId, { projectId, line }),
    onExit: ({ isRestarting }) => {
      if (isRestarting) note(context, projectId, 'starting');
    },
    onRestarted: ({ port }) => note(context, projectId, 'running', port),
    onGaveUp: ({ logTail }) => failPreview(context, projectId, 'preview_crashed', logTail),
  });
}

/** What the watcher of a dev server saw; a project that is stopping or being deleted keeps its state. */
function note(context: ProjectsContext, projectId: string, status: 'starting' | 'running', port?: number): void {
  context.db.transaction(
    (tx) => {
      const current = findProject(tx, projectId)?.status;
      if (current !== 'running' && current !== 'starting') return;
      if (changeStatus(tx, projectId, status, port ? { devPort: port } : {})) context.events.record(tx, 'project.changed', projectId);
    },
    { behavior: 'immediate' },
  );
}

function failPreview(context: ProjectsContext, projectId: string, errorCode: string, detail: string): void {
  context.db.transaction(
    (tx) => {
      if (!changeStatus(tx, projectId, 'error', { errorCode, errorDetail: detail.slice(-DETAIL_LENGTH) })) return;
      // A prompt that waits for the preview is sent all the same: the agent may be what repairs it.
      if (findProject(tx, projectId)?.preparedAtMs) enqueueNextTurn(context, tx, projectId);
      context.events.record(tx, 'project.changed', projectId);
    },
    { behavior: 'immediate' },
  );
}

/** Ends a preparation that failed: at once where trying again can't help, else after the last attempt. */
function refuse(context: ProjectsContext, projectId: string, fallback: string, error: unknown, job: JobContext<unknown>): JobOutcome {
  job.signal.throwIfAborted();
  const known = error instanceof AppError && isErrorCode(error.code) ? error.code : undefined;
  if (!known && job.attempt < job.maxAttempts) throw error;
  job.log.error({ error }, 'the files of a project could not be prepared');
  failPreview(context, projectId, known ?? fallback, describeCause(error));
  return giveUp(known ?? fallback);
}

/** What lies behind a refusal says more than the refusal, which is shown anyway. */
function describeCause(error: unknown): string {
  const behind = error instanceof AppError ? (error.cause ?? error) : error;
  return behind instanceof Error ? behind.message : String(behind);
}
