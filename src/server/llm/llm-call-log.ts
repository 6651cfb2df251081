import { and, eq, gt, sql } from 'drizzle-orm';
import { nanoid } from 'nanoid';
import { llmCalls, turns } from '#server/db/conversation-tables.ts';
import type { NewLlmCall } from '#server/db/conversation-tables.ts';
import type { Db, Tx } from '#server/db/open.ts';
import { projects } from '#server/db/schema.ts';
import type { TurnUsage } from './turn-limits.ts';

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Writes one call down. A project or turn that was deleted meanwhile is left out, the spending is kept. */
export function recordLlmCall(db: Db, call: Omit<NewLlmCall, 'id'> & { projectId: string; turnId: string }): void {
  db.transaction(
    (tx) => {
      const project = tx.select({ id: projects.id }).from(projects).where(eq(projects.id, call.projectId)).get();
      const turn = tx.select({ id: turns.id }).from(turns).where(eq(turns.id, call.turnId)).get();
      tx.insert(llmCalls)
        .values({ ...call, id: nanoid(), projectId: project?.id ?? null, turnId: turn?.id ?? null })
        .run();
    },
    { behavior: 'immediate' },
  );
}

export function usageOfTurn(db: Db | Tx, turnId: string): TurnUsage {
  const sums = db
    .select({
      calls: sql<number>`count(*)`,
      inputTokens: sql<number>`coalesce(sum(${llmCalls.inputTokens}), 0)`,
      outputTokens: sql<number>`coalesce(sum(${llmCalls.outputTokens}), 0)`,
      costMicros: sql<number>`coalesce(sum(${llmCalls.costMicros}), 0)`,
    })
    .from(llmCalls)
    .where(eq(llmCalls.turnId, turnId))
    .get();
  return sums ?? { calls: 0, inputTokens: 0, outputTokens: 0, costMicros: 0 };
}

/** What the calls since `sinceMs` cost, of one project or of all. */
export function costSince(db: Db | Tx, sinceMs: number, projectId?: string): number {
  const since = gt(llmCalls.startedAtMs, sinceMs);
  const sum = db
    .select({ costMicros: sql<number>`coalesce(sum(${llmCalls.costMicros}), 0)` })
    .from(llmCalls)
    .where(projectId === undefined ? since : and(eq(llmCalls.projectId, projectId), since))
    .get();
  return sum?.costMicros ?? 0;
}
