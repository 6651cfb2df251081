import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { MigrationMeta } from 'drizzle-orm/migrator';
import type { Sqlite } from './open.ts';

export interface MigrateInput {
  /** Folder that drizzle-kit writes to: `*.sql` and `meta/_journal.json`. */
  migrationsFolder: string;
  /** Where the copy made before a change goes. */
  backupFolder: string;
}

export interface MigrateResult {
  /** How many migrations were applied. */
  applied: number;
  /** The copy made before them; undefined when nothing was pending or the database was empty. */
  backupFile: string | undefined;
}

/** The database could not be brought to this version's schema. The message is for the person at the console. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Brings the schema up to date: all pending migrations in one transaction, after a backup.
 *
 * Foreign keys are off while tables are rebuilt, because dropping a parent would otherwise delete its children
 * (https://sqlite.org/lang_altertable.html#otheralter); `foreign_key_check` runs before the commit instead.
 * Uses drizzle's own bookkeeping table, so drizzle-kit reads the same history. The caller holds the host lock.
 *
 * @throws MigrationError when the database is newer than this version, its history was edited, or a statement fails;
 * the old schema is then intact and the message names the backup.
 */
export function migrateDatabase(sqlite: Sqlite, input: MigrateInput): MigrateResult {
  const known = readMigrationFiles({ migrationsFolder: input.migrationsFolder });
  const pending = findPending(sqlite, known);
  const firstPending = pending[0];
  if (!firstPending) return { applied: 0, backupFile: undefined };
  const backupFile = isEmpty(sqlite) ? undefined : backUp(sqlite, input.backupFolder, firstPending);
  try {
    applyAll(sqlite, pending);
  } catch (cause) {
    const where = backupFile ? ` A copy from before is at ${backupFile}.` : '';
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError(
      `The database could not be updated: ${reason}. Nothing was changed.${where} Report this with the message, and start the earlier version meanwhile.`,
      { cause },
    );
  }
  return { applied: pending.length, backupFile };
}

function findPending(sqlite: Sqlite, known: MigrationMeta[]): MigrationMeta[] {
  const hashes = new Map(known.map((migration) => [migration.folderMillis, migration.hash]));
  const done = appliedMigrations(sqlite);
  for (const { hash, created_at: createdAt } of done) {
    const expected = hashes.get(Number(createdAt));
    if (expected === undefined)
      throw new MigrationError(
        'This database was written by a newer version of doce. Start that version, or restore a backup from before the update.',
      );
    if (expected !== hash)
      throw new MigrationError(
        'A migration was changed after it had been applied to this database. Restore the original file in drizzle/ and start again.',
      );
  }
  const applied = new Set(done.map((row) => Number(row.created_at)));
  return known.filter((migration) => !applied.has(migration.folderMillis));
}

function appliedMigrations(sqlite: Sqlite): { hash: string; created_at: number }[] {
  const exists = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '__drizzle_migrations'").get();
  return exists
    ? (sqlite.prepare('SELECT hash, created_at FROM __drizzle_migrations').all() as { hash: string; created_at: number }[])
    : [];
}

function isEmpty(sqlite: Sqlite): boolean {
  return sqlite.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}

/** One copy per migration, replaced when the same migration is tried again: a host that keeps restarting can't fill the disk. */
function backUp(sqlite: Sqlite, backupFolder: string, firstPending: MigrationMeta): string {
  mkdirSync(backupFolder, { recursive: true, mode: 0o700 });
  const file = join(backupFolder, `db-before-${firstPending.folderMillis}.sqlite`);
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  sqlite.prepare('VACUUM INTO ?').run(fresh);
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
  return file;
}

function applyAll(sqlite: Sqlite, pending: MigrationMeta[]): void {
  sqlite.pragma('foreign_keys = OFF');
  try {
    sqlite
      .transaction(() => {
        sqlite.exec('CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)');
        const record = sqlite.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)');
        for (const migration of pending) {
          for (const statement of migration.sql) sqlite.exec(statement);
          record.run(migration.hash, migration.folderMillis);
        }
        const broken = sqlite.pragma('foreign_key_check') as { table: string; parent: string }[];
        const first = broken[0];
        if (first) throw new Error(`${broken.length} rows of ${first.table} would point at missing rows of ${first.parent}`);
      })
      .immediate();
  } finally {
    sqlite.pragma('foreign_keys = ON');
  }
}
