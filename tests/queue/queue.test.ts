import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { queueJobs } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import { abortCauseOf, defineJob, done, giveUp, retryLater } from '#server/queue/job.ts';
import { makeHolder, setup, turns } from './setup.ts';

test('runs what is enqueued and announces each state after its commit', async () => {
  const { queue, db, ran, changes, state, sqlite } = setup();
  queue.start();
  const { jobId, inserted } = db.transaction(
    (tx) => {
      const job = queue.enqueue(tx, { type: 'work.note', payload: { a: 1 }, projectId: 'p' });
      expect(changes).toEqual([]);
      return job;
    },
    { behavior: 'immediate' },
  );
  await queue.whenIdle();
  expect(inserted).toBe(true);
  expect(ran).toEqual([{ a: 1 }]);
  expect(state(jobId)).toBe('succeeded');
  expect(changes).toEqual(['queued', 'running', 'succeeded'].map((to) => ({ jobId, type: 'work.note', projectId: 'p', state: to })));
  expect(sqlite.prepare('SELECT locked_by, locked_at, lock_expires_at, attempts FROM queue_jobs').get()).toEqual({
    locked_by: null,
    locked_at: null,
    lock_expires_at: null,
    attempts: 1,
  });
});

test('a rolled-back enqueue leaves no row, no event and no job', async () => {
  const { queue, db, changes, ran } = setup();
  queue.start();
  const refuse = () =>
    db.transaction(
      (tx) => {
        queue.enqueue(tx, { type: 'work.note', payload: null });
        throw new Error('no');
      },
      { behavior: 'immediate' },
    );
  expect(refuse).toThrow('no');
  await queue.whenIdle();
  expect(queue.list().jobs).toEqual([]);
  expect([changes, ran]).toEqual([[], []]);
});

test('a rolled-back pre-emption or cancel disturbs nobody', async () => {
  const holder = makeHolder();
  const definitions = [holder.definition('work.hold'), holder.definition('work.stop', { preempts: ['work.hold'] })];
  const { queue, db, add, changes } = setup({ definitions });
  queue.start();
  const running = await holder.started(add('work.hold', { projectId: 'p' }));
  changes.length = 0;
  const refuse = () =>
    db.transaction((tx) => {
      queue.enqueue(tx, { type: 'work.stop', payload: null, projectId: 'p' });
      queue.cancelProjectJobs(tx, 'p');
      tx.rollback();
    });
  expect(refuse).toThrow();
  await turns();
  expect(running.context.signal.aborted).toBe(false);
  expect(changes).toEqual([]);
});

test('claims by priority, then run_at, then insertion, and clamps the priority', async () => {
  const { queue, clock, add, holder } = setup();
  queue.updateSettings({ concurrency: 1 });
  const last = add('work.hold', { priority: -99 });
  const third = add('work.hold');
  const second = add('work.hold', { runAtMs: clock.now() - 5_000 });
  const fourth = add('work.hold');
  const first = add('work.hold', { priority: 1 });
  queue.start();
  for (const jobId of [first, second, third, fourth, last]) (await holder.started(jobId)).end();
  await queue.whenIdle();
  expect(holder.order).toEqual([first, second, third, fourth, last]);
  expect(queue.find(last)!.priority).toBe(-10);
});

test('never runs a delayed job early, not even by part of a second, and sleeps until it is due', async () => {
  const { queue, clock, advance, add, ran } = setup();
  clock.advance(250);
  queue.start();
  add('work.note', { runAtMs: clock.now() + 300 });
  await queue.whenIdle();
  advance(300);
  await queue.whenIdle();
  expect(ran).toHaveLength(0);
  advance(450);
  await queue.whenIdle();
  expect(ran).toHaveLength(1);
});

test('an idle queue writes nothing and reads at most once a second', async () => {
  const { queue, sqlite, advance, add, clock } = setup();
  add('work.note', { runAtMs: clock.now() + 3_600_000 });
  queue.start();
  await queue.whenIdle();
  const written = sqlite.prepare('SELECT total_changes() AS n');
  const before = written.get();
  const begins = vi.spyOn(sqlite, 'transaction');
  const statement = Object.getPrototypeOf(written) as typeof written;
  const reads = [vi.spyOn(statement, 'get'), vi.spyOn(statement, 'all')];
  onTestFinished(() => void vi.restoreAllMocks());
  for (let second = 0; second < 60; second++) {
    advance(1_000);
    await queue.whenIdle();
  }
  const count = reads.reduce((sum, read) => sum + read.mock.calls.length, 0);
  expect(count).toBeGreaterThan(12);
  expect(count).toBeLessThanOrEqual(60);
  expect(begins).not.toHaveBeenCalled();
  expect(written.get()).toEqual(before);
});

