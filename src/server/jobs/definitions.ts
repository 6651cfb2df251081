import { z } from 'zod';
import type { Projects } from '#server/projects/projects.ts';
import { defineJob } from '#server/queue/job.ts';
import type { JobDefinition } from '#server/queue/job.ts';

const ProjectPayload = z.object({ projectId: z.string() });
const TurnPayload = z.object({ turnId: z.string() });
const VersionPayload = z.object({ projectId: z.string(), hash: z.string() });

const DeploymentPayload = z.object({ deploymentId: z.string() });

/** Beside the project's other work. */
const PRODUCTION_LANE = 'production';
/** Beside that as well: it makes way for a publication, and so must have begun. */
const LOOK_LANE = 'look';
const MINUTE_MS = 60_000;

/**
 * Every type of job there is.
 *
 * @param projects The domain that does the work; a function, because the queue is made before it.
 */
export function createJobDefinitions(projects: () => Projects): JobDefinition[] {
  return [
    defineJob({
      type: 'project.prepare',
      payload: ProjectPayload,
      timeoutMs: 8 * MINUTE_MS,
      run: (job) => projects().jobs.prepare(job.payload.projectId, job),
    }),
    defineJob({
      type: 'runtime.start',
      payload: ProjectPayload,
      timeoutMs: 8 * MINUTE_MS,
      run: (job) => projects().jobs.start(job.payload.projectId, job),
    }),
    defineJob({
      type: 'packages.install',
      payload: ProjectPayload,
      timeoutMs: 15 * MINUTE_MS,
      run: (job) => projects().jobs.installPackages(job.payload.projectId, job),
    }),
    defineJob({
      type: 'runtime.stop',
      payload: ProjectPayload,
      preempts: ['project.prepare', 'runtime.start', 'packages.install', 'turn.send', 'turn.recover'],
      timeoutMs: MINUTE_MS,
      run: (job) => projects().jobs.stop(job.payload.projectId),
    }),
    defineJob({
      type: 'turn.send',
      payload: TurnPayload,
      timeoutMs: 3 * MINUTE_MS,
      run: (job) => projects().jobs.send(job.payload.turnId, job),
    }),
    defineJob({
      type: 'turn.recover',
      payload: TurnPayload,
      timeoutMs: 3 * MINUTE_MS,
      run: (job) => projects().jobs.recover(job.payload.turnId, job),
    }),
    defineJob({
      type: 'version.restore',
      payload: VersionPayload,
      timeoutMs: 2 * MINUTE_MS,
      run: (job) => projects().versions.restore(job.payload.projectId, job.payload.hash),
    }),
    defineJob({
      type: 'version.build',
      lane: LOOK_LANE,
      payload: VersionPayload,
      timeoutMs: 15 * MINUTE_MS,
      run: (job) => projects().versionPreviews.build(job.payload.projectId, job.payload.hash, job),
    }),
    defineJob({
      type: 'deployment.build',
      lane: PRODUCTION_LANE,
      payload: DeploymentPayload,
      // The build has a limit of its own, which says more.
      timeoutMs: 15 * MINUTE_MS,
      run: (job) => projects().production.jobs.build(job.payload.deploymentId, job),
    }),
    defineJob({
      type: 'deployment.check',
      lane: PRODUCTION_LANE,
      payload: DeploymentPayload,
      timeoutMs: 5 * MINUTE_MS,
      run: (job) => projects().production.jobs.check(job.payload.deploymentId, job),
    }),
    defineJob({
      type: 'deployment.switch',
      lane: PRODUCTION_LANE,
      payload: DeploymentPayload,
      timeoutMs: MINUTE_MS,
      run: (job) => projects().production.jobs.switch(job.payload.deploymentId, job),
    }),
    defineJob({
      type: 'deployment.prune',
      payload: ProjectPayload,
      timeoutMs: 5 * MINUTE_MS,
      run: (job) => projects().production.jobs.prune(job.payload.projectId),
    }),
    defineJob({
      type: 'project.delete',
      payload: ProjectPayload,
      preempts: ['project.prepare', 'runtime.start', 'packages.install', 'runtime.stop', 'turn.send', 'turn.recover', 'version.restore'],
      maxAttempts: 10,
      timeoutMs: 2 * MINUTE_MS,
      run: (job) => projects().jobs.delete(job.payload.projectId),
    }),
  ] as JobDefinition[];
}
