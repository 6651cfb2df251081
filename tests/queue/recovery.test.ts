import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { abortCauseOf, done } from '#server/queue/job.ts';
import { makeClock } from '../support/clock.ts';
import { setup, turns } from './setup.ts';

const folders: string[] = [];
function makeFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'doce-queue-'));
  folders.push(folder);
  return join(folder, 'db.sqlite');
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A host that dies: its connection closes, its handlers are never heard of again. */
async function crash(host: ReturnType<typeof setup>): Promise<void> {
  await turns();
  host.sqlite.close();
}

test('after a crash every job is queued again, or ended with a reason', async () => {
  const file = makeFile();
  const first = setup({ file });
  first.queue.updateSettings({ concurrency: 4 });
  first.queue.start();
  const again = first.add('work.hold', { dedupeKey: 'again' });
  const spent = first.add('work.hold', { maxAttempts: 1, dedupeKey: 'spent' });
  const doomed = first.add('work.hold', { dedupeKey: 'doomed' });
  const waiting = first.add('work.hold', { runAtMs: first.clock.now() + 60_000 });
  await turns();
  first.queue.cancel(doomed);
  await crash(first);

  const second = setup({ file });
  expect(second.queue.recover()).toEqual({ requeued: 1, failed: 1, cancelled: 1 });
  expect(second.queue.find(again)).toMatchObject({
    state: 'queued',
    attempts: 1,
    dedupeActive: 'active',
    lockedBy: null,
    lockExpiresAt: null,
  });
  expect(second.queue.find(spent)).toMatchObject({ state: 'failed', attempts: 1, dedupeActive: null });
  expect(second.queue.find(spent)!.lastError).toMatch(/^host_stopped: /);
  expect(second.queue.find(doomed)).toMatchObject({ state: 'cancelled', dedupeActive: null, lockedBy: null });
  expect(second.state(waiting)).toBe('queued');
  expect(second.changes.map(({ jobId, state }) => [jobId, state])).toEqual(
    expect.arrayContaining([
      [again, 'queued'],
      [spent, 'failed'],
      [doomed, 'cancelled'],
    ]),
  );
  second.queue.start();
  const { context, end } = await second.holder.started(again);
  expect(context.attempt).toBe(2);
  end();
  await second.queue.whenIdle();
  expect(second.state(again)).toBe('succeeded');
  expect(second.queue.recover()).toEqual({ requeued: 0, failed: 0, cancelled: 0 });
  second.sqlite.close();
});

test.each([
  ['another boot', `locked_by = 'another-boot'`],
  ['a later attempt', 'attempts = attempts + 1'],
])('an attempt that lost its row to %s is told so, and its outcome changes nothing', async (_rival, assignment) => {
  const { queue, sqlite, add, holder, advance, changes } = setup();
  queue.start();
  const jobId = add('work.hold');
  const { context, end } = await holder.started(jobId);
  sqlite.prepare(`UPDATE queue_jobs SET ${assignment}`).run();
  advance(20_000);
  await turns();
  expect(abortCauseOf(context.signal)).toBe('fence_lost');
  changes.length = 0;
  const before = queue.find(jobId);
  let followed = false;
  end(done(() => (followed = true)));
  await queue.whenIdle();
  expect(queue.find(jobId)).toEqual(before);
  expect([before!.state, followed, changes]).toEqual(['running', false, []]);
});

test('a row taken from a running handler does not run a second time beside it', async () => {
  const { queue, sqlite, add, holder, state } = setup();
  queue.start();
  const jobId = add('work.hold');
  const old = await holder.started(jobId);
  sqlite.prepare(`UPDATE queue_jobs SET state = 'queued', locked_by = NULL, lock_expires_at = NULL WHERE id = ?`).run(jobId);
  add('work.note');
  await turns();
  expect(holder.order).toEqual([jobId]);
  holder.forget(jobId);
  old.end();
  const { context, end } = await holder.started(jobId);
  expect(context.attempt).toBe(2);
  end();
  await queue.whenIdle();
  expect(state(jobId)).toBe('succeeded');
});

test('leases of all running attempts are renewed while they run, and a clock jump takes none away', async () => {
  const { queue, clock, add, holder, advance, state } = setup();
  queue.start();
  const jobs = [add('work.hold'), add('work.hold')];
  await turns();
  const leases = () => jobs.map((jobId) => queue.find(jobId)!.lockExpiresAt!.getTime() - clock.now());
  expect(leases()).toEqual([60_000, 60_000]);
  advance(20_000);
  await turns();
  expect(leases()).toEqual([60_000, 60_000]);
  for (const jumpMs of [86_400_000, -172_800_000]) {
    advance(jumpMs);
    add('work.note');
    await turns();
    expect(leases()).toEqual([60_000, 60_000]);
  }
  expect(holder.order).toEqual(jobs);
  for (const jobId of jobs) holder.held.get(jobId)!.end();
  await turns();
  expect(jobs.map(state)).toEqual(['succeeded', 'succeeded']);
});

