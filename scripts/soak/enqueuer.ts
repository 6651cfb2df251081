import type { Db } from '#server/db/open.ts';
import type { Enqueued, EnqueueInput } from '#server/queue/enqueue.ts';
import type { Queue } from '#server/queue/queue.ts';
import type { Random } from './random.ts';
import { LARGEST_BURST, report } from './reports.ts';

const types = ['soak.quick', 'soak.quick', 'soak.slow', 'soak.chain', 'soak.refuse', 'soak.stumble', 'soak.later', 'soak.endless'];
const REMEMBERED = 200;

interface EnqueuerOptions {
  db: Db;
  queue: Queue;
  random: Random;
}

/** Adds, takes back and cancels jobs in every way there is, and says what it was promised as soon as it was. */
export function makeEnqueuer({ db, queue, random }: EnqueuerOptions): { act(): Promise<void> } {
  const remembered: string[] = [];

  function accept(ids: string[]): void {
    report({ say: 'accepted', ids });
    remembered.push(...ids);
    remembered.splice(0, remembered.length - REMEMBERED);
  }

  function makeJob(): EnqueueInput {
    const [keyed, owned, delayed] = [random.next(), random.next(), random.next()];
    return {
      type: random.pick(types),
      payload: { size: 'x'.repeat(random.pick([0, 10, 500])) },
      priority: random.between(-2, 2),
      maxAttempts: random.pick([1, 2, 3, 50]),
      ...(keyed < 0.15 ? { dedupeKey: `key-${random.between(0, 5)}`, successor: keyed < 0.1 } : {}),
      ...(owned < 0.3 ? { projectId: `project-${random.between(0, 5)}` } : {}),
      ...(delayed < 0.05 ? { runAtMs: Date.now() + random.between(0, 800) } : {}),
    };
  }

  const makeJobs = () => Array.from({ length: random.between(1, LARGEST_BURST) }, makeJob);

  function together(jobs: EnqueueInput[], rolledBack: boolean): void {
    const added: string[] = [];
    const found: string[] = [];
    try {
      db.transaction(
        (tx) => {
          for (const { jobId, inserted } of jobs.map((job) => queue.enqueue(tx, job))) (inserted ? added : found).push(jobId);
          if (rolledBack) tx.rollback();
        },
        { behavior: 'immediate' },
      );
    } catch (error) {
      if (!rolledBack) throw error;
      return report({ say: 'undone', ids: added });
    }
    accept([...added, ...found]);
  }

  function cancel(): void {
    if (remembered.length === 0) return;
    const id = random.pick(remembered);
    report({ say: 'cancel', id, result: queue.cancel(id) });
  }

  function unlock(): void {
    const [running] = queue.inFlight();
    if (!running) return;
    report({ say: 'unlocking', id: running.jobId });
    queue.unlock(running.jobId);
  }

  const idsOf = (jobs: readonly Enqueued[]) => jobs.map(({ jobId }) => jobId);
  const actions: (() => void | Promise<void>)[] = [
    () => accept([queue.enqueue(db, makeJob()).jobId]),
    () => accept([queue.enqueue(db, makeJob()).jobId]),
    () => together(makeJobs(), false),
    () => together(makeJobs(), true),
    () => accept(idsOf(queue.enqueueMany(db, makeJobs()))),
    async () => accept(idsOf(await Promise.all(makeJobs().map((job) => queue.enqueueAsync(job))))),
    cancel,
    unlock,
    () => void queue.updateSettings({ paused: random.next() < 0.3 }),
  ];
  return { act: async () => random.pick(actions)() };
}