test('a thrown error is retried with backoff until the attempts are spent', async () => {
  const { queue, add, advance, clock } = setup({
    definitions: [
      defineJob({
        type: 'work.fail',
        payload: z.unknown(),
        maxAttempts: 2,
        run: async () => {
          throw new AppError('project_not_found');
        },
      }),
    ],
  });
  queue.start();
  const jobId = add('work.fail');
  await queue.whenIdle();
  // Half of the 2 s ceiling, by the injected random.
  expect(queue.find(jobId)).toMatchObject({ state: 'queued', attempts: 1, runAt: new Date(clock.now() + 1_000) });
  expect(queue.find(jobId)!.lastError).toBe('project_not_found: That project does not exist.');
  advance(1_000);
  await queue.whenIdle();
  expect(queue.find(jobId)).toMatchObject({ state: 'failed', attempts: 2, lockedBy: null });
});

test('retryLater spends no attempt, giveUp spends them all', async () => {
  const outcomes = [retryLater(10_000), giveUp('site_broken', 'The site does not build.')];
  const { queue, add, advance } = setup({
    definitions: [defineJob({ type: 'work.say', payload: z.unknown(), run: async () => outcomes.shift()! })],
  });
  queue.start();
  const jobId = add('work.say');
  await queue.whenIdle();
  expect(queue.find(jobId)).toMatchObject({ state: 'queued', attempts: 0, lastError: null });
  advance(9_000);
  await queue.whenIdle();
  expect(queue.find(jobId)).toMatchObject({ state: 'queued', attempts: 0 });
  advance(1_000);
  await queue.whenIdle();
  expect(queue.find(jobId)).toMatchObject({ state: 'failed', attempts: 3, lastError: 'site_broken: The site does not build.' });
});

test('an unknown type or a bad payload fails that job and the worker goes on', async () => {
  const { queue, db, sqlite, add, state, ran } = setup({});
  const strict = setup({
    definitions: [defineJob({ type: 'work.strict', payload: z.object({ n: z.number() }), run: async () => {} })],
  });
  queue.start();
  strict.queue.start();
  const unknown = add('work.unheard');
  const broken = add('work.note');
  sqlite.prepare(`UPDATE queue_jobs SET payload_json = '{' WHERE id = ?`).run(broken);
  const bad = strict.queue.enqueue(db, { type: 'work.strict', payload: { n: 'x' } }).jobId;
  add('work.note');
  await Promise.all([queue.whenIdle(), strict.queue.whenIdle()]);
  expect(queue.find(unknown)).toMatchObject({ state: 'failed', attempts: 3 });
  expect(queue.find(unknown)!.lastError).toMatch(/^unknown_job_type: /);
  expect(queue.find(broken)!.lastError).toMatch(/^invalid_payload: /);
  expect(strict.queue.find(bad)!.lastError).toMatch(/^invalid_payload: n: /);
  expect([state(broken), strict.state(bad), ran]).toEqual(['failed', 'failed', [null]]);
});

test('what follows a job is enqueued in the transaction that finishes it', async () => {
  const { queue, add, changes, state } = setup({
    definitions: [
      defineJob({
        type: 'chain.first',
        payload: z.unknown(),
        run: async () => done((tx) => void queue.enqueue(tx, { type: 'chain.second', payload: null })),
      }),
      defineJob({ type: 'chain.second', payload: z.unknown(), run: async () => {} }),
    ],
  });
  queue.start();
  const jobId = add('chain.first');
  await queue.whenIdle();
  expect(state(jobId)).toBe('succeeded');
  expect(changes.map((change) => `${change.type} ${change.state}`)).toEqual([
    'chain.first queued',
    'chain.first running',
    'chain.first succeeded',
    'chain.second queued',
    'chain.second running',
    'chain.second succeeded',
  ]);
});

