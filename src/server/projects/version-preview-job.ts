import type { Project } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import { abortCauseOf, done, giveUp, retryLater } from '#server/queue/job.ts';
import type { JobContext, JobOutcome } from '#server/queue/job.ts';
import { BuildError } from '#server/releases/build-failure.ts';
import type { Release } from '#server/releases/release.ts';
import type { ProjectsContext } from './context.ts';
import { enqueuePrune } from './deployment-rows.ts';
import { publicIn, readEnvironment } from './environment.ts';
import { describeFindings, secretsToFind } from './findings.ts';
import { findProject, projectDirectory } from './rows.ts';
import { checkoutSources } from './sources.ts';
import { deletePreviewRow, findPreviewRow, isUnderWay, KEPT_PREVIEWS, listBuilt, moveUnderWay } from './version-preview-rows.ts';

const KEPT_LOG_LINES = 300;
const DETAIL_LENGTH = 8_000;
const OTHER_BUILDS_MS = 1_000;

interface Work {
  project: Project;
  hash: string;
  log: string[];
}

/**
 * Job `version.build`: builds a version as a deployment would, to be looked at only. A look waits for every other build, and makes
 * way for one that is to be published.
 */
export async function buildVersionPreview(
  context: ProjectsContext,
  projectId: string,
  hash: string,
  job: JobContext<unknown>,
): Promise<JobOutcome> {
  const project = findProject(context.db, projectId);
  const row = findPreviewRow(context.db, projectId, hash);
  if (!project || project.status === 'deleting' || !row || !isUnderWay(row.state) || row.jobId !== job.jobId) return done();
  const { building } = context.production;
  const before = building.get(projectId);
  // Another look, which was told to end.
  if (before?.giveWay) await before.over;
  if (building.has(projectId) || building.size >= Math.max(1, context.queue.settings().concurrency - 1)) return retryLater(OTHER_BUILDS_MS);
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const work: Work = { project, hash, log: [] };
  const way = new AbortController();
  building.set(projectId, { id: hash, log: work.log, over, giveWay: () => way.abort() });
  try {
    if (!move(context, work, { state: 'building', startedAtMs: context.clock.now() })) return done();
    const release = await build(context, work, AbortSignal.any([job.signal, way.signal]));
    job.signal.throwIfAborted();
    return done((tx) => {
      if (!moveUnderWay(tx, projectId, hash, builtFrom(release, context.clock.now()))) return;
      for (const old of listBuilt(tx, projectId).slice(KEPT_PREVIEWS)) deletePreviewRow(tx, projectId, old.versionHash);
      // Also for what could not go while this was being built.
      enqueuePrune(context, tx, projectId);
      context.events.record(tx, 'version.preview', projectId, { projectId, hash });
    });
  } catch (error) {
    if (way.signal.aborted && !job.signal.aborted) return waitAgain(context, work);
    return endAfter(context, work, job, error);
  } finally {
    building.delete(projectId);
    end();
  }
}

/** @throws BuildError `check_secret` when its pages hold what must not be given away, as a publication's check would find. */
async function build(context: ProjectsContext, { project, hash, log }: Work, signal: AbortSignal): Promise<Release> {
  const environment = publicIn(readEnvironment(context, project.id));
  const release = await context.production.releases.build({
    projectId: project.id,
    projectDir: projectDirectory(context.dataDir, project),
    checkout: (folder, aborted) => checkoutSources(context, project, hash, folder, aborted),
    environment,
    signal,
    onLog(line) {
      log.push(line);
      if (log.length > KEPT_LOG_LINES) log.shift();
      context.events.announce('version.log', project.id, { projectId: project.id, hash, line });
    },
  });
  const leaks = await context.production.releases.findLeaks({ release, ...secretsToFind(context, project.id), signal });
  if (leaks.length > 0) throw new BuildError('check_secret', describeFindings(leaks));
  return release;
}

const builtFrom = (release: Release, nowMs: number) =>
  ({ state: 'built', releaseHash: release.hash, finishedAtMs: nowMs, errorCode: null, errorDetail: null, log: null }) as const;

function move(context: ProjectsContext, { project, hash }: Work, patch: Parameters<typeof moveUnderWay>[3]): boolean {
  return context.db.transaction(
    (tx) => {
      const moved = moveUnderWay(tx, project.id, hash, patch);
      if (moved) context.events.record(tx, 'version.preview', project.id, { projectId: project.id, hash });
      return moved;
    },
    { behavior: 'immediate' },
  );
}

function waitAgain(context: ProjectsContext, work: Work): JobOutcome {
  move(context, work, { state: 'queued', startedAtMs: null });
  return retryLater(OTHER_BUILDS_MS);
}

/** What an exception means for the look; what may go better the next time is thrown on. */
function endAfter(context: ProjectsContext, work: Work, job: JobContext<unknown>, error: unknown): JobOutcome {
  const cause = job.signal.aborted ? abortCauseOf(job.signal) : undefined;
  if (cause === 'timed_out') return fail(context, work, 'build_timed_out', '');
  if (cause) throw error;
  if (error instanceof AppError && error.code === 'environment_unreadable') return fail(context, work, error.code, '');
  if (error instanceof BuildError) return fail(context, work, error.code, error.message);
  if (job.attempt < job.maxAttempts) throw error;
  job.log.error({ error, projectId: work.project.id }, 'a version could not be built to be looked at');
  return fail(context, work, 'build_failed', 'doce itself failed; its log says why.');
}

function fail(context: ProjectsContext, work: Work, code: string, detail: string): JobOutcome {
  const end = { finishedAtMs: context.clock.now(), errorCode: code, errorDetail: detail.slice(0, DETAIL_LENGTH) || null };
  move(context, work, { state: 'failed', ...end, log: work.log.join('\n') });
  // What must not be shown goes from the disk, and what could not go while this was being built.
  enqueuePrune(context, context.db, work.project.id);
  return giveUp(code, detail.split('\n', 1)[0]?.slice(0, 300));
}
