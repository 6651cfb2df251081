import type { Deployment } from '#server/db/production-tables.ts';
import type { Project } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import { createHider } from '#server/hidden-values.ts';
import { abortCauseOf, done, giveUp, retryLater } from '#server/queue/job.ts';
import type { JobContext, JobOutcome } from '#server/queue/job.ts';
import { BuildError } from '#server/releases/build-failure.ts';
import type { CheckInput, Finding } from '#server/releases/check.ts';
import type { ProjectsContext } from './context.ts';
import { enqueueDeploymentJob } from './deployments.ts';
import {
  enqueuePrune,
  findDeployment,
  findInProgress,
  findRunning,
  goLive,
  isInProgress,
  listKept,
  moveDeployment,
  noteChange,
} from './deployment-rows.ts';
import type { DeploymentState } from './deployment-rows.ts';
import { readEnvironment, secretsIn } from './environment.ts';
import { describeFindings, secretsToFind } from './findings.ts';
import { findProject, projectDirectory } from './rows.ts';
import { prepareRelease, startFailure } from './prepare-release.ts';
import { checkoutSources } from './sources.ts';
import { findUnderWay, listBuilt } from './version-preview-rows.ts';

const KEPT_LOG_LINES = 300;
const DETAIL_LENGTH = 8_000;
const OTHER_BUILDS_MS = 1_000;

/** Job `deployment.build`: what is live is not touched; its output becomes a release that nobody is shown yet. */
export async function buildDeployment(context: ProjectsContext, id: string, job: JobContext<unknown>): Promise<JobOutcome> {
  const found = findWork(context, id);
  if (!found) return done();
  const { project, deployment } = found;
  const { production } = context;
  // The one that this replaces works in the same folder until it has ended; a version that is only looked at makes way.
  const before = production.building.get(project.id);
  before?.giveWay?.();
  await before?.over;
  // Builds must not take every place in the queue: prompts and previews run beside them.
  if (production.building.size >= Math.max(1, context.queue.settings().concurrency - 1)) {
    for (const build of production.building.values()) build.giveWay?.();
    return retryLater(OTHER_BUILDS_MS);
  }
  if (!enter(context, deployment, 'building', { startedAtMs: deployment.startedAtMs ?? context.clock.now() })) return done();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const log: string[] = [];
  production.building.set(project.id, { id, log, over });
  try {
    const environment = readEnvironment(context, project.id);
    const release = await production.releases.build({
      projectId: project.id,
      projectDir: projectDirectory(context.dataDir, project),
      checkout: (folder, signal) => checkoutSources(context, project, deployment.versionHash, folder, signal),
      environment,
      hide: createHider(secretsIn(environment)),
      allowServer: true,
      signal: job.signal,
      onLog(line) {
        log.push(line);
        if (log.length > KEPT_LOG_LINES) log.shift();
        context.events.announce('deployment.log', project.id, { deploymentId: id, line });
      },
    });
    job.signal.throwIfAborted();
    return done((tx) => {
      const unchanged = findRunning(tx, project.id)?.releaseHash === release.hash;
      const { hash: releaseHash, pageCount, sizeBytes } = release;
      if (!moveDeployment(tx, id, 'checking', { releaseHash, pageCount, sizeBytes, unchanged, log: log.join('\n') })) return;
      // What is live has been looked at.
      enqueueDeploymentJob(context, tx, unchanged ? 'deployment.switch' : 'deployment.check', id);
      noteChange(context, tx, project.id);
    });
  } catch (error) {
    return endAfter(context, deployment, job, error, log);
  } finally {
    production.building.delete(project.id);
    end();
  }
}

/** Job `deployment.check`: looks at the release before anyone else does. */
export async function checkDeployment(context: ProjectsContext, id: string, job: JobContext<unknown>): Promise<JobOutcome> {
  const found = findWork(context, id);
  if (!found) return done();
  const { project, deployment } = found;
  try {
    const release = await context.production.releases.open(projectDirectory(context.dataDir, project), deployment.releaseHash ?? '');
    if (!release) return fail(context, deployment, 'release_missing', '');
    // Its output may hold a value that is not looked for any more.
    if ((project.environmentChangedAtMs ?? 0) > (deployment.startedAtMs ?? 0)) return fail(context, deployment, 'environment_changed', '');
    const wanted = { release, ...secretsToFind(context, project.id), signal: job.signal };
    const findings = release.server ? await checkProgram(context, project, wanted) : await context.production.releases.check(wanted);
    job.signal.throwIfAborted();
    if (findings.length > 0) return fail(context, deployment, `check_${findings[0]!.kind}`, describeFindings(findings));
  } catch (error) {
    return endAfter(context, deployment, job, error);
  }
  return done((tx) => {
    if (isInProgress(findDeployment(tx, id)?.state ?? 'stopped')) enqueueDeploymentJob(context, tx, 'deployment.switch', id);
  });
}

