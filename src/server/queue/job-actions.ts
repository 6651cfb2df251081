import type { Db, Tx } from '#server/db/open.ts';
import { listAttempts } from './attempts.ts';
import { cancelJob, cancelJobsOfProject } from './cancel.ts';
import type { ProjectJobsFilter } from './cancel.ts';
import { coalesceAdds } from './coalesce.ts';
import { insertJobs, isPlain, readyInput } from './enqueue.ts';
import type { EnqueueInput, Enqueued, ReadyInput } from './enqueue.ts';
import type { Engine, JobChange } from './engine.ts';
import { findJob, listJobs } from './list.ts';
import type { JobFilter } from './list.ts';
import type { Pump } from './pump.ts';
import { unlockJob } from './recovery.ts';
import { retryJob, runJobNow } from './revive.ts';

/** The part of `Queue` that reads and changes jobs. Each change wakes the pump with the ids it touched. */
export function jobActions(engine: Engine, pump: Pump) {
  const { atomically } = engine;
  const { enqueueAll, preempt } = adds(engine, pump);
  const { add, flush } = coalesceAdds(enqueueAll);
  return {
    enqueue: (_tx: Db | Tx, input: EnqueueInput) => enqueueAll([readyInput(input)])[0]!,
    enqueueMany: (_tx: Db | Tx, inputs: readonly EnqueueInput[]) => enqueueAll(inputs.map(readyInput)),
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
  // Inside a caller's transaction nothing is committed yet: the pump has to look which of them came to stand.
  const tell = (jobs: readonly Enqueued[], inputs: readonly ReadyInput[]) => {
    const added = jobs.flatMap(({ jobId, inserted }, at): JobChange[] => {
      const { type, projectId = null } = inputs[at]!.input;
      return inserted ? [{ jobId, type, projectId, state: 'queued' }] : [];
    });
    if (!engine.sqlite.inTransaction) return pump.added(added);
    const ids = added.map(({ jobId }) => jobId);
    pump.touch('queued', ids);
  };
  const enqueueAll = (inputs: readonly ReadyInput[]) => {
    const insert = () => insertJobs(engine, inputs, ({ jobId: id }, { type, projectId = null }) => preempt({ id, type, projectId }));
    const isOneStatement = inputs.length === 1 && isPlain(engine, inputs[0]!.input);
    const jobs = pump.commitWithTurn(insert) ?? (isOneStatement ? insert() : atomically(insert));
    tell(jobs, inputs);
    return jobs;
  };
  return { enqueueAll, preempt };
}
