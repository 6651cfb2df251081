import { eq, isNotNull } from 'drizzle-orm';
import type { Clock } from '#server/clock.ts';
import type { Db, Tx } from '#server/db/open.ts';
import { userSettings } from '#server/db/schema.ts';
import { readInstanceSetting, writeInstanceSetting } from './instance-settings.ts';
import type { OpenedSecret, SecretBox } from './secret-box.ts';

export const keyStates = ['none', 'ok', 'unreadable', 'other_origin'] as const;
/**
 * `unreadable`: the key file is lost or another one, so the key needs to be entered again.
 * `other_origin`: the key was entered for another address than the present one and is not used.
 */
export type KeyState = (typeof keyStates)[number];

/** The provider's key at rest: sealed in `user_settings`, bound to the origin that it was entered for. */
export interface ProviderKey {
  read(db: Db | Tx, userId: string, origin: string): { state: KeyState; last4: string | undefined };
  /** The key itself, if it may be sent to `origin`. */
  keyFor(db: Db | Tx, origin: string): string | undefined;
  /** The envelope to `store`. Apart from it, because it may write the key file and so has no place in a transaction. */
  seal(userId: string, key: string): string;
  store(tx: Tx, userId: string, envelope: string, origin: string): void;
  forget(tx: Tx, userId: string): void;
  forgetUnlessFor(tx: Tx, userId: string, origin: string): void;
  all(db: Db | Tx): string[];
}

const SHORTEST_WITH_LAST4 = 9;

export function createProviderKey({ box, clock }: { box: SecretBox; clock: Clock }): ProviderKey {
  const placeOf = (userId: string) => ({ table: 'user_settings', column: 'openrouter_api_key', row: userId });
  const isFor = (db: Db | Tx, origin: string) => readInstanceSetting(db, 'llm.keyOrigin') === origin;

  function stored(db: Db | Tx): { userId: string; opened: OpenedSecret }[] {
    return db
      .select()
      .from(userSettings)
      .where(isNotNull(userSettings.openrouterApiKey))
      .all()
      .map(({ userId, openrouterApiKey }) => ({ userId, opened: box.open(placeOf(userId), openrouterApiKey ?? '') }));
  }

  function readable(db: Db | Tx): string[] {
    return stored(db).flatMap(({ opened }) => (opened.state === 'ok' ? [opened.secret] : []));
  }

  function write(tx: Tx, userId: string, envelope: string): void {
    const values = { openrouterApiKey: envelope, updatedAt: new Date(clock.now()) };
    tx.insert(userSettings)
      .values({ userId, ...values })
      .onConflictDoUpdate({ target: userSettings.userId, set: values })
      .run();
  }

  function forget(tx: Tx, userId: string): void {
    tx.update(userSettings)
      .set({ openrouterApiKey: null, updatedAt: new Date(clock.now()) })
      .where(eq(userSettings.userId, userId))
      .run();
    writeInstanceSetting(tx, 'llm.keyOrigin', null, clock.now());
  }

  return {
    read(db, userId, origin) {
      const opened = stored(db).find((entry) => entry.userId === userId)?.opened;
      if (!opened) return { state: 'none', last4: undefined };
      if (opened.state === 'unreadable') return { state: 'unreadable', last4: undefined };
      const last4 = opened.secret.length >= SHORTEST_WITH_LAST4 ? opened.secret.slice(-4) : undefined;
      return { state: isFor(db, origin) ? 'ok' : 'other_origin', last4 };
    },
    keyFor: (db, origin) => (isFor(db, origin) ? readable(db)[0] : undefined),
    seal: (userId, key) => box.seal(placeOf(userId), key),
    store(tx, userId, envelope, origin) {
      write(tx, userId, envelope);
      writeInstanceSetting(tx, 'llm.keyOrigin', origin, clock.now());
    },
    forget,
    forgetUnlessFor(tx, userId, origin) {
      if (!isFor(tx, origin)) forget(tx, userId);
    },
    all: readable,
  };
}
