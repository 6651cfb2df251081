import type { DueJob } from './claim-sql.ts';
import type { Engine } from './engine.ts';

const BATCH = 64;
/** How many due rows of one priority are looked through for a job that may start. */
const LOOK_AHEAD = 2_048;

/** What holds back other jobs: attempts whose handler has not ended. */
export interface Occupant {
  id: string;
  type: string;
  projectId: string | null;
}

/**
 * Chooses what to claim, by reading only: priority descending, then run_at, then insertion. Left out are all but one job a project
 * and lane, and any where one runs; types that are at their concurrency, successors whose predecessor is live, and rows whose
 * earlier attempt has not ended in this process.
 *
 * Such jobs at the head are passed by, up to 2 048 rows a priority. Beyond that a free job waits until one of those that hold the
 * head back ends, which brings it forward: bounded work a tick, and never a standstill.
 *
 * @param nowSeconds Whole seconds; later jobs are not due.
 * @returns At most `limit`.
 */
export function planClaims(engine: Engine, nowSeconds: number, limit: number, occupants: readonly Occupant[]): DueJob[] {
  if (limit <= 0) return [];
  const { statements } = engine;
  const admit = makeDoor(engine, occupants);
  const planned: DueJob[] = [];
  let priority = statements.topPriority.get()!.priority;
  while (priority !== null && planned.length < limit) {
    lookThrough(engine, priority, nowSeconds, limit, (job) => {
      if (admit(job)) planned.push(job);
      return planned.length < limit;
    });
    if (planned.length < limit) priority = statements.nextPriority.get(priority)!.priority;
  }
  return planned;
}

/** Decides who may start beside the occupants and beside those it has admitted. */
function makeDoor({ definitions }: Engine, occupants: readonly Occupant[]): (job: DueJob) => boolean {
  const taken = new Set<string>();
  const busy = new Set<string>();
  const counts = new Map<string, number>();
  const lane = (type: string, projectId: string) => `${projectId} ${definitions.get(type)?.lane ?? ''}`;
  const occupy = ({ id, type, projectId }: Occupant) => {
    taken.add(id);
    counts.set(type, (counts.get(type) ?? 0) + 1);
    if (projectId !== null) busy.add(lane(type, projectId));
  };
  for (const occupant of occupants) occupy(occupant);
  return (job) => {
    if (job.follows || taken.has(job.id) || (job.projectId !== null && busy.has(lane(job.type, job.projectId)))) return false;
    if ((counts.get(job.type) ?? 0) >= (definitions.get(job.type)?.concurrency ?? Infinity)) return false;
    occupy(job);
    return true;
  };
}

function lookThrough(
  { statements }: Engine,
  priority: number,
  nowSeconds: number,
  limit: number,
  wantsMore: (job: DueJob) => boolean,
): void {
  let after = { runAt: -1, rowid: 0 };
  for (let looked = 0, size = Math.min(BATCH, limit); looked < LOOK_AHEAD; looked += size, size = BATCH) {
    const batch = statements.due.all(priority, nowSeconds, after.runAt, after.rowid, size);
    for (const job of batch) if (!wantsMore(job)) return;
    if (batch.length < size) return;
    after = batch[size - 1]!;
  }
}