/** Job `deployment.switch`: one row changes. Requests that are being answered end with the release they began with. */
export async function switchDeployment(context: ProjectsContext, id: string, job: JobContext<unknown>): Promise<JobOutcome> {
  const found = findWork(context, id);
  if (!found) return done();
  const { project, deployment } = found;
  let letGo = () => {};
  try {
    ({ letGo } = await prepareRelease(context, project, deployment.releaseHash ?? '', job.signal));
    job.signal.throwIfAborted();
  } catch (error) {
    letGo();
    return endAfter(context, deployment, job, error);
  }
  return done((tx) => {
    const fresh = findDeployment(tx, id);
    if (fresh?.state === 'checking') goLive(context, tx, fresh, { finishedAtMs: context.clock.now() });
    // After the commit, when it is the live one.
    setImmediate(letGo);
  });
}

/** Job `deployment.prune`: releases that no deployment keeps leave the disk. While one is being made, nothing is. */
export async function pruneReleases(context: ProjectsContext, projectId: string): Promise<JobOutcome> {
  const project = findProject(context.db, projectId);
  if (!project || project.status === 'deleting') return done();
  context.production.sites.forget(projectId);
  await context.production.releases.prune(projectDirectory(context.dataDir, project), () => {
    if (findInProgress(context.db, projectId) || findUnderWay(context.db, projectId)) return undefined;
    const kept = [...listKept(context.db, projectId), ...listBuilt(context.db, projectId)];
    return new Set(kept.map(({ releaseHash }) => releaseHash ?? ''));
  });
  return done();
}

/** A program is looked at while it runs, beside the one that is live; it goes on running for the switch. */
async function checkProgram(context: ProjectsContext, project: Project, input: CheckInput): Promise<Finding[]> {
  const { outcome, letGo } = await context.production.servers.prepare(project, input.release, input.signal);
  try {
    if (outcome.state !== 'running') throw startFailure(outcome);
    const publicHost = new URL(context.production.origin(project.slug)).host;
    return await context.production.releases.checkServer({ ...input, port: outcome.port, publicHost });
  } finally {
    letGo();
  }
}

/** A deployment that was cancelled, replaced or deleted with its project needs no work. */
function findWork(context: ProjectsContext, id: string): { project: Project; deployment: Deployment } | undefined {
  const deployment = findDeployment(context.db, id);
  const project = deployment && findProject(context.db, deployment.projectId);
  if (!deployment || !project || project.status === 'deleting' || !isInProgress(deployment.state)) return undefined;
  return { project, deployment };
}

function enter(context: ProjectsContext, deployment: Deployment, to: DeploymentState, patch: Partial<Deployment>): boolean {
  const { id, projectId, releaseHash } = deployment;
  return context.db.transaction(
    (tx) => {
      const entered = moveDeployment(tx, id, to, patch) !== undefined;
      if (entered) noteChange(context, tx, projectId);
      // A release that did not go live is nobody's.
      if (entered && releaseHash && !isInProgress(to)) enqueuePrune(context, tx, projectId);
      return entered;
    },
    { behavior: 'immediate' },
  );
}

/** What an exception means for the deployment; what may go better the next time is thrown on. */
function endAfter(
  context: ProjectsContext,
  deployment: Deployment,
  job: JobContext<unknown>,
  error: unknown,
  log?: readonly string[],
): JobOutcome {
  const cause = job.signal.aborted ? abortCauseOf(job.signal) : undefined;
  // The job was cancelled from the monitor: whoever cancels the deployment itself has written so already.
  if (cause === 'cancelled') enter(context, deployment, 'stopped', { errorCode: 'cancelled', finishedAtMs: context.clock.now() });
  if (cause === 'timed_out') return fail(context, deployment, 'build_timed_out', '', log);
  if (cause) throw error;
  if (error instanceof AppError && error.code === 'environment_unreadable') return fail(context, deployment, error.code, '', log);
  if (error instanceof BuildError) return fail(context, deployment, error.code, error.message, log);
  if (job.attempt < job.maxAttempts) throw error;
  job.log.error({ error, deploymentId: deployment.id }, 'a deployment failed');
  return fail(context, deployment, 'build_failed', 'doce itself failed; its log says why.', log);
}

function fail(context: ProjectsContext, deployment: Deployment, code: string, detail: string, log?: readonly string[]): JobOutcome {
  enter(context, deployment, 'failed', {
    errorCode: code,
    errorDetail: detail.slice(0, DETAIL_LENGTH) || null,
    finishedAtMs: context.clock.now(),
    ...(log ? { log: log.join('\n') } : {}),
  });
  return giveUp(code, detail.split('\n', 1)[0]?.slice(0, 300));
}
