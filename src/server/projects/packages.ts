import { eq } from 'drizzle-orm';
import { projects } from '#server/db/schema.ts';
import type { Project } from '#server/db/schema.ts';
import { done, giveUp } from '#server/queue/job.ts';
import type { JobContext, JobOutcome } from '#server/queue/job.ts';
import type { PrepareOutcome } from '#server/runtime/workspace.ts';
import type { ProjectsContext } from './context.ts';
import { enqueueInstall, enqueueStart } from './jobs.ts';
import { findProject, projectDirectory } from './rows.ts';
import { changeStatus } from './status.ts';

const DETAIL_LENGTH = 8_000;
/** How often an install is repeated because the files changed meanwhile. */
const ROUNDS = 3;

const namingPackages = new Set(['package.json', 'pnpm-lock.yaml', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock']);

/** Whether a file of the workspace says which packages the site needs. */
export const namesPackages = (path: string): boolean => namingPackages.has(path);

/**
 * Has packages installed when what the files ask for is not what is there. A project that sleeps gets them when it starts. What
 * goes wrong is only logged.
 */
export async function checkPackages(context: ProjectsContext, projectId: string): Promise<void> {
  try {
    const project = findProject(context.db, projectId);
    if (!project?.preparedAtMs || !['running', 'starting', 'error'].includes(project.status)) return;
    if (await context.runtime.arePackagesCurrent(projectDirectory(context.dataDir, project))) {
      if (project.packagesState === 'failed') notePackages(context, projectId, 'current');
      return;
    }
    // What kept the preview from starting may be what was put right.
    if (project.status === 'error') restart(context, projectId);
    else enqueueInstall(context, context.db, projectId);
  } catch (error) {
    context.log.error({ error, projectId }, 'it could not be seen whether packages have to be installed');
  }
}

function restart(context: ProjectsContext, projectId: string): void {
  context.db.transaction(
    (tx) => {
      if (changeStatus(tx, projectId, 'starting')) enqueueStart(context, tx, projectId);
      context.events.record(tx, 'project.changed', projectId);
    },
    { behavior: 'immediate' },
  );
}

/** Job `packages.install`: the packages are those the files ask for, and the preview runs with them; else the old ones stay. */
export async function installProjectPackages(context: ProjectsContext, projectId: string, job: JobContext<unknown>): Promise<JobOutcome> {
  const project = findProject(context.db, projectId);
  if (!project?.preparedAtMs || (project.status !== 'running' && project.status !== 'starting')) return done();
  let wasInstalled = false;
  for (let round = 0; round < ROUNDS; round += 1) {
    const outcome = await preparePackages(context, project, job.signal);
    if (outcome.state === 'outdated') return giveUp(outcome.code, outcome.detail.split('\n', 1)[0]?.slice(0, 300));
    if (!outcome.wasInstalled) break;
    wasInstalled = true;
  }
  // Vite looks for packages when it starts.
  if (!wasInstalled || !context.runtime.devServer(projectId)) return done();
  await context.runtime.stopDevServer(projectId);
  return done((tx) => {
    if (changeStatus(tx, projectId, 'starting')) enqueueStart(context, tx, projectId);
    context.events.record(tx, 'project.changed', projectId);
  });
}

/**
 * Puts a project's files and packages in place and keeps its row true meanwhile.
 *
 * @throws What `Runtime.prepareWorkspace` throws.
 */
export async function preparePackages(context: ProjectsContext, project: Project, signal: AbortSignal): Promise<PrepareOutcome> {
  const projectId = project.id;
  const say = (line: string) => context.events.announce('log.line', projectId, { projectId, line });
  let settled = false;
  try {
    const outcome = await context.runtime.prepareWorkspace({
      projectId,
      projectDir: projectDirectory(context.dataDir, project),
      template: project.template,
      signal,
      onLog: say,
      onInstalling() {
        say('Installing packages');
        notePackages(context, projectId, 'installing');
      },
    });
    settled = true;
    if (outcome.state === 'outdated') {
      say(outcome.detail);
      notePackages(context, projectId, 'failed', outcome);
    } else notePackages(context, projectId, 'current');
    return outcome;
  } finally {
    if (!settled) notePackages(context, projectId, 'current');
  }
}

function notePackages(
  context: ProjectsContext,
  projectId: string,
  packagesState: Project['packagesState'],
  failure?: { code: string; detail: string },
): void {
  context.db.transaction(
    (tx) => {
      const project = findProject(tx, projectId);
      const patch = {
        packagesState,
        packagesErrorCode: failure?.code ?? null,
        packagesErrorDetail: failure?.detail.slice(-DETAIL_LENGTH) ?? null,
      };
      if (!project || (project.packagesState === packagesState && project.packagesErrorDetail === patch.packagesErrorDetail)) return;
      tx.update(projects).set(patch).where(eq(projects.id, projectId)).run();
      context.events.record(tx, 'project.changed', projectId);
    },
    { behavior: 'immediate' },
  );
}
