import { expect, test } from 'vitest';
import { countersApart } from './counters.ts';
import { setup } from './setup.ts';

const DAY_MS = 24 * 60 * 60_000;

async function setupFinished(count: number) {
  const host = setup();
  host.queue.updateSettings({ concurrency: 50 });
  host.queue.start();
  host.queue.enqueueMany(
    host.db,
    Array.from({ length: count }, (_, n) => ({ type: 'work.note', payload: n })),
  );
  await host.queue.whenIdle();
  const payloads = () => host.sqlite.prepare<[], string>('SELECT payload_json FROM queue_jobs ORDER BY rowid').pluck().all();
  const attempts = () => host.sqlite.prepare<[], number>('SELECT count(*) FROM queue_job_attempts').pluck().get();
  return { ...host, payloads, attempts };
}

test('the oldest beyond the number go, with their attempts; live ones stay and count for nothing', async () => {
  const { queue, add, payloads, attempts, sqlite, holder } = await setupFinished(1_234);
  const running = add('work.hold');
  await holder.started(running);
  expect(await queue.prune({ keepRows: 10 })).toBe(1_224);
  expect(payloads()).toEqual([...Array.from({ length: 10 }, (_, n) => String(1_224 + n)), 'null']);
  expect(attempts()).toBe(10);
  expect(countersApart(sqlite)).toEqual([]);
});

test('what is older than the age goes, however few there are', async () => {
  const { queue, advance, add, payloads, sqlite } = await setupFinished(3);
  advance(14 * DAY_MS + 1_000);
  add('work.note', { payload: 'young' });
  await queue.whenIdle();
  expect(await queue.prune()).toBe(3);
  expect(payloads()).toEqual(['"young"']);
  expect(sqlite.prepare('SELECT count(*) FROM queue_minutes').pluck().get()).toBe(1);
  expect(await queue.prune()).toBe(0);
});

test('it lets others have their turn, and ends between two batches when told', async () => {
  const { queue, payloads } = await setupFinished(900);
  const controller = new AbortController();
  let turns = 0;
  const count = () => {
    if (++turns === 3) return controller.abort();
    setImmediate(count);
  };
  setImmediate(count);
  const deleted = await queue.prune({ keepRows: 0 }, controller.signal);
  expect(deleted).toBeGreaterThan(0);
  expect(deleted).toBeLessThan(900);
  expect(payloads()).toHaveLength(900 - deleted);
});
