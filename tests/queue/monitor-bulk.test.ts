import { expect, test } from 'vitest';
import type { AppError } from '#server/errors.ts';
import { createLog } from '#server/log.ts';
import type { JobFilter } from '#server/queue/monitor/job-filter.ts';
import { createMonitor } from '#server/queue/monitor/monitor.ts';
import type { Monitor } from '#server/queue/monitor/monitor.ts';
import { seedQueue } from '../support/seed-queue.ts';
import { countersApart } from './counters.ts';
import { setup as setupQueue } from './setup.ts';

const filterOf = (filter: Partial<JobFilter>): JobFilter => ({
  state: undefined,
  type: undefined,
  projectId: undefined,
  q: undefined,
  ...filter,
});

function setup({ jobs = 3_000 } = {}) {
  const given = setupQueue();
  given.queue.updateSettings({ paused: true });
  seedQueue(given.sqlite, { jobs, nowMs: given.clock.now(), projects: 10 });
  const announced: string[] = [];
  const open = () => createMonitor({ ...given, log: createLog('silent'), announce: ({ jobIds }) => void announced.push(...jobIds) });
  const monitor = open();
  const count = (where: string) => given.sqlite.prepare(`SELECT count(*) FROM queue_jobs WHERE ${where}`).pluck().get() as number;
  return { ...given, monitor, open, count, announced };
}

test.each<[string, Partial<JobFilter>, string]>([
  ['a state', { state: 'failed' }, `state = 'failed'`],
  ['a type', { type: 'turn.send' }, `type = 'turn.send' AND state IN ('failed', 'cancelled')`],
  [
    'a project and a text',
    { projectId: 'seed-project-3', q: 'answered' },
    `project_id = 'seed-project-3' AND last_error LIKE '%answered%'`,
  ],
])('what is counted for %s is what is changed, and nothing else', async (_name, filter, where) => {
  const { monitor, count, sqlite } = setup();
  const meant = count(where);
  const failedElsewhere = count(`state IN ('failed', 'cancelled')`) - meant;
  const preview = await monitor.bulk.preview('retry', filterOf(filter));
  expect(preview.count).toBe(meant);
  const { id } = monitor.bulk.start('retry', filterOf(filter), preview.upTo);
  expect(await monitor.bulk.whenDone(id)).toMatchObject({ state: 'done', total: meant, changed: meant, skipped: 0 });
  expect(count(`state IN ('failed', 'cancelled')`)).toBe(failedElsewhere);
  expect(countersApart(sqlite)).toEqual([]);
});

test('a job that comes after the count is left alone', async () => {
  const { monitor, add, state, count } = setup();
  const preview = await monitor.bulk.preview('cancel', filterOf({ state: 'queued' }));
  const late = add('work.note');
  const { id } = monitor.bulk.start('cancel', filterOf({ state: 'queued' }), preview.upTo);
  expect(await monitor.bulk.whenDone(id)).toMatchObject({ state: 'done', changed: preview.count });
  expect(state(late)).toBe('queued');
  expect(count(`state = 'queued'`)).toBe(1);
});

test('deleting takes the ended ones only, tells open pages, and stops when told', async () => {
  const { monitor, count, announced } = setup();
  const live = count(`state IN ('queued', 'running')`);
  const run = monitor.bulk.start('delete', filterOf({}), undefined);
  monitor.bulk.stop(run.id);
  expect(await monitor.bulk.whenDone(run.id)).toMatchObject({ state: 'stopped' });
  expect(count('true')).toBeGreaterThan(live);
  const again = monitor.bulk.start('delete', filterOf({}), undefined);
  expect(await monitor.bulk.whenDone(again.id)).toMatchObject({ state: 'done' });
  expect(count('true')).toBe(live);
  expect(announced.length).toBeGreaterThan(0);
  expect(monitor.bulk.find('unknown')).toBeUndefined();
});

/** Until the first batch is done. */
async function untilUnderWay({ bulk }: Monitor, id: string): Promise<void> {
  while (bulk.find(id)!.changed === 0) await new Promise((resolve) => setImmediate(resolve));
}

test('what a process leaves the next one goes on with, and does nothing twice', async () => {
  const { monitor, open, count, add, state, queue, sqlite } = setup({ jobs: 10_000 });
  const meant = count(`state IN ('failed', 'cancelled')`);
  const newest = sqlite.prepare(`SELECT id FROM queue_jobs WHERE state = 'failed' ORDER BY rowid DESC`).pluck().get() as string;
  const { id } = monitor.bulk.start('retry', filterOf({}), undefined);
  await untilUnderWay(monitor, id);
  await monitor.close();
  const left = monitor.bulk.find(id)!;
  expect(left).toMatchObject({ state: 'working', total: meant, skipped: 0 });
  expect(count(`state IN ('failed', 'cancelled')`)).toBe(meant - left.changed);

  // Both would match: one that the run has retried before, one that came after it began.
  const late = add('work.note');
  for (const jobId of [newest, late]) expect(queue.cancel(jobId)).toBe('cancelled');

  const next = open();
  expect(next.bulk.underWay()).toEqual(left);
  next.bulk.resume();
  expect(await next.bulk.whenDone(id)).toEqual({ ...left, state: 'done', changed: meant });
  expect(count(`state IN ('failed', 'cancelled')`)).toBe(2);
  expect([state(newest), state(late)]).toEqual(['cancelled', 'cancelled']);
  expect(next.bulk.underWay()).toBeUndefined();
  expect(countersApart(sqlite)).toEqual([]);
});

test('the event loop turns while many jobs are changed', async () => {
  const { monitor } = setup({ jobs: 10_000 });
  let turnsTaken = 0;
  const { id } = monitor.bulk.start('delete', filterOf({ state: 'succeeded' }), undefined);
  const ended = monitor.bulk.whenDone(id);
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve));
    turnsTaken++;
  }
  const { changed } = (await ended)!;
  expect(turnsTaken).toBeGreaterThanOrEqual(Math.floor(changed / 100));
});

test('single actions say why they cannot be done', () => {
  const { monitor, sqlite, add } = setup();
  const idOf = (state: string) => sqlite.prepare('SELECT id FROM queue_jobs WHERE state = ?').pluck().get(state) as string;
  const codeOf = (work: () => void) => {
    try {
      work();
      return 'done';
    } catch (error) {
      return (error as AppError).code;
    }
  };
  expect(codeOf(() => monitor.act('cancel', idOf('succeeded')))).toBe('job_finished');
  expect(codeOf(() => monitor.act('retry', idOf('succeeded')))).toBe('job_already_done');
  expect(codeOf(() => monitor.act('retry', idOf('queued')))).toBe('job_not_finished');
  expect(codeOf(() => monitor.act('run-now', idOf('failed')))).toBe('job_not_queued');
  expect(codeOf(() => monitor.act('delete', idOf('queued')))).toBe('job_not_finished');
  expect(codeOf(() => monitor.act('unlock', idOf('queued')))).toBe('job_not_running');
  for (const action of ['cancel', 'retry', 'run-now', 'delete', 'unlock'] as const) {
    expect(codeOf(() => monitor.act(action, 'no-such-job'))).toBe('job_not_found');
  }
  add('work.note', { dedupeKey: 'one' });
  const held = sqlite.prepare(`SELECT id FROM queue_jobs WHERE dedupe_key = 'one'`).pluck().get() as string;
  monitor.act('cancel', held);
  add('work.note', { dedupeKey: 'one' });
  expect(codeOf(() => monitor.act('retry', held))).toBe('job_key_taken');
  expect(codeOf(() => monitor.act('delete', held))).toBe('done');
});
