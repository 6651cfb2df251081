import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '#server/clock.ts';
import { createLog } from '#server/log.ts';
import { defineJob } from '#server/queue/job.ts';
import { createQueue } from '#server/queue/queue.ts';
import { makeDatabase } from '../support/database.ts';
import { countersApart } from '../queue/counters.ts';

const HELD_MS = 3_000;
const rivalProgram = `
  import Database from 'better-sqlite3';
  const sqlite = new Database(process.argv[1]);
  sqlite.exec('BEGIN IMMEDIATE');
  process.stdout.write('held');
  setTimeout(() => { sqlite.exec('COMMIT'); sqlite.close(); }, ${HELD_MS});
`;

/** Another process that keeps the write lock for three seconds. `held` resolves when it has it, `freed` when it gave it back. */
async function holdLock(file: string): Promise<{ freed: Promise<unknown> }> {
  const rival = spawn(process.execPath, ['--input-type=module', '-e', rivalProgram, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const freed = once(rival, 'close');
  onTestFinished(() => void rival.kill('SIGKILL'));
  await once(rival.stdout, 'data');
  return { freed };
}

test('a lock that another process keeps for 3 s delays the queue and loses nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doce-queue-busy-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'db.sqlite');
  const { db, sqlite } = makeDatabase(file);
  const ran: unknown[] = [];
  const ending = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const definitions = [
    defineJob({ type: 'busy.note', payload: z.number(), run: async ({ payload }) => void ran.push(payload) }),
    defineJob({
      type: 'busy.hold',
      payload: z.null(),
      run() {
        begun.resolve();
        return ending.promise;
      },
    }),
  ];
  const queue = createQueue({ db, sqlite, clock: systemClock, log: createLog('silent'), bootId: 'busy', definitions });
  onTestFinished(async () => {
    await queue.stop(1_000);
    sqlite.close();
  });
  queue.updateSettings({ concurrency: 5 });
  queue.start();
  const held = queue.enqueue(db, { type: 'busy.hold', payload: null }).jobId;
  const waiting = [1, 2, 3].map((n) => queue.enqueue(db, { type: 'busy.note', payload: n, runAtMs: Date.now() + 1_000 }).jobId);
  await begun.promise;

  const { freed } = await holdLock(file);
  let isFree = false;
  void freed.then(() => (isFree = true));
  ending.resolve();
  let turnsWhileHeld = 0;
  const accepted: string[] = [];
  const refused: unknown[] = [];
  const timer = setInterval(() => void turnsWhileHeld++, 10);
  while (!isFree) {
    try {
      accepted.push(queue.enqueue(db, { type: 'busy.note', payload: 100 + accepted.length }).jobId);
    } catch (error) {
      refused.push(error);
    }
    await wait(200);
  }
  clearInterval(timer);
  await expect.poll(() => queue.health(), { timeout: 20_000 }).toMatchObject({ queued: 0, running: 0 });

  expect(refused.length).toBeGreaterThan(0);
  for (const error of refused) expect(error).toMatchObject({ code: 'SQLITE_BUSY' });
  expect(turnsWhileHeld, 'the process went on between the tries').toBeGreaterThan(1);
  expect([held, ...waiting, ...accepted].map((jobId) => queue.find(jobId)!.state)).toEqual(
    Array.from({ length: 4 + accepted.length }, () => 'succeeded'),
  );
  expect(ran.toSorted((a, b) => Number(a) - Number(b))).toEqual([1, 2, 3, ...accepted.map((_, index) => 100 + index)]);
  expect(queue.list({ limit: 200 }).jobs).toHaveLength(4 + accepted.length);
  expect(countersApart(sqlite)).toEqual([]);
});
