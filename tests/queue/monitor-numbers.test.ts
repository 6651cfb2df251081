import { expect, test } from 'vitest';
import { createLog } from '#server/log.ts';
import { createChangeFeed } from '#server/queue/monitor/change-feed.ts';
import type { QueueChanged } from '#server/queue/monitor/change-feed.ts';
import { createMonitor } from '#server/queue/monitor/monitor.ts';
import { percentileOf } from '#server/queue/monitor/series.ts';
import { makeClock } from '../support/clock.ts';
import { makeAlarms, setup as setupQueue, turns } from './setup.ts';

const MINUTE_MS = 60_000;

function setup() {
  const given = setupQueue();
  const monitor = createMonitor({ ...given, log: createLog('silent'), announce: () => {} });
  return { ...given, monitor };
}

test('the numbers are those of the rows: waiting, late, for later, the oldest', () => {
  const { queue, add, monitor, clock } = setup();
  queue.updateSettings({ paused: true });
  const oldest = add('work.note');
  clock.advance(90_000);
  add('work.note');
  add('work.note', { runAtMs: clock.now() + 5 * MINUTE_MS });
  expect(monitor.numbers()).toMatchObject({
    counts: { queued: 3, running: 0 },
    total: 3,
    late: { count: 1, atLeast: false },
    scheduled: { count: 1, atLeast: false },
    oldestWaiting: { id: oldest, dueSinceMs: clock.now() - 90_000 },
    lastRecovery: undefined,
  });
});

test('counting stops at a thousand and says so', () => {
  const { queue, monitor, clock, db } = setup();
  queue.updateSettings({ paused: true });
  queue.enqueueMany(
    db,
    Array.from({ length: 1_100 }, () => ({ type: 'work.note', payload: null })),
  );
  clock.advance(2 * MINUTE_MS);
  expect(monitor.numbers().late).toEqual({ count: 1_000, atLeast: true });
});

test('what ended is in the charts, and a past slot is remembered', async () => {
  const { queue, add, monitor, clock, advance, sqlite } = setup();
  queue.start();
  add('work.note');
  await queue.whenIdle();
  advance(3 * MINUTE_MS);
  await turns();
  const { slots, slotMs } = monitor.series('hour');
  expect([slots.length, slotMs]).toEqual([60, MINUTE_MS]);
  expect(slots.reduce((sum, slot) => sum + slot.succeeded, 0)).toBe(1);
  const busy = slots.find(({ succeeded }) => succeeded === 1)!;
  expect(busy.waitP50Ms).not.toBeNull();
  expect(slots.filter((slot) => slot !== busy).every(({ runP95Ms }) => runP95Ms === null)).toBe(true);
  sqlite.exec('DELETE FROM queue_minutes');
  expect(monitor.series('hour').slots.find(({ startMs }) => startMs === busy.startMs)).toEqual(busy);
  expect(monitor.series('hour', 'another.type').slots.every(({ succeeded }) => succeeded === 0)).toBe(true);
  expect(monitor.series('day').slots.length).toBe(96);
  expect(clock.now()).toBeGreaterThan(busy.startMs);
  await queue.stop(0);
});

test.each([
  [[0, 0, 0], 0.5, null],
  [[4, 0, 0], 0.5, 0.5],
  [[0, 0, 10], 1, 4],
  [[0, 0, 10], 0.5, 3],
  [[9, 0, 0, 0, 1], 0.95, 12],
])('of %j, %d took no longer than %d ms', (buckets, share, expected) => {
  expect(percentileOf(buckets, share)).toBe(expected);
});

test('changes are told at once, then at most every quarter of a second, each job once', () => {
  const clock = makeClock();
  const { setAlarm, advance } = makeAlarms(clock);
  const told: QueueChanged[] = [];
  const feed = createChangeFeed((changed) => told.push(changed), setAlarm);
  for (const id of ['a', 'b', 'b', 'a']) feed.note(id);
  expect(told).toEqual([{ jobIds: ['a'], more: false }]);
  advance(249);
  expect(told.length).toBe(1);
  advance(1);
  expect(told[1]).toEqual({ jobIds: ['b', 'a'], more: false });
  advance(10_000);
  expect(told.length).toBe(2);
  feed.note('z');
  for (let i = 0; i < 500; i++) feed.note(`job-${i}`);
  advance(250);
  expect(told[3]).toMatchObject({ jobIds: expect.objectContaining({ length: 100 }), more: true });
  feed.noteAnything();
  feed.stop();
  advance(1_000);
  feed.note('never');
  advance(1_000);
  expect(told.length).toBe(4);
});

test('recurring jobs are told with the next time they come; one that a later version dropped is not', async () => {
  const given = setupQueue({ schedules: [{ name: 'tidy', cron: '0 * * * *', type: 'work.note', timezone: 'UTC' }] });
  const monitor = createMonitor({ ...given, log: createLog('silent'), announce: () => {} });
  expect(monitor.numbers().recurring).toEqual([]);
  given.queue.start();
  await turns();
  given.sqlite.exec(`INSERT INTO queue_schedules (name, cron, type, next_run_at_ms) VALUES ('gone', '0 0 * * *', 'work.old', 1000)`);
  const nextAtMs = Math.ceil((given.clock.now() + 1) / (60 * MINUTE_MS)) * 60 * MINUTE_MS;
  expect(monitor.numbers().recurring).toEqual([{ name: 'tidy', type: 'work.note', cron: '0 * * * *', nextAtMs, lastJobId: null }]);
});
