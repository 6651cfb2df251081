import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startCheckpoints } from '#server/db/checkpoints.ts';
import { createLog } from '#server/log.ts';
import { makeDatabase } from '../support/database.ts';

function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'doce-checkpoints-'));
  const { sqlite } = makeDatabase(join(folder, 'doce.sqlite'));
  const checkpoints = startCheckpoints(sqlite, createLog('silent'));
  onTestFinished(() => {
    checkpoints.stop();
    sqlite.close();
    rmSync(folder, { recursive: true });
  });
  const write = () => sqlite.exec(`INSERT INTO instance_settings (key, value_json, updated_at_ms) VALUES (hex(randomblob(8)), '1', 0)`);
  /** Pages in the log, of which the next commit would write over none. */
  const logPages = () => (sqlite.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[])[0]!;
  return { checkpoints, write, logPages };
}

test('the tenth lull moves the log into the database, and not before', async () => {
  const { checkpoints, write, logPages } = setup();
  for (let n = 0; n < 30; n++) write();
  for (let n = 0; n < 9; n++) checkpoints.lull();
  await new Promise((resolve) => setImmediate(resolve));
  const before = logPages();
  expect(before.log - before.checkpointed).toBeGreaterThanOrEqual(30);
  checkpoints.lull();
  await new Promise((resolve) => setImmediate(resolve));
  expect(logPages()).toMatchObject({ log: before.log, checkpointed: before.log });
});

test('stopping leaves no log behind', () => {
  const { checkpoints, write, logPages } = setup();
  write();
  checkpoints.stop();
  expect(logPages()).toMatchObject({ log: 0, checkpointed: 0 });
});