test('when what should follow throws, its writes are undone and the attempt failed', async () => {
  const { queue, db, add, advance } = setup({
    definitions: [
      defineJob({
        type: 'chain.broken',
        payload: z.unknown(),
        maxAttempts: 2,
        run: async () =>
          done((tx) => {
            queue.enqueue(tx, { type: 'chain.never', payload: null });
            throw new Error('cannot follow');
          }),
      }),
    ],
  });
  queue.start();
  const jobId = add('chain.broken');
  await queue.whenIdle();
  expect(queue.find(jobId)).toMatchObject({ state: 'queued', attempts: 1, lastError: 'unexpected_error: cannot follow' });
  advance(2_000);
  await queue.whenIdle();
  expect(queue.find(jobId)!.state).toBe('failed');
  expect(db.select().from(queueJobs).all()).toHaveLength(1);
});

test('one live job per key: a second enqueue finds it, and the key is free once the job has ended', async () => {
  const { queue, db, holder } = setup();
  queue.start();
  const enqueue = () => queue.enqueue(db, { type: 'work.hold', payload: null, dedupeKey: 'k' });
  const first = enqueue();
  expect(enqueue()).toEqual({ jobId: first.jobId, inserted: false });
  const running = await holder.started(first.jobId);
  expect(enqueue()).toEqual({ jobId: first.jobId, inserted: false });
  running.end();
  await queue.whenIdle();
  const next = enqueue();
  expect(next.inserted).toBe(true);
  expect(queue.find(first.jobId)!.dedupeActive).toBeNull();
  (await holder.started(next.jobId)).end();
});

test('a job that was told to end gives its key to the next one', async () => {
  const { queue, db, holder, state } = setup();
  queue.start();
  const enqueue = () => queue.enqueue(db, { type: 'work.hold', payload: null, dedupeKey: 'k', projectId: 'p' });
  const first = enqueue();
  const running = await holder.started(first.jobId);
  queue.cancel(first.jobId);
  const second = enqueue();
  expect(second.inserted).toBe(true);
  expect(enqueue()).toEqual({ jobId: second.jobId, inserted: false });
  running.end();
  (await holder.started(second.jobId)).end();
  await queue.whenIdle();
  expect([state(first.jobId), state(second.jobId)]).toEqual(['cancelled', 'succeeded']);
});

test('pause and concurrency act at once, and survive a restart', async () => {
  const { queue, sqlite, add, holder } = setup();
  queue.start();
  const jobs = Array.from({ length: 6 }, () => add('work.hold'));
  await turns();
  expect(holder.order).toEqual(jobs.slice(0, 2));
  queue.updateSettings({ concurrency: 4 });
  await turns();
  expect(holder.order).toEqual(jobs.slice(0, 4));
  queue.updateSettings({ concurrency: 1 });
  for (const jobId of jobs.slice(0, 3)) holder.held.get(jobId)!.end();
  await turns();
  expect(queue.health()).toEqual({ paused: false, concurrency: 1, queued: 2, running: 1 });
  queue.updateSettings({ paused: true, concurrency: 3 });
  holder.held.get(jobs[3]!)!.end();
  await queue.whenIdle();
  expect(queue.health()).toEqual({ paused: true, concurrency: 3, queued: 2, running: 0 });
  expect(setup().queue.settings()).toEqual({ paused: false, concurrency: 2 });
  expect(sqlite.prepare('SELECT paused, concurrency FROM queue_settings').get()).toEqual({ paused: 1, concurrency: 3 });
  queue.updateSettings({ paused: false });
  await turns();
  expect(holder.order).toEqual(jobs);
  expect(() => queue.updateSettings({ concurrency: 0 })).toThrow(RangeError);
});

test('jobs of one project run one at a time and do not hold up other projects', async () => {
  const { queue, add, holder } = setup();
  queue.updateSettings({ concurrency: 10 });
  queue.start();
  const crowd = Array.from({ length: 200 }, () => add('work.hold', { projectId: 'crowded' }));
  const other = add('work.hold', { projectId: 'other' });
  const free = add('work.hold');
  await turns();
  expect(holder.order).toEqual([crowd[0], other, free]);
  holder.held.get(crowd[0]!)!.end();
  await turns();
  expect(holder.order[3]).toBe(crowd[1]);
});

test('a handler that is out of time is told so, and the attempt counts', async () => {
  const holder = makeHolder();
  const { queue, add, advance } = setup({ definitions: [holder.definition('work.slow', { timeoutMs: 10_000, maxAttempts: 1 })] });
  queue.start();
  const jobId = add('work.slow');
  const { context, fail } = await holder.started(jobId);
  advance(9_999);
  expect(context.signal.aborted).toBe(false);
  advance(1);
  expect(abortCauseOf(context.signal)).toBe('timed_out');
  fail(context.signal.reason);
  await queue.whenIdle();
  expect(queue.find(jobId)).toMatchObject({ state: 'failed', attempts: 1 });
  expect(queue.find(jobId)!.lastError).toMatch(/^timed_out: /);
});

