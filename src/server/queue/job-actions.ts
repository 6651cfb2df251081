import type { Db, Tx } from '#server/db/open.ts';
import { listAttempts } from './attempts.ts';
import { cancelJob, cancelJobsOfProject } from './cancel.ts';
import type { ProjectJobsFilter } from './cancel.ts';
import { coalesceAdds } from './coalesce.ts';
import { insertJob, isOneStatement } from './enqueue.ts';
import type { EnqueueInput } from './enqueue.ts';
import type { Engine } from './engine.ts';
import { findJob, listJobs } from './list.ts';
import type { JobFilter } from './list.ts';
import type { Pump } from './pump.ts';
import { unlockJob } from './recovery.ts';
import { retryJob, runJobNow } from './revive.ts';

/** The part of `Queue` that reads and changes jobs. Each change wakes the pump with the ids it touched. */
export function jobActions(engine: Engine, pump: Pump) {
  const { atomically } = engine;
  const { enqueue, enqueueAll, preempt } = adds(engine, pump);
  const { add, flush } = coalesceAdds(enqueueAll);
  return {
    enqueue: (_tx: Db | Tx, input: EnqueueInput) => enqueue(input),
    enqueueMany: (_tx: Db | Tx, inputs: readonly EnqueueInput[]) => enqueueAll(inputs.map((input) => ({ input }))),
    enqueueAsync: add,
    flushAdds: flush,
    cancel(jobId: string) {
      const result = cancelJob(engine, jobId);
      if (result === 'cancelled' || result === 'cancelling') pump.touch('cancelled', [jobId]);
      return result;
    },
    cancelProjectJobs: (_tx: Db | Tx, projectId: string, filter: ProjectJobsFilter = {}) => {
      const { queued, running } = atomically(() => cancelJobsOfProject(engine, projectId, filter));
      pump.touch('cancelled', [...queued, ...running]);
      return { cancelled: queued.length, cancelling: running.length };
    },
    retry: (jobId: string) =>
      atomically(() => {
        const { result, job } = retryJob(engine, jobId);
        if (job) preempt(job);
        if (job) pump.touch('queued', [jobId]);
        return result;
      }),
    unlock(jobId: string) {
      const result = unlockJob(engine, jobId);
      if (result === 'unlocked') pump.touch('queued', [jobId]);
      return result;
    },
    runNow(jobId: string) {
      const due = runJobNow(engine, jobId);
      if (due) pump.touch('queued', [jobId]);
      return due;
    },
    remove: (jobId: string) => engine.statements.remove.run(jobId).changes === 1,
    find: (jobId: string) => findJob(engine.db, jobId),
    list: (filter: JobFilter = {}) => listJobs(engine.db, filter),
    attempts: (jobId: string) => listAttempts(engine.db, jobId),
  };
}

function adds(engine: Engine, pump: Pump) {
  const { atomically } = engine;
  const preempt = (job: { id: string; type: string; projectId: string | null }) => {
    const types = engine.definitions.get(job.type)?.preempts;
    if (!types || job.projectId === null) return;
    const { queued, running } = cancelJobsOfProject(engine, job.projectId, { types, exceptJobId: job.id });
    pump.touch('cancelled', [...queued, ...running]);
  };
  const insertAndPreempt = (input: EnqueueInput, payloadJson?: string) => {
    const job = insertJob(engine, input, payloadJson);
    preempt({ id: job.jobId, type: input.type, projectId: input.projectId ?? null });
    return job;
  };
  const enqueue = (input: EnqueueInput) => {
    const job = isOneStatement(engine, input) ? insertJob(engine, input) : atomically(() => insertAndPreempt(input));
    if (job.inserted) pump.touch('queued', [job.jobId]);
    return job;
  };
  const enqueueAll = (inputs: readonly { input: EnqueueInput; payloadJson?: string }[]) => {
    const jobs = atomically(() => inputs.map(({ input, payloadJson }) => insertAndPreempt(input, payloadJson)));
    pump.touch(
      'queued',
      jobs.filter(({ inserted }) => inserted).map(({ jobId }) => jobId),
    );
    return jobs;
  };
  return { enqueue, enqueueAll, preempt };
}
