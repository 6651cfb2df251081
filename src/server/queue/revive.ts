import type { Engine } from './engine.ts';
import { wholeSecond } from './timing.ts';

/** `not_finished`: it is still queued or running. `already_done`: it succeeded. `duplicate`: another live job holds its key. */
export type RetryResult = 'queued' | 'not_finished' | 'already_done' | 'duplicate' | 'not_found';

export function retryJob(
  engine: Engine,
  id: string,
): { result: RetryResult; job?: { id: string; type: string; projectId: string | null } } {
  const { statements } = engine;
  const job = statements.look.get(id);
  if (!job) return { result: 'not_found' };
  if (job.state === 'succeeded') return { result: 'already_done' };
  if (job.state === 'queued' || job.state === 'running') return { result: 'not_finished' };
  if (job.dedupeKey !== null && statements.liveByKey.get(job.dedupeKey, 'active')) return { result: 'duplicate' };
  const now = wholeSecond(engine.clock.now());
  statements.requeue.run({ id, runAt: now, now });
  return { result: 'queued', job };
}

export function runJobNow(engine: Engine, id: string): boolean {
  const now = wholeSecond(engine.clock.now());
  return engine.statements.runNow.run({ id, runAt: now, now }).changes === 1;
}
