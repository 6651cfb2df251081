import { expect, test } from 'vitest';
import { abortCauseOf, done } from '#server/queue/job.ts';
import { makeHolder, setup, turns } from './setup.ts';

test('a queued job is cancelled in one step and never runs', async () => {
  const { queue, add, state, ran } = setup();
  const jobId = add('work.note', { dedupeKey: 'k' });
  expect(queue.cancel(jobId)).toBe('cancelled');
  queue.start();
  await queue.whenIdle();
  expect([state(jobId), ran]).toEqual(['cancelled', []]);
  expect(queue.find(jobId)).toMatchObject({ dedupeActive: null, attempts: 0 });
  expect(queue.find(jobId)!.cancelledAt).not.toBeNull();
  expect([queue.cancel(jobId), queue.cancel('nobody')]).toEqual(['already_finished', 'not_found']);
});

test('a running job gets its signal and ends as cancelled, whatever its handler says', async () => {
  const { queue, sqlite, add, state, holder } = setup();
  queue.start();
  const obeys = await holder.started(add('work.hold'));
  const finishes = await holder.started(add('work.hold'));
  let followed = false;
  for (const { context } of [obeys, finishes]) expect(queue.cancel(context.jobId)).toBe('cancelling');
  expect(obeys.context.signal.aborted).toBe(false);
  await turns();
  expect(abortCauseOf(obeys.context.signal)).toBe('cancelled');
  obeys.fail(obeys.context.signal.reason);
  finishes.end(done(() => (followed = true)));
  await queue.whenIdle();
  expect([obeys, finishes].map(({ context }) => state(context.jobId))).toEqual(['cancelled', 'cancelled']);
  expect(followed).toBe(false);
  expect(sqlite.prepare(`SELECT count(*) AS n FROM queue_jobs WHERE locked_by IS NOT NULL`).get()).toEqual({ n: 0 });
});

test('finishing and cancelling have one winner: whichever is committed first', async () => {
  const { queue, add, state, holder } = setup();
  queue.start();
  const tooLate = await holder.started(add('work.hold'));
  tooLate.end();
  await queue.whenIdle();
  expect(queue.cancel(tooLate.context.jobId)).toBe('already_finished');
  expect(state(tooLate.context.jobId)).toBe('succeeded');

  const inTime = await holder.started(add('work.hold'));
  inTime.end();
  // The handler has returned, its outcome is not committed yet.
  await Promise.resolve();
  expect(queue.cancel(inTime.context.jobId)).toBe('cancelling');
  await queue.whenIdle();
  expect(state(inTime.context.jobId)).toBe('cancelled');
});

test('a type that pre-empts cancels what it replaces, aborts what runs, and comes next', async () => {
  const holder = makeHolder();
  const definitions = [
    holder.definition('project.start'),
    holder.definition('project.turn'),
    holder.definition('project.stop', { preempts: ['project.start'] }),
  ];
  const { queue, add, state } = setup({ definitions });
  queue.start();
  const start = await holder.started(add('project.start', { projectId: 'p' }));
  const turn = add('project.turn', { projectId: 'p', priority: 9 });
  const again = add('project.start', { projectId: 'p' });
  const elsewhere = await holder.started(add('project.start', { projectId: 'q' }));
  const stop = add('project.stop', { projectId: 'p' });
  const later = add('project.start', { projectId: 'p' });
  expect(state(again)).toBe('cancelled');
  await turns();
  expect(abortCauseOf(start.context.signal)).toBe('cancelled');
  expect(elsewhere.context.signal.aborted).toBe(false);
  start.fail(new Error('stopped'));
  (await holder.started(stop)).end();
  (await holder.started(turn)).end();
  (await holder.started(later)).end();
  elsewhere.end();
  await queue.whenIdle();
  expect(holder.order).toEqual([start.context.jobId, elsewhere.context.jobId, stop, turn, later]);
  expect(state(start.context.jobId)).toBe('cancelled');
});

test('the jobs of a project are cancelled with the caller, sparing the one that asks', async () => {
  const { queue, db, add, state, holder } = setup();
  queue.start();
  const asking = await holder.started(add('work.hold', { projectId: 'p' }));
  const hold = add('work.hold', { projectId: 'p' });
  const note = add('work.note', { projectId: 'p' });
  const cancelNotes = db.transaction((tx) => queue.cancelProjectJobs(tx, 'p', { types: ['work.note'] }));
  expect(cancelNotes).toEqual({ cancelled: 1, cancelling: 0 });
  expect([state(hold), state(note)]).toEqual(['queued', 'cancelled']);
  const rest = db.transaction((tx) => queue.cancelProjectJobs(tx, 'p', { exceptJobId: asking.context.jobId }));
  expect(rest).toEqual({ cancelled: 1, cancelling: 0 });
  expect(queue.cancelProjectJobs(db, 'p')).toEqual({ cancelled: 0, cancelling: 1 });
  await turns();
  expect(asking.context.signal.aborted).toBe(true);
  asking.end();
  await queue.whenIdle();
});

test('a finished job changes only by an explicit retry, which gives it all its attempts again', async () => {
  const { queue, db, add, state } = setup();
  const jobId = add('work.note', { dedupeKey: 'k' });
  const delayed = add('work.note', { runAtMs: Date.UTC(2030, 0, 1) });
  expect(queue.retry(jobId)).toBe('not_finished');
  queue.cancel(jobId);
  const rival = queue.enqueue(db, { type: 'work.note', payload: null, dedupeKey: 'k' }).jobId;
  expect(queue.retry(jobId)).toBe('duplicate');
  queue.cancel(rival);
  expect([queue.retry(jobId), queue.retry('nobody')]).toEqual(['queued', 'not_found']);
  expect(queue.find(jobId)).toMatchObject({ state: 'queued', attempts: 0, dedupeActive: 'active', cancelledAt: null });
  expect([queue.runNow(delayed), queue.runNow(rival)]).toEqual([true, false]);
  queue.start();
  await queue.whenIdle();
  expect([state(jobId), state(delayed)]).toEqual(['succeeded', 'succeeded']);
  expect(queue.retry(jobId)).toBe('already_done');
  expect([queue.remove(jobId), queue.remove(jobId), state(jobId)]).toEqual([true, false, undefined]);
});
