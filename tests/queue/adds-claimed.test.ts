import { expect, test } from 'vitest';
import { z } from 'zod';
import type { JobChange } from '#server/queue/engine.ts';
import { abortCauseOf, defineJob } from '#server/queue/job.ts';
import { makeHolder, setup, turns } from './setup.ts';

const start = async (made: ReturnType<typeof setup>) => {
  made.queue.start();
  await turns();
  return made;
};

test('a job that can start at once is claimed by the commit that adds it, and begins when the caller is through', async () => {
  const { add, state, holder, changes, queue } = await start(setup());
  const id = add('work.hold');
  expect(state(id)).toBe('running');
  expect(holder.order).toEqual([]);
  await Promise.resolve();
  expect(holder.order).toEqual([id]);
  expect(changes.map((change) => change.state)).toEqual(['queued', 'running']);
  expect(queue.attempts(id)).toMatchObject([{ attempt: 1, outcome: null }]);
});

test('without room, while paused, before its time and within a caller’s transaction it is only added', async () => {
  const { add, state, queue, db } = await start(setup());
  queue.updateSettings({ concurrency: 1 });
  expect(state(add('work.hold', { runAtMs: 8_640_000_000_000 }))).toBe('queued');
  const inside = db.transaction((tx) => queue.enqueue(tx, { type: 'work.hold', payload: null }).jobId);
  expect(state(inside)).toBe('queued');
  await turns();
  expect([state(inside), state(add('work.hold'))]).toEqual(['running', 'queued']);
  queue.updateSettings({ concurrency: 5, paused: true });
  expect(state(add('work.hold'))).toBe('queued');
});

test('what comes before it is claimed in its stead', async () => {
  const { add, state, queue } = await start(setup());
  queue.updateSettings({ concurrency: 1, paused: true });
  const first = add('work.hold', { priority: 5 });
  queue.updateSettings({ paused: false });
  const second = add('work.hold');
  expect([state(first), state(second)]).toEqual(['running', 'queued']);
});

test('the end of another attempt and an addition are one commit', async () => {
  const { add, state, queue, holder } = await start(setup());
  queue.updateSettings({ concurrency: 1 });
  const first = add('work.hold');
  (await holder.started(first)).end();
  // Its end is known and not written yet.
  for (let n = 0; n < 4; n++) await Promise.resolve();
  const second = add('work.hold');
  expect([state(first), state(second)]).toEqual(['succeeded', 'running']);
  await holder.started(second);
});

test('cancelled by the code that added it, it never begins', async () => {
  const { add, state, queue, holder, changes } = await start(setup());
  const id = add('work.hold');
  expect(queue.cancel(id)).toBe('cancelling');
  await queue.whenIdle();
  expect(holder.order).toEqual([]);
  expect(state(id)).toBe('cancelled');
  expect(changes.at(-1)).toMatchObject({ jobId: id, state: 'cancelled' });
  expect(queue.attempts(id)).toMatchObject([{ outcome: 'cancelled' }]);
});

test('taken back by the code that added it, that attempt never begins and the next one does', async () => {
  const { add, state, queue, holder } = await start(setup());
  const id = add('work.hold');
  expect(queue.unlock(id)).toBe('unlocked');
  const { context } = await holder.started(id);
  expect([context.attempt, holder.order.length, state(id)]).toEqual([2, 1, 'running']);
  expect(queue.attempts(id)).toMatchObject([{ outcome: 'lost' }, { outcome: null }]);
});

test('a database that does not answer while a job begins costs nothing: the cancel reaches it later', async () => {
  const { add, state, queue, holder, sqlite, advance } = await start(setup());
  const id = add('work.hold');
  expect(queue.cancel(id)).toBe('cancelling');
  sqlite.exec('ALTER TABLE queue_jobs RENAME TO away');
  const { context, fail } = await holder.started(id);
  expect(context.signal.aborted).toBe(false);
  await turns();
  sqlite.exec('ALTER TABLE away RENAME TO queue_jobs');
  advance(5_000);
  await turns();
  expect(abortCauseOf(context.signal)).toBe('cancelled');
  fail(context.signal.reason);
  await queue.whenIdle();
  expect(state(id)).toBe('cancelled');
});

test('a turn that fails takes no addition with it', async () => {
  const { add, state, queue, sqlite } = await start(setup());
  const text = sqlite.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'queue_minutes'`).pluck().get() as string;
  sqlite.exec('DROP TABLE queue_minutes');
  const id = add('work.note');
  expect(state(id)).toBe('queued');
  sqlite.exec(text);
  expect(queue.attempts(id)).toEqual([]);
  const other = add('work.note', { dedupeKey: 'k' });
  expect(state(other)).toBe('running');
});

test('an addition that fails leaves the turn to the next', async () => {
  const { add, queue, state, sqlite } = await start(setup());
  sqlite.exec(`CREATE TRIGGER refuse BEFORE INSERT ON queue_jobs WHEN new.type = 'work.bad' BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  expect(() => add('work.bad')).toThrow('refused');
  const id = add('work.note');
  await queue.whenIdle();
  expect(state(id)).toBe('succeeded');
});

test('what a handler adds as it begins waits for those that were claimed with it', async () => {
  const added: string[] = [];
  const chain = defineJob({
    type: 'work.chain',
    payload: z.unknown(),
    run: async () => void added.push(made.add('work.hold', { projectId: 'p2' })),
  });
  const holder = makeHolder();
  const made = await start(setup({ definitions: [chain, holder.definition('work.hold')] }));
  made.queue.updateSettings({ concurrency: 5, paused: true });
  made.add('work.chain', { projectId: 'p1' });
  const other = made.add('work.hold', { projectId: 'p2' });
  made.queue.updateSettings({ paused: false });
  await holder.started(other);
  await turns();
  expect([made.state(other), made.state(added[0]!)]).toEqual(['running', 'queued']);
  holder.held.get(other)!.end();
  await holder.started(added[0]!);
});

test('what a listener adds does not go beyond the concurrency', async () => {
  let follow = () => {};
  const onChange = (change: JobChange) => void (change.state === 'running' && follow());
  const { add, queue, sqlite } = await start(setup({ onChange }));
  queue.updateSettings({ concurrency: 2, paused: true });
  for (let n = 0; n < 2; n++) add('work.hold');
  follow = () => ((follow = () => {}), void add('work.hold'));
  queue.updateSettings({ paused: false });
  await turns();
  expect(sqlite.prepare(`SELECT count(*) FROM queue_jobs WHERE state = 'running'`).pluck().get()).toBe(2);
});
