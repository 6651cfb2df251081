import { and, asc, eq, gt, isNull, lte, max, min, or } from 'drizzle-orm';
import type { Clock } from '#server/clock.ts';
import { events } from '#server/db/instance-tables.ts';
import type { Db, Tx } from '#server/db/open.ts';
import type { Log } from '#server/log.ts';

/** What an open page may learn. Every kind but the transient ones is stored and can be replayed. */
export type EventKind =
  | 'project.changed'
  | 'project.moved'
  | 'project.deleted'
  | 'turn.changed'
  | 'turn.part'
  | 'version.recorded'
  | 'version.preview'
  | 'deployment.changed';
export type TransientKind =
  'turn.delta' | 'files.changed' | 'log.line' | 'deployment.log' | 'version.log' | 'queue.changed' | 'job.log' | 'sync';

export interface DoceEvent {
  /** Position in the stored stream; undefined for a transient event. */
  id: number | undefined;
  kind: EventKind | TransientKind;
  projectId: string | null;
  /** What the page receives: ids and small facts, never content that has an owner of its own. */
  data: Record<string, unknown>;
}

type Listener = (event: DoceEvent) => void;

export interface Events {
  /** Stores an event with the caller's change. Listeners hear it after the commit; a rollback leaves nothing. */
  record(tx: Db | Tx, kind: EventKind, projectId: string | null, data?: Record<string, unknown>): void;
  /** Tells listeners at once and stores nothing: streamed text, log lines. */
  announce(kind: TransientKind, projectId: string | null, data: Record<string, unknown>): void;
  /** Hears everything, or what concerns one project and what concerns none. Returns the way to stop. */
  subscribe(listener: Listener, projectId?: string): () => void;
  /** The stored events after `id`, oldest first; undefined when they are no longer all there, or too many (refresh everything). */
  since(id: number, projectId?: string): DoceEvent[] | undefined;
  latestId(): number;
  /** How many listeners a project has of its own: pages that show it. */
  listeners(projectId: string): number;
}

const KEPT_EVENTS = 10_000;
const PRUNE_EVERY = 500;
/** A page that missed more than this is refreshed instead. */
const REPLAYED_EVENTS = 1_000;

/**
 * The stream of changes behind `GET /api/events`.
 *
 * What is broadcast is read back from the table after the commit, so listeners never hear of a change that was rolled
 * back, and hear the others in commit order.
 */
export function createEvents({ db, clock, log }: { db: Db; clock: Clock; log: Log }): Events {
  const listeners = new Map<Listener, string | undefined>();
  let broadcastId = latestStoredId(db);
  let flushScheduled = false;

  function tell(event: DoceEvent) {
    for (const [listener, projectId] of listeners) {
      if (projectId !== undefined && event.projectId !== null && event.projectId !== projectId) continue;
      try {
        listener(event);
      } catch (error) {
        log.error({ error }, 'an event listener failed');
      }
    }
  }

  function flush() {
    flushScheduled = false;
    const fresh = db.select().from(events).where(gt(events.id, broadcastId)).orderBy(asc(events.id)).all();
    for (const row of fresh) {
      broadcastId = row.id;
      tell(toEvent(row));
    }
    const last = fresh.at(-1);
    if (last && Math.floor(last.id / PRUNE_EVERY) > Math.floor((last.id - fresh.length) / PRUNE_EVERY)) {
      db.delete(events)
        .where(lte(events.id, last.id - KEPT_EVENTS))
        .run();
    }
  }

  return {
    record(tx, kind, projectId, data = {}) {
      tx.insert(events)
        .values({ kind, projectId, dataJson: JSON.stringify(data), createdAtMs: clock.now() })
        .run();
      if (flushScheduled) return;
      flushScheduled = true;
      setImmediate(flush);
    },
    announce: (kind, projectId, data) => tell({ id: undefined, kind, projectId, data }),
    subscribe(listener, projectId) {
      listeners.set(listener, projectId);
      return () => void listeners.delete(listener);
    },
    since(id, projectId) {
      const bounds = db
        .select({ first: min(events.id), last: max(events.id) })
        .from(events)
        .get();
      if (id > (bounds?.last ?? 0) || id < (bounds?.first ?? 1) - 1) return undefined;
      const mine = projectId === undefined ? undefined : or(isNull(events.projectId), eq(events.projectId, projectId));
      const missed = db
        .select()
        .from(events)
        .where(and(gt(events.id, id), mine))
        .orderBy(asc(events.id))
        .limit(REPLAYED_EVENTS + 1)
        .all();
      return missed.length > REPLAYED_EVENTS ? undefined : missed.map(toEvent);
    },
    latestId: () => latestStoredId(db),
    listeners: (projectId) => [...listeners.values()].filter((id) => id === projectId).length,
  };
}

function latestStoredId(db: Db): number {
  return (
    db
      .select({ id: max(events.id) })
      .from(events)
      .get()?.id ?? 0
  );
}

function toEvent(row: typeof events.$inferSelect): DoceEvent {
  return { id: row.id, kind: row.kind as EventKind, projectId: row.projectId, data: JSON.parse(row.dataJson) as Record<string, unknown> };
}
