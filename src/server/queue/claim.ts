import type { DueJob } from './claim-sql.ts';
import type { Engine } from './engine.ts';
import type { ClaimedJob } from './flight.ts';
import { createdMsOf } from './job-id.ts';
import { chunks } from './sql.ts';
import { wholeSecond } from './timing.ts';

/** A running row's lease. */
export const LEASE_MS = 60_000;
/** Claiming takes no longer than this a tick: the page must stay responsive. */
const CLAIM_BUDGET_MS = 5;

/**
 * Marks jobs as running here, in the order given, until its time is up.
 *
 * @param jobs As read in the same transaction: nobody can have changed them since.
 * @returns the first of them, all but those it had no time for.
 */
export function claimAll(engine: Engine, jobs: readonly DueJob[], nowMs: number): ClaimedJob[] {
  const claimed: ClaimedJob[] = [];
  const startedAt = performance.now();
  for (const some of chunks(jobs)) {
    for (const job of claim(engine, some, nowMs)) claimed.push(job);
    if (performance.now() - startedAt > CLAIM_BUDGET_MS) break;
  }
  return claimed;
}

function claim(engine: Engine, due: readonly DueJob[], nowMs: number): ClaimedJob[] {
  const { statements, bootId, minutes } = engine;
  const now = wholeSecond(nowMs);
  const { changes } = statements.claim(due.length).run(now, wholeSecond(nowMs + LEASE_MS), bootId, now, ...due.map(({ rowid }) => rowid));
  if (changes !== due.length) throw new Error(`Of ${due.length} jobs that were due, ${changes} could be claimed.`);
  return due.map(({ rowid, id, type, projectId, maxAttempts, attempts, runAt, keyed, payloadJson }) => {
    minutes.claimed(type, nowMs, nowMs - Math.max(runAt * 1000, createdMsOf(id) ?? 0));
    return {
      rowid,
      id,
      type,
      projectId,
      payloadJson: payloadJson ?? statements.payload.get(id)!.payloadJson,
      attempt: attempts + 1,
      maxAttempts,
      keyed: keyed === 1,
      startedAtMs: nowMs,
    };
  });
}
