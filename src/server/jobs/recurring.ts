import { z } from 'zod';
import { defineJob } from '#server/queue/job.ts';
import type { JobDefinition } from '#server/queue/job.ts';
import type { ProjectVersions } from '#server/projects/versions.ts';
import type { Queue } from '#server/queue/queue.ts';
import type { Retention } from '#server/queue/prune.ts';
import type { Schedule } from '#server/queue/schedules.ts';

const MINUTE_MS = 60_000;

/**
 * The jobs that come by the clock, and when.
 *
 * @param queue A function, because the queue is made with this list; so are the projects.
 */
export function createRecurringJobs(
  queue: () => Pick<Queue, 'prune'>,
  retention: Retention,
  projects: () => { versions: Pick<ProjectVersions, 'pack'> },
): { definitions: JobDefinition[]; schedules: Schedule[] } {
  const prune = defineJob({
    type: 'queue.prune',
    payload: z.unknown(),
    timeoutMs: 10 * MINUTE_MS,
    async run({ log, signal }) {
      const deleted = await queue().prune(retention, signal);
      signal.throwIfAborted();
      if (deleted > 0) log.info({ deleted }, 'deleted old jobs');
    },
  });
  const pack = defineJob({
    type: 'version.pack',
    payload: z.unknown(),
    timeoutMs: 60 * MINUTE_MS,
    run: ({ signal }) => projects().versions.pack(signal),
  });
  return {
    definitions: [prune, pack] as JobDefinition[],
    schedules: [
      { name: 'queue.prune', cron: '17 * * * *', type: 'queue.prune' },
      { name: 'version.pack', cron: '41 4 * * *', type: 'version.pack' },
    ],
  };
}
