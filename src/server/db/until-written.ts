import type { Db } from './open.ts';

const KNOWN_KEYS = 1_000;

/**
 * Remembers what `ask` answers until anything is written over this connection, the only one that writes (the host lock
 * sees to that). For what every request of a site asks: reading one row takes SQLite 0.1 ms, most of it the locks of its log.
 *
 * @param ask Reads the database and nothing else; what it answers must not be changed.
 */
export function untilWritten<T>(db: Db, ask: (key: string) => T): (key: string) => T {
  const changes = db.$client.prepare('SELECT total_changes()').pluck();
  const known = new Map<string, T>();
  let changesThen: unknown;
  return (key) => {
    const changesNow = changes.get();
    if (changesNow !== changesThen || known.size >= KNOWN_KEYS) known.clear();
    changesThen = changesNow;
    if (known.has(key)) return known.get(key) as T;
    const answer = ask(key);
    // What is not committed may never be.
    if (!db.$client.inTransaction) known.set(key, answer);
    return answer;
  };
}
