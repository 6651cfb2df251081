import { expect, test } from 'vitest';
import { createLog } from '#server/log.ts';
import { createMonitor } from '#server/queue/monitor/monitor.ts';
import type { JobFilter, JobOrder } from '#server/queue/monitor/job-filter.ts';
import type { Monitor } from '#server/queue/monitor/monitor.ts';
import { RARE_TYPE, seedQueue } from '../support/seed-queue.ts';
import { setup as setupQueue } from './setup.ts';

const filterOf = (filter: Partial<JobFilter>): JobFilter => ({
  state: undefined,
  type: undefined,
  projectId: undefined,
  q: undefined,
  ...filter,
});

function setup({ jobs = 2_000 } = {}) {
  const given = setupQueue();
  seedQueue(given.sqlite, { jobs, nowMs: given.clock.now(), projects: 10 });
  const monitor = createMonitor({ ...given, log: createLog('silent'), announce: () => {} });
  return { ...given, monitor };
}

/** Every job of a filter, page by page. */
function walk(monitor: Monitor, filter: JobFilter, order: JobOrder = 'newest', limit = 7) {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 5_000; pages++) {
    const page = monitor.jobs(filter, { cursor, limit, order });
    ids.push(...page.jobs.map(({ id }) => id));
    if (page.nextCursor === undefined) return ids;
    cursor = page.nextCursor;
  }
  throw new Error('the list does not end');
}

test.each<[string, Partial<JobFilter>, string, string]>([
  ['everything', {}, 'true', 'rowid'],
  ['a state', { state: 'failed' }, `state = 'failed'`, 'run_at, rowid'],
  ['those that wait', { state: 'queued' }, `state = 'queued'`, 'run_at, rowid'],
  ['a type', { type: 'turn.send' }, `type = 'turn.send'`, 'rowid'],
  ['a project', { projectId: 'seed-project-3' }, `project_id = 'seed-project-3'`, 'rowid'],
  ['a state of a project', { projectId: 'seed-project-3', state: 'failed' }, `project_id = 'seed-project-3' AND state = 'failed'`, 'rowid'],
  ['a common state of a type', { type: 'turn.send', state: 'succeeded' }, `type = 'turn.send' AND state = 'succeeded'`, 'rowid'],
  ['a rare state of a type', { type: 'turn.send', state: 'queued' }, `type = 'turn.send' AND state = 'queued'`, 'run_at, rowid'],
  ['text in a payload', { q: 'ROW 19' }, `payload_json LIKE '%row 19%'`, 'rowid'],
  [
    'text in an error of one state',
    { q: 'answered 3', state: 'failed' },
    `last_error LIKE '%answered 3%' AND state = 'failed'`,
    'run_at, rowid',
  ],
  ['text with signs that LIKE knows', { q: '100%_' }, 'false', 'rowid'],
])('%s comes in pages that hold each job once, in order, both ways', (_name, filter, where, order) => {
  const { monitor, sqlite } = setup({ jobs: 600 });
  const expected = sqlite.prepare(`SELECT id FROM queue_jobs WHERE ${where} ORDER BY ${order}`).pluck().all() as string[];
  expect(walk(monitor, filterOf(filter), 'oldest')).toEqual(expected);
  expect(walk(monitor, filterOf(filter), 'newest')).toEqual(expected.toReversed());
});

test('a cursor made before counts changed goes on in its own order', () => {
  const { monitor, sqlite } = setup();
  const filter = filterOf({ type: 'turn.send', state: 'queued' });
  const first = monitor.jobs(filter, { limit: 5 });
  expect(first.nextCursor).toMatch(/^d/);
  sqlite.exec(`UPDATE queue_counters SET running = 0, succeeded = 1, failed = 0, cancelled = 0 WHERE type = 'turn.send'`);
  const second = monitor.jobs(filter, { limit: 5, cursor: first.nextCursor });
  expect(second.jobs[0]!.runAt).toBeLessThanOrEqual(first.jobs[4]!.runAt);
  expect(second.jobs.map(({ id }) => id)).not.toContain(first.jobs[4]!.id);
});

test('jobs due in the same second are not skipped or told twice', () => {
  const { monitor, sqlite } = setup({ jobs: 500 });
  sqlite.exec(`UPDATE queue_jobs SET run_at = 1000`);
  const ids = walk(monitor, filterOf({ state: 'succeeded' }));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBe(monitor.count(filterOf({ state: 'succeeded' })));
});

