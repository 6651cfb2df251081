import { and, eq, lte, ne } from 'drizzle-orm';
import { nanoid } from 'nanoid';
import type { Db, Tx } from '#server/db/open.ts';
import { sessions, users } from '#server/db/schema.ts';
import type { Session, User } from '#server/db/schema.ts';
import { hashSessionToken, newSessionToken } from './session-cookie.ts';

const DAY_MS = 24 * 60 * 60_000;
export const SLIDING_MS = 30 * DAY_MS;
export const ABSOLUTE_MS = 90 * DAY_MS;
/** Small corrections of the clock sign nobody out. */
const CLOCK_TOLERANCE_MS = 60_000;

export interface SignedIn {
  user: User;
  session: Session;
}

/** Opens a session with a new id and token. The token is returned once and stored only as its hash. */
export function openSession(tx: Db | Tx, userId: string, nowMs: number): { token: string; session: Session } {
  const token = newSessionToken();
  const session = tx
    .insert(sessions)
    .values({
      id: nanoid(),
      userId,
      tokenHash: hashSessionToken(token),
      createdAt: new Date(nowMs),
      expiresAt: new Date(nowMs + SLIDING_MS),
    })
    .returning()
    .get();
  return { token, session };
}

export function findByToken(db: Db, token: string): SignedIn | undefined {
  return db
    .select({ user: users, session: sessions })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.tokenHash, hashSessionToken(token)))
    .get();
}

/**
 * Whether a session holds at this moment. `doubtful`: its times cannot be true unless the clock jumped back; it opens
 * nothing, and holds again when the clock is right.
 */
export function stateOf(session: Session, nowMs: number): 'valid' | 'expired' | 'doubtful' {
  const createdAtMs = session.createdAt.getTime();
  const expiresAtMs = session.expiresAt.getTime();
  if (nowMs >= expiresAtMs || nowMs >= createdAtMs + ABSOLUTE_MS) return 'expired';
  const fromTheFuture = createdAtMs > nowMs + CLOCK_TOLERANCE_MS || expiresAtMs > nowMs + SLIDING_MS + CLOCK_TOLERANCE_MS;
  return fromTheFuture ? 'doubtful' : 'valid';
}

/** When the session would end if used at `nowMs`; undefined while less than a day was spent, so that reads rarely write. */
export function extensionOf(session: Session, nowMs: number): Date | undefined {
  const target = Math.min(nowMs + SLIDING_MS, session.createdAt.getTime() + ABSOLUTE_MS);
  return target - session.expiresAt.getTime() >= DAY_MS ? new Date(target) : undefined;
}

export function extendSession(db: Db, sessionId: string, expiresAt: Date): void {
  db.update(sessions).set({ expiresAt }).where(eq(sessions.id, sessionId)).run();
}

export function endSession(tx: Db | Tx, sessionId: string): void {
  tx.delete(sessions).where(eq(sessions.id, sessionId)).run();
}

export function endOtherSessions(tx: Db | Tx, kept: Session): number {
  return tx
    .delete(sessions)
    .where(and(eq(sessions.userId, kept.userId), ne(sessions.id, kept.id)))
    .run().changes;
}

/** Removes the rows of sessions that have ended by themselves. */
export function sweepSessions(db: Db, nowMs: number): number {
  return db
    .delete(sessions)
    .where(lte(sessions.expiresAt, new Date(nowMs)))
    .run().changes;
}
