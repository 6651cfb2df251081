import { writeLost } from './attempt-rows.ts';
import type { Engine, JobChange } from './engine.ts';
import { endingOf } from './settle.ts';
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

/** `unlocked`: the attempt was charged, and the job waits again, or is over if that was its last attempt or its end was asked for. */
export type UnlockResult = 'unlocked' | 'not_running' | 'not_found';

const HOST_DIED = 'host_stopped: doce stopped in the middle of this attempt.';
const LEASE_RAN_OUT = 'lease_expired: The attempt was lost.';
const UNLOCKED = 'unlocked: The job was taken back from this attempt.';

/** Ends or requeues every running row of another boot, and writes down that it did, in one transaction. */
export function recoverOthers(engine: Engine): { recovery: Recovery; changes: JobChange[] } {
  const { statements, bootId } = engine;
  return engine.atomically(() => {
    const found = statements.ofOthers.all(bootId);
    const rows = found.flatMap(({ id }) => abandon(engine, id, HOST_DIED));
    const count = (state: JobRef['state']) => rows.filter((row) => row.state === state).length;
    const recovery = { requeued: count('queued'), failed: count('failed'), cancelled: count('cancelled') };
    const lost = found.length - recovery.requeued - recovery.failed - recovery.cancelled + statements.ofOthers.all(bootId).length;
    if (found.length > 0) statements.addRecovery.run({ atMs: engine.clock.now(), ...recovery, lost });
    return { recovery, changes: rows.map(changeOf) };
  });
}

/**
 * Ends or requeues running rows whose lease ran out although no handler of this process holds them. Rows in flight are left
 * alone whatever the clock says. Reads only, unless there are such rows.
 */
export function recoverExpired(engine: Engine, inFlight: { has(jobId: string): boolean }): JobChange[] {
  const lost = engine.statements.expired.all(wholeSecond(engine.clock.now())).filter((row) => !inFlight.has(row.id));
  if (lost.length === 0) return [];
  return engine.atomically(() => lost.flatMap(({ id }) => abandon(engine, id, LEASE_RAN_OUT).map(changeOf)));
}

/** Takes a running job from its handler, whose outcome counts for nothing from here on. */
export function unlockJob(engine: Engine, id: string): UnlockResult {
  return engine.atomically(() => {
    if (abandon(engine, id, UNLOCKED).length === 1) return 'unlocked';
    return engine.statements.look.get(id) ? 'not_running' : 'not_found';
  });
}

export function changeOf(row: JobRef): JobChange {
  return { jobId: row.id, type: row.type, projectId: row.projectId, state: row.state };
}

function abandon(engine: Engine, id: string, reason: string): JobRef[] {
  const { statements, minutes, clock } = engine;
  const nowMs = clock.now();
  const taken = statements.look.get(id);
  const rows = statements.abandon.all({ id, reason, now: wholeSecond(nowMs) });
  // What a caller's transaction may yet roll back must not be remembered.
  minutes.forget();
  for (const { type, state } of rows) {
    const startedAtMs = writeLost(engine, taken!, reason, nowMs);
    minutes.ended(type, nowMs, endingOf(state), nowMs - startedAtMs);
  }
  minutes.write();
  minutes.forget();
  return rows;
}
