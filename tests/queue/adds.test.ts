import { expect, test } from 'vitest';
import { MAX_PAYLOAD_BYTES } from '#server/queue/enqueue.ts';
import { makeHolder, setup, turns } from './setup.ts';

test('enqueueMany adds all or none, inside the caller’s transaction', () => {
  const { queue, db } = setup();
  const inputs = [1, 2, 3].map((n) => ({ type: 'work.note', payload: n }));
  expect(queue.enqueueMany(db, inputs).map(({ inserted }) => inserted)).toEqual([true, true, true]);
  const tooLarge = { type: 'work.note', payload: 'x'.repeat(MAX_PAYLOAD_BYTES) };
  expect(() => queue.enqueueMany(db, [...inputs, tooLarge])).toThrow('Put the content in a file');
  expect(() =>
    db.transaction((tx) => {
      queue.enqueueMany(tx, inputs);
      tx.rollback();
    }),
  ).toThrow();
  expect(queue.health().queued).toBe(3);
});

test('a payload is measured in bytes', () => {
  const { add } = setup();
  expect(() => add('work.note', { payload: 'é'.repeat(MAX_PAYLOAD_BYTES / 2) })).toThrow(RangeError);
  add('work.note', { payload: 'é'.repeat(MAX_PAYLOAD_BYTES / 2 - 1) });
});

test('async adds of one turn are one commit, each with the payload it was given', async () => {
  const { queue, ran } = setup();
  let seen = 0;
  const payload = { n: 1 };
  const added = [queue.enqueueAsync({ type: 'work.note', payload }), queue.enqueueAsync({ type: 'work.note', payload: { n: 2 } })];
  payload.n = 99;
  expect(queue.health().queued).toBe(0);
  await Promise.all(added.map((add) => add.then(() => (seen += queue.health().queued))));
  expect(seen, 'each was told when both were in').toBe(4);
  queue.start();
  await queue.whenIdle();
  expect(ran).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a commit that fails rejects every add of its turn; a payload that is too large only its own', async () => {
  const { queue, sqlite } = setup();
  const large = queue.enqueueAsync({ type: 'work.note', payload: 'x'.repeat(MAX_PAYLOAD_BYTES) });
  const fine = queue.enqueueAsync({ type: 'work.note', payload: 1 });
  await expect(large).rejects.toThrow(RangeError);
  await expect(fine).resolves.toMatchObject({ inserted: true });
  sqlite.exec(`CREATE TRIGGER refuse BEFORE INSERT ON queue_jobs WHEN new.type = 'work.bad' BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  const burst = [queue.enqueueAsync({ type: 'work.note', payload: 2 }), queue.enqueueAsync({ type: 'work.bad', payload: 3 })];
  expect((await Promise.allSettled(burst)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(queue.health().queued).toBe(1);
});

test('stop commits the adds that wait', async () => {
  const { queue, state } = setup();
  queue.start();
  const added = queue.enqueueAsync({ type: 'work.note', payload: 1 });
  await queue.stop(1_000);
  expect(state((await added).jobId)).toBe('queued');
});

test('one successor waits behind the running job of its key and starts when that is over', async () => {
  const { queue, add, holder, state } = setup();
  queue.updateSettings({ concurrency: 5, paused: true });
  queue.start();
  const key = { dedupeKey: 'k', successor: true };
  const first = add('work.hold', key);
  expect(add('work.hold', key), 'it has not begun: nothing was missed').toBe(first);
  queue.updateSettings({ paused: false });
  const running = await holder.started(first);
  const second = add('work.hold', key);
  expect(second).not.toBe(first);
  expect(add('work.hold', key)).toBe(second);
  expect(add('work.hold', { dedupeKey: 'k' })).toBe(first);
  await turns();
  expect([state(first), state(second)]).toEqual(['running', 'queued']);
  running.end();
  await holder.started(second);
  expect(queue.find(second)!.dedupeActive).toBe('active');
});

test('a predecessor that waits for its next attempt, is cancelled or crashes hands the key on only when it is over', async () => {
  const { queue, add, holder, state, advance } = setup();
  queue.updateSettings({ concurrency: 5 });
  queue.start();
  const key = { dedupeKey: 'k', successor: true };
  const first = add('work.hold', key);
  (await holder.started(first)).context.log.info('began');
  const second = add('work.hold', key);
  holder.held.get(first)!.fail(new Error('no luck'));
  await turns();
  expect([state(first), state(second)]).toEqual(['queued', 'queued']);
  expect(queue.cancel(first)).toBe('cancelled');
  advance(0);
  await holder.started(second);
  expect(state(second)).toBe('running');
});

test('a type runs no more at once than its definition says, and lets others pass', async () => {
  const holder = makeHolder();
  const { queue, add } = setup({ definitions: [holder.definition('work.few', { concurrency: 2 }), holder.definition('work.hold')] });
  queue.updateSettings({ concurrency: 4 });
  const few = [1, 2, 3].map(() => add('work.few'));
  const others = [add('work.hold'), add('work.hold')];
  queue.start();
  await holder.started(others[1]!);
  expect(holder.order).toEqual([few[0], few[1], others[0], others[1]]);
  expect(queue.inFlight().map(({ jobId }) => jobId)).toEqual(holder.order);
  holder.held.get(few[0]!)!.end();
  await holder.started(few[2]!);
});
