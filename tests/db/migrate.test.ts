import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { migrateDatabase, MigrationError } from '#server/db/migrate.ts';
import { openSqlite } from '#server/db/open.ts';

const realMigrations = join(import.meta.dirname, '../../drizzle');

function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'doce-migrate-'));
  const migrationsFolder = join(folder, 'drizzle');
  cpSync(realMigrations, migrationsFolder, { recursive: true });
  const sqlite = openSqlite(join(folder, 'db.sqlite'));
  onTestFinished(() => {
    sqlite.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const backupFolder = join(folder, 'backups');
  return {
    sqlite,
    backupFolder,
    migrationsFolder,
    migrate: () => migrateDatabase(sqlite, { migrationsFolder, backupFolder }),
    addMigration(tag: string, statements: string[]) {
      const journalFile = join(migrationsFolder, 'meta/_journal.json');
      const journal = JSON.parse(readFileSync(journalFile, 'utf8')) as { entries: { idx: number; when: number }[] };
      const last = journal.entries.at(-1)!;
      journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1_000, tag } as never);
      mkdirSync(join(migrationsFolder, 'meta'), { recursive: true });
      writeFileSync(journalFile, JSON.stringify(journal));
      writeFileSync(join(migrationsFolder, `${tag}.sql`), statements.join('\n--> statement-breakpoint\n'));
    },
  };
}

function insertUserWithSession(sqlite: ReturnType<typeof setup>['sqlite']) {
  sqlite.exec("INSERT INTO users (id, created_at, username, password_hash) VALUES ('u1', 1, 'ada', 'x')");
  sqlite.exec("INSERT INTO sessions (id, user_id, token_hash, created_at, expires_at) VALUES ('s1', 'u1', 'h', 1, 2)");
}

const rebuildUsers = [
  'CREATE TABLE `__new_users` (`id` text PRIMARY KEY NOT NULL, `created_at` integer NOT NULL, `username` text NOT NULL, `password_hash` text NOT NULL, `email` text)',
  'INSERT INTO `__new_users` (`id`, `created_at`, `username`, `password_hash`) SELECT `id`, `created_at`, `username`, `password_hash` FROM `users`',
  'DROP TABLE `users`',
  'ALTER TABLE `__new_users` RENAME TO `users`',
];

const countOfMigrations = readdirSync(join(import.meta.dirname, '../../drizzle')).filter((name) => name.endsWith('.sql')).length;

test('a new database gets every table and no backup', () => {
  const { sqlite, migrate } = setup();
  expect(migrate()).toEqual({ applied: countOfMigrations, backupFile: undefined });
  expect(migrate()).toEqual({ applied: 0, backupFile: undefined });
  expect(sqlite.prepare('SELECT paused, concurrency FROM queue_settings').all()).toEqual([{ paused: 0, concurrency: 2 }]);
});

test('rows that cascade survive the rebuild of their parent, and the cascade works afterwards', () => {
  const { sqlite, migrate, addMigration } = setup();
  migrate();
  insertUserWithSession(sqlite);
  addMigration('0001_rebuild', rebuildUsers);
  expect(migrate().applied).toBe(1);
  expect(sqlite.prepare('SELECT count(*) FROM sessions').pluck().get()).toBe(1);
  expect(sqlite.pragma('foreign_keys', { simple: true })).toBe(1);
  sqlite.exec("DELETE FROM users WHERE id = 'u1'");
  expect(sqlite.prepare('SELECT count(*) FROM sessions').pluck().get()).toBe(0);
});

test('a migration that fails half way leaves the old schema and names the backup', () => {
  const { sqlite, migrate, addMigration, backupFolder } = setup();
  migrate();
  insertUserWithSession(sqlite);
  const before = sqlite.prepare('SELECT sql FROM sqlite_schema ORDER BY name').pluck().all();
  addMigration('0001_broken', [...rebuildUsers, 'CREATE TABLE users (id text)']);
  expect(migrate).toThrow(MigrationError);
  expect(migrate).toThrow(/already exists.*Nothing was changed.*db-before-\d+\.sqlite/s);
  expect(readdirSync(backupFolder)).toHaveLength(1);
  expect(sqlite.prepare('SELECT sql FROM sqlite_schema ORDER BY name').pluck().all()).toEqual(before);
  expect(sqlite.prepare('SELECT count(*) FROM sessions').pluck().get()).toBe(1);
  const backup = openSqlite(join(backupFolder, readdirSync(backupFolder)[0]!));
  expect(backup.prepare('SELECT username FROM users').pluck().all()).toEqual(['ada']);
  backup.close();
});

test('a migration that would orphan rows is refused', () => {
  const { sqlite, migrate, addMigration } = setup();
  migrate();
  insertUserWithSession(sqlite);
  addMigration('0001_orphans', ['DELETE FROM users']);
  expect(migrate).toThrow(/1 rows of sessions would point at missing rows of users/);
  expect(sqlite.prepare('SELECT count(*) FROM users').pluck().get()).toBe(1);
});

test('a database of a newer version is refused', () => {
  const { sqlite, migrate } = setup();
  migrate();
  sqlite.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 9999999999999)");
  expect(migrate).toThrow(/newer version of doce/);
});

test('an edited migration is refused', () => {
  const { sqlite, migrate } = setup();
  migrate();
  sqlite.exec("UPDATE __drizzle_migrations SET hash = 'other'");
  expect(migrate).toThrow(/changed after it had been applied/);
});
