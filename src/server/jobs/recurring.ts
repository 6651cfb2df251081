import { z } from 'zod';
import { defineJob } from '#server/queue/job.ts';
import type { JobDefinition } from '#server/queue/job.ts';
import type { Queue } from '#server/queue/queue.ts';
import type { Retention } from '#server/queue/prune.ts';
import type { Schedule } from '#server/queue/schedules.ts';

const MINUTE_MS = 60_000;

/**
 * The jobs that come by the clock, and when.
 *
 * @param queue A function, because the queue is made with this list.
 */
export function createRecurringJobs(
  queue: () => Pick<Queue, 'prune'>,
  retention: Retention,
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
  return { definitions: [prune as JobDefinition], schedules: [{ name: 'queue.prune', cron: '17 * * * *', type: 'queue.prune' }] };
}
