import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Db, Tx } from '#server/db/open.ts';
import { defineJob, done, giveUp, retryLater } from '#server/queue/job.ts';
import type { JobContext, JobDefinition, JobOutcome } from '#server/queue/job.ts';
import { report } from './reports.ts';

/** The types whose handlers begin once, unless a kill takes the attempt away. */
export const startedOnce = ['soak.quick', 'soak.slow', 'soak.chain', 'soak.followed', 'soak.refuse'];

/** One type for each way a job can go, every beginning reported. */
export function makeHandlers(enqueueFollower: (tx: Db | Tx, parentId: string) => void): JobDefinition[] {
  const inFlight = new Set<string>();
  const define = (type: string, run: (context: JobContext<unknown>) => Promise<JobOutcome | void>) =>
    defineJob({
      type,
      payload: z.unknown(),
      async run(context) {
        report({ say: 'started', id: context.jobId, type });
        if (inFlight.has(context.jobId)) report({ say: 'problem', what: `${context.jobId} ran twice at once` });
        inFlight.add(context.jobId);
        context.log.info({ attempt: context.attempt }, 'a line of the log of this attempt');
        return run(context).finally(() => inFlight.delete(context.jobId));
      },
    });
  return [
    define('soak.quick', async () => {}),
    define('soak.slow', ({ signal }) => wait(4, undefined, { signal })),
    define('soak.endless', ({ signal, attempt }) => wait(attempt > 1 ? 1 : 40, undefined, { signal })),
    define('soak.chain', async ({ jobId }) => done((tx) => enqueueFollower(tx, jobId))),
    define('soak.followed', async () => {}),
    define('soak.refuse', async () => giveUp('refused')),
    define('soak.stumble', async ({ attempt }) => {
      if (attempt < 2) throw new Error('The first attempt fails.');
    }),
    define('soak.later', async () => (Math.random() < 0.5 ? retryLater(0) : done())),
  ];
}
