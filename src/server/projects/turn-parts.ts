import { asc, inArray } from 'drizzle-orm';
import type { AgentPart } from '#server/agent/agent-types.ts';
import { turnParts } from '#server/db/conversation-tables.ts';
import type { Turn } from '#server/db/conversation-tables.ts';
import type { Db, Tx } from '#server/db/open.ts';
import { TurnPartBody } from '#server/turn-parts.ts';
import type { ProjectsContext } from './context.ts';

export type StoredPart = TurnPartBody & { id: string };

/** Stores a part as it now is, together with the event that says so. */
export function savePart(context: ProjectsContext, turn: Pick<Turn, 'id' | 'projectId'>, part: AgentPart): void {
  context.db.transaction(
    (tx) => {
      upsertPart(tx, turn.id, part, context.clock.now());
      context.events.record(tx, 'turn.part', turn.projectId, { turnId: turn.id, partId: part.id });
    },
    { behavior: 'immediate' },
  );
}

/** Stores parts without an event. */
export function saveParts(context: ProjectsContext, turnId: string, parts: readonly AgentPart[]): void {
  context.db.transaction((tx) => parts.forEach((part) => upsertPart(tx, turnId, part, context.clock.now())), { behavior: 'immediate' });
}

/** The parts of some turns, in order, by turn id. */
export function readParts(db: Db, turnIds: string[]): Map<string, StoredPart[]> {
  const byTurn = new Map<string, StoredPart[]>(turnIds.map((id) => [id, []]));
  const rows = db.select().from(turnParts).where(inArray(turnParts.turnId, turnIds)).orderBy(asc(turnParts.position)).all();
  for (const row of rows) byTurn.get(row.turnId)?.push({ id: row.id, ...TurnPartBody.parse(JSON.parse(row.bodyJson)) });
  return byTurn;
}

function upsertPart(tx: Db | Tx, turnId: string, part: AgentPart, nowMs: number): void {
  const { id, position, ...body } = part;
  const bodyJson = JSON.stringify(body);
  tx.insert(turnParts)
    .values({ turnId, id, position, kind: body.kind, bodyJson, createdAtMs: nowMs, updatedAtMs: nowMs })
    .onConflictDoUpdate({ target: [turnParts.turnId, turnParts.id], set: { position, kind: body.kind, bodyJson, updatedAtMs: nowMs } })
    .run();
}
