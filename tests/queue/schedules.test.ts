import { expect, test } from 'vitest';
import { createLog } from '#server/log.ts';
import { createQueue } from '#server/queue/queue.ts';
import { setup, turns } from './setup.ts';

const MINUTE_MS = 60_000;
const hourly = { name: 'tidy', cron: '0 * * * *', type: 'work.hold', timezone: 'UTC' };

function setupHourly(options: Parameters<typeof setup>[0] = {}) {
  const host = setup({ schedules: [hourly], ...options });
  const added = () => host.queue.list({ type: 'work.hold' }).jobs.length;
  const pass = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) {
      host.advance(MINUTE_MS);
      await turns();
    }
  };
  const row = () => host.sqlite.prepare('SELECT * FROM queue_schedules').get() as { next_run_at_ms: number; last_job_id: string };
  const finish = async () => {
    for (const [jobId, { end }] of host.holder.held) {
      end();
      host.holder.forget(jobId);
    }
    await turns();
  };
  return { ...host, added, pass, row, finish };
}

test('a job comes at its time, and its next time is stored with it', async () => {
  const { queue, clock, added, pass, row } = setupHourly();
  queue.start();
  await turns();
  expect(row().next_run_at_ms).toBe(clock.now() + 60 * MINUTE_MS);
  await pass(59);
  expect(added()).toBe(0);
  await pass(1);
  expect(added()).toBe(1);
  expect(queue.find(row().last_job_id)).toMatchObject({ type: 'work.hold', dedupeKey: 'schedule:tidy' });
  expect(row().next_run_at_ms).toBe(clock.now() + 60 * MINUTE_MS);
});

test('it never piles up: while one is live no other is added', async () => {
  const { queue, added, pass, finish } = setupHourly();
  queue.start();
  await turns();
  await pass(5 * 60);
  expect(added()).toBe(1);
  await finish();
  await pass(60);
  expect(added()).toBe(2);
});

test('what was missed while the clock jumped ahead comes once', async () => {
  const { queue, clock, added, pass, finish } = setupHourly();
  queue.start();
  await turns();
  clock.advance(50 * 60 * MINUTE_MS);
  await pass(1);
  expect(added()).toBe(1);
  await finish();
  await pass(58);
  expect(added()).toBe(1);
  await pass(1);
  expect(added()).toBe(2);
});

test('a restart neither repeats a time nor skips one that passed meanwhile', async () => {
  const first = setupHourly();
  first.queue.start();
  await turns();
  await first.pass(60);
  await first.finish();
  await first.queue.stop(0);
  const { db, sqlite, clock, holder, setAlarm } = first;
  const boot = (bootId: string) =>
    createQueue({
      db,
      sqlite,
      clock,
      log: createLog('silent'),
      bootId,
      definitions: [holder.definition('work.hold')],
      schedules: [hourly],
      setAlarm,
    });
  const second = boot('second');
  second.start();
  await turns();
  expect(first.added()).toBe(1);
  await second.stop(0);
  clock.advance(3 * 60 * MINUTE_MS);
  const third = boot('third');
  third.start();
  await turns();
  expect(first.added()).toBe(2);
});

test('a clock set back a little repeats nothing; one set back by a year does not sleep for a year', async () => {
  const { queue, clock, added, pass, finish } = setupHourly();
  queue.start();
  await turns();
  await pass(60);
  await finish();
  clock.advance(-2 * MINUTE_MS);
  await pass(5);
  expect(added()).toBe(1);
  clock.advance(-365 * 24 * 60 * MINUTE_MS);
  await pass(60);
  expect(added()).toBe(2);
});

test('a changed expression counts from now', async () => {
  const { queue, sqlite, clock, row } = setupHourly();
  sqlite.exec(`INSERT INTO queue_schedules (name, cron, type, next_run_at_ms) VALUES ('tidy', '0 0 1 1 *', 'work.hold', 5)`);
  queue.start();
  await turns();
  expect(row().next_run_at_ms).toBe(clock.now() + 60 * MINUTE_MS);
});

test('an expression that cannot be read is refused at once', () => {
  expect(() => setup({ schedules: [{ ...hourly, cron: '61 * * * *' }] })).toThrow();
});