test('a search looks through so many rows, says how far it got, and goes on from there', () => {
  const { monitor, sqlite } = setup({ jobs: 45_000 });
  const needle = filterOf({ q: '"row 12"' });
  const first = monitor.jobs(needle);
  const created = sqlite.prepare('SELECT created_at FROM queue_jobs WHERE rowid = 25001').pluck().get();
  expect(first).toMatchObject({ jobs: [], lookedThrough: { rows: 20_000, until: created }, nextCursor: 'r25001' });
  const second = monitor.jobs(needle, { cursor: first.nextCursor });
  expect(second).toMatchObject({ jobs: [], nextCursor: 'r5001' });
  const third = monitor.jobs(needle, { cursor: second.nextCursor });
  expect(third).toMatchObject({ jobs: [expect.objectContaining({ rowid: 12 })], nextCursor: undefined, lookedThrough: undefined });
});

test('a job is found by the beginning of its id however old it is', () => {
  const { monitor, sqlite } = setup({ jobs: 30_000 });
  const id = sqlite.prepare('SELECT id FROM queue_jobs WHERE rowid = 50').pluck().get() as string;
  expect(monitor.jobs(filterOf({ q: id.slice(0, 12) })).jobs.map((job) => job.id)).toEqual([id]);
  expect(monitor.jobs(filterOf({ q: id, state: 'running' })).jobs).toEqual([]);
});

test('the few jobs of a rare type are there at once', () => {
  const { monitor } = setup({ jobs: 30_000 });
  const page = monitor.jobs(filterOf({ type: RARE_TYPE }));
  expect(page.jobs.map(({ rowid }) => rowid)).toEqual([5, 4, 3, 2, 1]);
  expect(page.lookedThrough).toBeUndefined();
});

test('what came after the first row of a page is counted, by the page’s own filter', () => {
  const { monitor, add } = setup();
  const all = monitor.jobs(filterOf({}));
  const waiting = monitor.jobs(filterOf({ state: 'queued', type: 'runtime.start' }));
  expect(monitor.countNewer(filterOf({}), all.topCursor)).toBe(0);
  add('work.note');
  add('work.note');
  expect(monitor.countNewer(filterOf({}), all.topCursor)).toBe(2);
  expect(monitor.countNewer(filterOf({ state: 'queued', type: 'runtime.start' }), waiting.topCursor)).toBe(0);
  expect(monitor.countNewer(filterOf({ type: 'work.note' }), undefined)).toBe(2);
});

test('no list sorts, at any size, before and after ANALYZE', () => {
  const { monitor, sqlite } = setup();
  const texts: string[] = [];
  const prepare = sqlite.prepare.bind(sqlite);
  const spied = Object.assign(Object.create(sqlite) as typeof sqlite, {
    prepare: (sql: string) => {
      texts.push(sql);
      return prepare(sql);
    },
  });
  const watched = createMonitor({ ...setup(), sqlite: spied, announce: () => {} } as never);
  const filters: Partial<JobFilter>[] = [
    {},
    { state: 'failed' },
    { state: 'queued' },
    { type: 'turn.send' },
    { projectId: 'seed-project-3' },
    { q: 'x' },
  ];
  for (const filter of filters) {
    const { nextCursor } = watched.jobs(filterOf(filter), { limit: 3 });
    watched.jobs(filterOf(filter), { limit: 3, cursor: nextCursor });
  }
  watched.numbers();
  const plans = () =>
    texts
      .filter((sql) => sql.startsWith('SELECT'))
      .flatMap((sql) => {
        const bound = new Array<number>((sql.match(/\?/g) ?? []).length).fill(1);
        return (prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...bound) as { detail: string }[]).map(({ detail }) => `${detail} ← ${sql}`);
      })
      .filter((plan) => /TEMP B-TREE|SCAN queue_jobs USING INDEX/.test(plan));
  expect(texts.length).toBeGreaterThan(10);
  expect(plans()).toEqual([]);
  sqlite.exec('ANALYZE');
  expect(plans()).toEqual([]);
  expect(monitor.jobs(filterOf({ state: 'failed' })).jobs.length).toBe(50);
});
