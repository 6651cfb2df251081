import type { ClaimedJob, DueJob, Statements } from './statements.ts';

const BATCH = 64;
/** How many due rows of one priority are looked through for a job whose project is free. */
const LOOK_AHEAD = 512;

/**
 * Chooses what to claim, by reading only: priority descending, then run_at, then insertion, leaving out jobs of busy projects,
 * rows whose earlier attempt has not ended in this process, and all but one job a project.
 *
 * Busy projects at the head are passed by, up to 512 rows a priority. Beyond that a free job waits until one of the busy
 * projects finishes something, which brings the head forward: bounded work a tick, and never a standstill.
 *
 * @param nowSeconds Whole seconds; later jobs are not due.
 * @param flying What runs now.
 * @returns rowids, at most `limit`.
 */
export function planClaims(statements: Statements, nowSeconds: number, limit: number, flying: readonly ClaimedJob[]): number[] {
  const taken = new Set(flying.map((job) => job.id));
  const busy = new Set(flying.map((job) => job.projectId).filter((projectId) => projectId !== null));
  const planned: number[] = [];
  const consider = (job: DueJob) => {
    if (taken.has(job.id) || (job.projectId !== null && busy.has(job.projectId))) return;
    if (job.projectId !== null) busy.add(job.projectId);
    planned.push(job.rowid);
  };
  let priority = limit > 0 ? statements.topPriority.get()!.priority : null;
  while (priority !== null && planned.length < limit) {
    lookThrough(statements, priority, nowSeconds, (job) => {
      consider(job);
      return planned.length < limit;
    });
    priority = statements.nextPriority.get(priority)!.priority;
  }
  return planned;
}

function lookThrough(statements: Statements, priority: number, nowSeconds: number, wantsMore: (job: DueJob) => boolean): void {
  let after = { runAt: -1, rowid: 0 };
  for (let looked = 0; looked < LOOK_AHEAD; looked += BATCH) {
    const batch = statements.due.all(priority, nowSeconds, after.runAt, after.rowid, BATCH);
    for (const job of batch) if (!wantsMore(job)) return;
    if (batch.length < BATCH) return;
    after = batch[BATCH - 1]!;
  }
}