test('a handler that ignores its signal is left behind and frees its slot', async () => {
  const { queue, add, advance, holder, state } = setup();
  queue.start();
  const jobId = add('work.hold');
  await holder.started(jobId);
  queue.cancel(jobId);
  await turns();
  advance(29_999);
  await turns();
  expect(state(jobId)).toBe('running');
  advance(1);
  await queue.whenIdle();
  expect(state(jobId)).toBe('cancelled');
  holder.held.get(jobId)!.end();
  await queue.whenIdle();
  expect(state(jobId)).toBe('cancelled');
});

test('a listener that throws does not disturb the queue', async () => {
  const { queue, add, state } = setup({
    onChange: () => {
      throw new Error('deaf');
    },
  });
  queue.start();
  const jobId = add('work.note');
  await queue.whenIdle();
  expect(state(jobId)).toBe('succeeded');
});

test('tells a lull when what ran has ended and nothing else is due, not between two jobs', async () => {
  const holder = makeHolder();
  const lulls: string[][] = [];
  const { queue, add } = setup({
    definitions: [holder.definition('work.hold')],
    onLull: () => lulls.push(queue.list({ state: 'succeeded' }).jobs.map(({ id }) => id)),
  });
  queue.updateSettings({ concurrency: 1 });
  queue.start();
  await queue.whenIdle();
  expect(lulls).toEqual([]);
  const [first, second] = [add('work.hold'), add('work.hold')];
  (await holder.started(first)).end();
  (await holder.started(second)).end();
  await queue.whenIdle();
  expect(lulls).toEqual([[second, first]]);
});

test('jobs of one call keep their order, keyed and pre-empting ones among them', async () => {
  const { queue, db } = setup();
  const plain = Array.from({ length: 45 }, (_, n) => ({ type: 'work.note', payload: n }));
  const inputs = [...plain.slice(0, 7), { type: 'work.note', payload: 'keyed', dedupeKey: 'k' }, ...plain.slice(7)];
  const jobs = queue.enqueueMany(db, [...inputs, { type: 'work.note', payload: 'again', dedupeKey: 'k' }]);
  expect(jobs.at(-1)).toEqual({ jobId: jobs[7]!.jobId, inserted: false });
  const kept = queue.list({ limit: 200 }).jobs.toReversed();
  expect(kept.map(({ id }) => id)).toEqual(jobs.slice(0, -1).map(({ jobId }) => jobId));
  expect(kept.map(({ payloadJson }) => JSON.parse(payloadJson) as unknown)).toEqual(inputs.map(({ payload }) => payload));
});

test('a lane of its own lets a type run beside the project’s other work, one at a time', async () => {
  const holder = makeHolder();
  const definitions = [holder.definition('work.hold'), holder.definition('aside.hold', { lane: 'aside' })];
  const { queue, add, state } = setup({ definitions });
  queue.updateSettings({ concurrency: 10 });
  queue.start();
  const job = (type: string) => add(type, { projectId: 'p' });
  const [work, moreWork, aside, moreAside] = [job('work.hold'), job('work.hold'), job('aside.hold'), job('aside.hold')];
  await Promise.all([holder.started(work), holder.started(aside)]);
  await turns();
  expect([moreWork, moreAside].map(state)).toEqual(['queued', 'queued']);
  (await holder.started(aside)).end();
  await holder.started(moreAside);
  expect([work, moreWork, moreAside].map(state)).toEqual(['running', 'queued', 'running']);
});

test('an end is told once, also when the turn had no time to look at what was cancelled', async () => {
  const holder = makeHolder();
  const { queue, db, add, changes } = setup({ definitions: [holder.definition('work.hold')] });
  queue.updateSettings({ concurrency: 1 });
  queue.start();
  const jobId = add('work.hold');
  const held = await holder.started(jobId);
  // Rows of a caller's transaction are looked at one by one: more of them than a turn has time for.
  const many = Array.from({ length: 20_000 }, () => ({ type: 'work.hold', payload: null, runAtMs: Date.UTC(2100, 0) }));
  db.transaction((tx) => queue.enqueueMany(tx, many), { behavior: 'immediate' });
  queue.cancel(jobId);
  held.end();
  await queue.whenIdle();
  expect(changes.filter((change) => change.jobId === jobId && change.state === 'cancelled')).toHaveLength(1);
});
