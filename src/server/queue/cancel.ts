import type { Engine } from './engine.ts';
import { wholeSecond } from './timing.ts';

/**
 * `cancelled`: it was queued and will not run. `cancelling`: it runs, was told to stop, and will end as cancelled whatever its
 * handler still returns. `already_finished`: its end was committed first and stands.
 */
export type CancelResult = 'cancelled' | 'cancelling' | 'already_finished' | 'not_found';

/** Which jobs of a project are meant. */
export interface ProjectJobsFilter {
  /** All types unless said. */
  types?: readonly string[];
  /** Left alone: the job that asks. */
  exceptJobId?: string;
}

export function cancelJob(engine: Engine, id: string): CancelResult {
  const { statements } = engine;
  const now = wholeSecond(engine.clock.now());
  if (statements.cancelQueued.run({ id, now }).changes === 1) return 'cancelled';
  if (statements.requestCancel.run({ id, now }).changes === 1) return 'cancelling';
  return statements.look.get(id) ? 'already_finished' : 'not_found';
}

/** Returns the ids of the jobs it cancelled or asked to end. */
export function cancelJobsOfProject(engine: Engine, projectId: string, filter: ProjectJobsFilter): { queued: string[]; running: string[] } {
  const { statements } = engine;
  const jobs = {
    projectId,
    types: filter.types ? JSON.stringify(filter.types) : null,
    exceptJobId: filter.exceptJobId ?? null,
    now: wholeSecond(engine.clock.now()),
  };
  return {
    queued: statements.cancelQueuedOfProject.all(jobs).map((row) => row.id),
    running: statements.requestCancelOfProject.all(jobs).map((row) => row.id),
  };
}
