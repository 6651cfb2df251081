import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { assertPragmas } from '#server/db/open.ts';
import { makeDatabase } from '../support/database.ts';

function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'doce-db-'));
  const file = join(folder, 'data', 'db.sqlite');
  const { db, sqlite } = makeDatabase(file);
  onTestFinished(() => {
    sqlite.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { db, sqlite, file, folder };
}

test('opens with WAL and FULL, and keeps the file to its owner', () => {
  const { sqlite, file, folder } = setup();
  expect(sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(sqlite.pragma('synchronous', { simple: true })).toBe(2);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
});

test('a pragma that slipped is named', () => {
  const { sqlite } = setup();
  sqlite.pragma('synchronous = NORMAL');
  expect(() => assertPragmas(sqlite)).toThrow(/synchronous=1/);
});
