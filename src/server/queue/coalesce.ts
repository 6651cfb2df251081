import { readyInput } from './enqueue.ts';
import type { EnqueueInput, Enqueued, ReadyInput } from './enqueue.ts';

/** Adds that wait for the end of this turn of the event loop. */
export interface Coalesced {
  add(input: EnqueueInput): Promise<Enqueued>;
  /** Commits at once what waits. */
  flush(): void;
}

interface Waiting extends ReadyInput {
  resolve(job: Enqueued): void;
  reject(error: unknown): void;
}

/**
 * Gathers the adds of one turn into one commit, so that a burst costs one sync of the disk.
 *
 * @param insertAll Adds all in one transaction, or throws and adds none.
 */
export function coalesceAdds(insertAll: (burst: readonly ReadyInput[]) => Enqueued[]): Coalesced {
  let waiting: Waiting[] = [];
  let soon: NodeJS.Immediate | undefined;

  function flush(): void {
    clearImmediate(soon);
    soon = undefined;
    const burst = waiting;
    waiting = [];
    if (burst.length === 0) return;
    try {
      const jobs = insertAll(burst);
      burst.forEach(({ resolve }, at) => resolve(jobs[at]!));
    } catch (error) {
      for (const { reject } of burst) reject(error);
    }
  }

  return {
    add: (input) =>
      new Promise((resolve, reject) => {
        waiting.push({ ...readyInput(input), resolve, reject });
        soon ??= setImmediate(flush);
      }),
    flush,
  };
}
