import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';

export type Sqlite = Database.Database;
export type Db = BetterSQLite3Database & { $client: Sqlite };
/** The handle inside `db.transaction(…)`. Functions that only read or write take `Db | Tx`. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

/** How long a statement waits for another connection's lock before `SQLITE_BUSY`. */
const BUSY_TIMEOUT_MS = 1_000;

const pragmas = {
  journal_mode: 'wal',
  synchronous: 2,
  foreign_keys: 1,
  busy_timeout: BUSY_TIMEOUT_MS,
  journal_size_limit: 64 * 1024 * 1024,
  // Pages. A checkpoint holds up everybody for as long as it takes to write them: 37 ms by SQLite's own 1 000 (docs/decisions/0024).
  wal_autocheckpoint: 400,
  trusted_schema: 0,
} as const;

/**
 * Opens the database file with doce's pragmas and checks that each one took.
 *
 * `synchronous=FULL` is set after WAL: better-sqlite3's build drops to NORMAL under WAL, and a power cut would
 * then lose acknowledged commits (https://sqlite.org/pragma.html#pragma_synchronous).
 *
 * @param file A path (created with its folder, 0700/0600, when absent) or `:memory:` for tests.
 * @throws Error naming the pragma that SQLite refused.
 */
export function openSqlite(file: string): Sqlite {
  const inMemory = file === ':memory:';
  if (!inMemory) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const sqlite = new Database(file);
  if (!inMemory) chmodSync(file, 0o600);
  for (const [name, value] of Object.entries(pragmas)) sqlite.pragma(`${name} = ${value}`);
  assertPragmas(sqlite, inMemory);
  return sqlite;
}

/** @throws Error when a pragma differs from what doce relies on. */
export function assertPragmas(sqlite: Sqlite, inMemory = false): void {
  for (const [name, wanted] of Object.entries(pragmas)) {
    if (inMemory && (name === 'journal_mode' || name === 'journal_size_limit')) continue;
    const actual = sqlite.pragma(name, { simple: true });
    if (actual !== wanted)
      throw new Error(`SQLite runs with ${name}=${String(actual)}, doce needs ${wanted}. Check the file system under the data directory.`);
  }
}

export function drizzleOn(sqlite: Sqlite): Db {
  return drizzle(sqlite);
}