test('a running row nobody works on is taken back when its lease has run out', async () => {
  const { queue, sqlite, add, advance, ran, state } = setup();
  const jobId = add('work.note', { runAtMs: 0 });
  sqlite
    .prepare(`UPDATE queue_jobs SET state = 'running', attempts = 1, locked_by = 'boot-?', lock_expires_at = ?`)
    .run(Date.UTC(2026, 0, 1) / 1000 + 60);
  queue.start();
  advance(30_000);
  await queue.whenIdle();
  expect(ran).toHaveLength(0);
  advance(30_000);
  await queue.whenIdle();
  expect([ran.length, state(jobId), queue.find(jobId)!.attempts]).toEqual([1, 'succeeded', 2]);
});

test('a graceful stop lets handlers end and charges nobody', async () => {
  const { queue, add, holder, pending } = setup();
  queue.updateSettings({ concurrency: 3 });
  queue.start();
  const [obeys, finishes, fails, waits] = ['a', 'b', 'c', 'd'].map(() => add('work.hold')) as [string, string, string, string];
  await turns();
  const stopped = queue.stop(15_000);
  const held = [obeys, finishes, fails].map((jobId) => holder.held.get(jobId)!);
  expect(held.map(({ context }) => abortCauseOf(context.signal))).toEqual(['shutdown', 'shutdown', 'shutdown']);
  held[0]!.fail(held[0]!.context.signal.reason);
  held[1]!.end();
  held[2]!.fail(new Error('killed child'));
  await stopped;
  expect(queue.find(obeys)).toMatchObject({ state: 'queued', attempts: 0, lockedBy: null });
  expect(queue.find(finishes)).toMatchObject({ state: 'succeeded', attempts: 1 });
  expect(queue.find(fails)).toMatchObject({ state: 'queued', attempts: 0, lastError: null });
  expect(queue.find(waits)).toMatchObject({ state: 'queued', attempts: 0 });
  expect([holder.order.length, pending.size]).toEqual([3, 0]);
});

test('what does not stop in time is given back, and its late outcome is not heard', async () => {
  const { queue, sqlite, add, holder, advance } = setup();
  queue.start();
  const stubborn = await holder.started(add('work.hold', { dedupeKey: 'k' }));
  const doomed = await holder.started(add('work.hold'));
  queue.cancel(doomed.context.jobId);
  const stopped = queue.stop(15_000);
  await turns();
  advance(15_000);
  await stopped;
  expect(queue.find(stubborn.context.jobId)).toMatchObject({ state: 'queued', attempts: 0, dedupeActive: 'active', lockedBy: null });
  expect(queue.find(doomed.context.jobId)).toMatchObject({ state: 'cancelled', lockedBy: null });
  const { n } = sqlite.prepare('SELECT total_changes() AS n').get() as { n: number };
  stubborn.end();
  doomed.end();
  await turns();
  expect(sqlite.prepare('SELECT total_changes() AS n').get()).toEqual({ n });
});

test('when the disk is full an enqueue throws, nothing is half written, and the pump recovers by itself', async () => {
  const { queue, db, sqlite, add, holder, advance, state, ran } = setup({ file: makeFile() });
  queue.start();
  const held = await holder.started(add('work.hold'));
  const before = queue.list({ limit: 200 }).jobs.length;
  sqlite.pragma(`max_page_count = ${sqlite.pragma('page_count', { simple: true })}`);
  const large = 'x'.repeat(20_000);
  expect(() => add('work.note', { payload: large })).toThrow(/full/);
  const both = () =>
    db.transaction(
      (tx) => {
        queue.enqueue(tx, { type: 'work.note', payload: 'small' });
        queue.enqueue(tx, { type: 'work.note', payload: large });
      },
      { behavior: 'immediate' },
    );
  expect(both).toThrow(/full/);
  expect(queue.list({ limit: 200 }).jobs).toHaveLength(before);
  // The transaction that should finish the job does not fit either.
  held.end(done((tx) => void queue.enqueue(tx, { type: 'work.note', payload: large })));
  await turns();
  expect(state(held.context.jobId)).toBe('running');
  expect(sqlite.inTransaction).toBe(false);
  sqlite.pragma('max_page_count = 1073741823');
  advance(5_000);
  await queue.whenIdle();
  expect(state(held.context.jobId)).toBe('succeeded');
  expect(ran).toEqual([large]);
  expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
  sqlite.close();
});

test('a busy database delays the claim and loses nothing', async () => {
  const file = makeFile();
  const { queue, sqlite, add, advance, state } = setup({ file });
  const other = setup({ file, clock: makeClock() }).sqlite;
  sqlite.pragma('busy_timeout = 1');
  const jobId = add('work.note');
  queue.start();
  other.exec('BEGIN IMMEDIATE');
  await turns();
  expect(state(jobId)).toBe('queued');
  other.exec('COMMIT');
  advance(5_000);
  await queue.whenIdle();
  expect(state(jobId)).toBe('succeeded');
  other.close();
  sqlite.close();
});
