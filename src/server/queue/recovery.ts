import type { Engine, JobChange } from './engine.ts';
import type { JobRef } from './statements.ts';
import { wholeSecond } from './timing.ts';

/** What became of the jobs whose attempt died with its host. */
export interface Recovery {
  requeued: number;
  /** Their last attempt was the one that died; `last_error` says so. */
  failed: number;
  /** Someone had already asked them to end. */
  cancelled: number;
}

const HOST_DIED = 'host_stopped: doce stopped in the middle of this attempt.';
const LEASE_RAN_OUT = 'lease_expired: The attempt was lost.';

/** Ends or requeues every running row of another boot, in one statement. */
export function recoverOthers(engine: Engine): { recovery: Recovery; changes: JobChange[] } {
  const now = wholeSecond(engine.clock.now());
  const rows = engine.statements.abandonOthers.all({ bootId: engine.bootId, reason: HOST_DIED, now });
  const count = (state: JobRef['state']) => rows.filter((row) => row.state === state).length;
  return {
    recovery: { requeued: count('queued'), failed: count('failed'), cancelled: count('cancelled') },
    changes: rows.map(changeOf),
  };
}

/**
 * Ends or requeues running rows whose lease ran out although no handler of this process holds them. Rows in flight are left
 * alone whatever the clock says. Reads only, unless there are such rows.
 */
export function recoverExpired(engine: Engine, inFlight: { has(jobId: string): boolean }): JobChange[] {
  const now = wholeSecond(engine.clock.now());
  const lost = engine.statements.expired.all(now).filter((row) => !inFlight.has(row.id));
  return lost.flatMap((row) => engine.statements.abandonOne.all({ id: row.id, reason: LEASE_RAN_OUT, now }).map(changeOf));
}

export function changeOf(row: JobRef): JobChange {
  return { jobId: row.id, type: row.type, projectId: row.projectId, state: row.state };
}
