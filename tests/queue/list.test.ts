import { expect, test } from 'vitest';
import { systemClock } from '#server/clock.ts';
import { retryDelayMs, timerAlarm } from '#server/queue/timing.ts';
import { setup } from './setup.ts';

test('jobs are listed newest first, filtered, in pages that neither skip nor repeat', () => {
  const { queue, add } = setup();
  const ids = Array.from({ length: 7 }, (_, i) => add(i % 2 ? 'work.note' : 'work.hold', { projectId: i < 4 ? 'p' : 'q' }));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = queue.list({ limit: 3, ...(cursor ? { cursor } : {}) });
    expect(page.jobs.length).toBeLessThanOrEqual(3);
    seen.push(...page.jobs.map((job) => job.id));
    cursor = page.nextCursor;
    add('work.note');
  } while (cursor);
  expect(seen).toEqual(ids.toReversed());
  queue.cancel(ids[1]!);
  const list = (filter: Parameters<typeof queue.list>[0]) => queue.list(filter).jobs.map((job) => job.id);
  expect(list({ projectId: 'p', type: 'work.note' })).toEqual([ids[3], ids[1]]);
  expect(list({ state: 'cancelled' })).toEqual([ids[1]]);
  expect(list({ cursor: `0' or 1`, limit: 1 })).toHaveLength(1);
});

test('health counts what waits and what runs', async () => {
  const { queue, add, holder } = setup();
  queue.start();
  const running = await holder.started(add('work.hold'));
  add('work.note', { runAtMs: Date.UTC(2030, 0, 1) });
  expect(queue.health()).toEqual({ paused: false, concurrency: 2, queued: 1, running: 1 });
  running.end();
  await queue.whenIdle();
  expect(queue.health()).toMatchObject({ queued: 1, running: 0 });
});

test('the retry delay doubles, is jittered over its whole range, and is capped', () => {
  const ceilings = Array.from({ length: 12 }, (_, i) => retryDelayMs(i + 1, 1));
  expect(ceilings.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
  expect(ceilings.at(-1)).toBe(300_000);
  expect(ceilings).toEqual(ceilings.toSorted((a, b) => a - b));
  expect([retryDelayMs(3, 0), retryDelayMs(3, 0.25)]).toEqual([0, 2_000]);
});

test('with the real clock and real timers a stop ends when its grace is over', async () => {
  const { queue, add, holder, state } = setup({ clock: { ...systemClock, advance() {}, set() {} }, setAlarm: timerAlarm });
  queue.start();
  const { context } = await holder.started(add('work.hold'));
  await queue.stop(1);
  expect(context.signal.aborted).toBe(true);
  expect(state(context.jobId)).toBe('queued');
});
