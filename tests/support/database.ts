import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { drizzleOn, openSqlite } from '#server/db/open.ts';
import type { Db, Sqlite } from '#server/db/open.ts';

const migrationsFolder = join(fileURLToPath(new URL('../..', import.meta.url)), 'drizzle');

/** A database with the real migrations applied: in memory, or in `file`. */
export function makeDatabase(file = ':memory:'): { db: Db; sqlite: Sqlite } {
  const sqlite = openSqlite(file);
  const db = drizzleOn(sqlite);
  migrate(db, { migrationsFolder });
  return { db, sqlite };
}
