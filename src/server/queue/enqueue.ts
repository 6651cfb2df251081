import { nanoid } from 'nanoid';
import type { Engine } from './engine.ts';
import { dueSecond, wholeSecond } from './timing.ts';

export interface EnqueueInput {
  /** Of a `JobDefinition`; a type nobody defined fails when it is claimed. */
  type: string;
  /** JSON; read by the definition's schema at claim. Keep secrets and large things out of it. */
  payload: unknown;
  /** Jobs of one project run one at a time. */
  projectId?: string | null;
  /** −10 … 10, higher first, 0 unless said; clamped. A type that pre-empts always gets 10. */
  priority?: number;
  /** Epoch milliseconds, rounded up to a whole second when it lies ahead; at once unless said. */
  runAtMs?: number;
  /** Overrides the definition's; at least 1. */
  maxAttempts?: number;
  /** At most one queued or running job has this key. A running one that was told to end gives it up to the next. */
  dedupeKey?: string;
}

export const MIN_PRIORITY = -10;
export const MAX_PRIORITY = 10;
const DEFAULT_MAX_ATTEMPTS = 3;

/** Inserts the row, or finds the live one of the same key. The caller sees to the transaction and to the wake. */
export function insertJob(engine: Engine, input: EnqueueInput): { jobId: string; inserted: boolean } {
  const definition = engine.definitions.get(input.type);
  const nowMs = engine.clock.now();
  const row = {
    id: nanoid(),
    type: input.type,
    projectId: input.projectId ?? null,
    payloadJson: JSON.stringify(input.payload ?? null),
    priority: definition?.preempts ? MAX_PRIORITY : clampPriority(input.priority ?? 0),
    maxAttempts: Math.max(1, Math.trunc(input.maxAttempts ?? definition?.maxAttempts ?? DEFAULT_MAX_ATTEMPTS)),
    runAt: dueSecond(input.runAtMs ?? nowMs, nowMs),
    dedupeKey: input.dedupeKey ?? null,
    dedupeActive: input.dedupeKey === undefined ? null : 'active',
    now: wholeSecond(nowMs),
  };
  if (row.dedupeKey !== null) engine.statements.surrenderKey.run({ key: row.dedupeKey, now: row.now });
  if (engine.statements.insert.run(row).changes === 1) return { jobId: row.id, inserted: true };
  return { jobId: engine.statements.liveByKey.get(row.dedupeKey!)!.id, inserted: false };
}

/** Whether nothing but the insert happens, which SQLite makes atomic by itself. */
export function isOneStatement(engine: Engine, input: EnqueueInput): boolean {
  return input.dedupeKey === undefined && !engine.definitions.get(input.type)?.preempts;
}

function clampPriority(priority: number): number {
  return Math.max(MIN_PRIORITY, Math.min(MAX_PRIORITY, Math.trunc(priority)));
}
