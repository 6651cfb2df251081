import { expect, test } from 'vitest';
import { createLog } from '#server/log.ts';
import { createMonitor } from '#server/queue/monitor/monitor.ts';
import { explainJob } from '#server/queue/monitor/why-waiting.ts';
import type { WaitingFacts } from '#server/queue/monitor/why-waiting.ts';
import { setup as setupQueue, turns } from './setup.ts';

const NOW_MS = Date.UTC(2026, 0, 1);

function explain(job: Partial<WaitingFacts['job']> = {}, facts: Partial<Omit<WaitingFacts, 'job'>> = {}) {
  return explainJob({
    job: {
      state: 'queued',
      type: 'turn.send',
      projectId: 'p1',
      runAtMs: NOW_MS,
      attempts: 0,
      maxAttempts: 3,
      lastError: null,
      cancelRequested: false,
      ...job,
    },
    nowMs: NOW_MS,
    paused: false,
    concurrency: 2,
    running: [],
    definitionOf: () => undefined,
    ahead: { count: 0, atLeast: false },
    ...facts,
  });
}
const codes = (...input: Parameters<typeof explain>) => explain(...input).waits.map(({ code }) => code);
const running = (projectId: string | null, type = 'runtime.start', id = 'blocker') => ({ id, type, projectId });

test('each thing that can hold a job back is said, the weightiest first', () => {
  expect(codes()).toEqual(['about_to_start']);
  expect(codes({}, { paused: true })).toEqual(['paused']);
  expect(codes({ runAtMs: NOW_MS + 5_000 })).toEqual(['scheduled']);
  expect(codes({ runAtMs: NOW_MS + 5_000, attempts: 1, lastError: 'timed_out: …' })).toEqual(['backing_off']);
  expect(codes({}, { running: [running('p1')] })).toEqual(['project_busy']);
  const aside = { definitionOf: (type: string) => (type === 'deployment.build' ? { lane: 'production' } : undefined) };
  expect(codes({}, { running: [running('p1', 'deployment.build')], ...aside })).toEqual(['about_to_start']);
  expect(codes({ type: 'deployment.build' }, { running: [running('p1', 'deployment.build')], ...aside })).toEqual(['project_busy']);
  expect(codes({}, { running: [running('p2')] })).toEqual(['about_to_start']);
  expect(codes({ projectId: null }, { running: [running(null)] })).toEqual(['about_to_start']);
  expect(codes({}, { running: [running('p2', 'turn.send')], definitionOf: () => ({ concurrency: 1 }) })).toEqual(['type_limit']);
  expect(codes({}, { running: [running('p2'), running('p3')] })).toEqual(['concurrency']);
  expect(codes({}, { predecessorId: 'first' })).toEqual(['predecessor']);
  expect(codes({}, { ahead: { count: 4, atLeast: false } })).toEqual(['behind_others']);
  expect(codes({ runAtMs: NOW_MS + 1 }, { paused: true, running: [running('p1'), running('p3')] })).toEqual([
    'paused',
    'scheduled',
    'project_busy',
    'concurrency',
  ]);
});

test('the sentences name what a person can act on', () => {
  expect(explain({}, { running: [running('p1')] }).waits[0]).toMatchObject({
    jobId: 'blocker',
    message: expect.stringContaining('runtime.start'),
  });
  expect(explain({ attempts: 2, runAtMs: NOW_MS + 9_000, lastError: 'timed_out: too long' })).toMatchObject({
    waits: [{ message: 'Attempt 2 of 3 failed: timed_out: too long' }],
    next: { message: expect.stringContaining('attempt 3 of 3'), atMs: NOW_MS + 9_000 },
  });
  expect(explain({}, { ahead: { count: 1_000, atLeast: true } }).waits[0]!.message).toBe(
    'At least 1,000 jobs come before it, by priority and time.',
  );
  expect(explain({}, { ahead: { count: 1, atLeast: false } }).waits[0]!.message).toBe('1 job comes before it, by priority and time.');
});

test('a job that does not wait has a next step, and no reason to wait', () => {
  for (const state of ['running', 'succeeded', 'failed', 'cancelled'] as const) {
    expect(explain({ state, attempts: 1 }, { paused: true })).toMatchObject({ waits: [], next: { message: expect.stringMatching(/\.$/) } });
  }
  expect(explain({ state: 'running', attempts: 3 }).next.message).toContain('last attempt');
  expect(explain({ state: 'running', attempts: 1, cancelRequested: true }).next.message).toContain('told to stop');
});

function setup() {
  const given = setupQueue();
  const monitor = createMonitor({ ...given, log: createLog('silent'), announce: () => {} });
  return { ...given, monitor };
}

test('a real queue is explained: the project that is busy, then its turn, the attempts and what they said', async () => {
  const { queue, add, monitor, holder, clock } = setup();
  queue.start();
  const first = add('work.hold', { projectId: 'p1' });
  const { context, end } = await holder.started(first);
  context.log.info({ port: 4400, apiKey: 'sk-live-0123456789' }, 'the dev server answers');
  const second = add('work.hold', { projectId: 'p1' });
  const other = add('work.note', { projectId: 'p2', runAtMs: clock.now() + 60_000, priority: 3 });

  expect(monitor.job(second)!.outlook.waits).toEqual([expect.objectContaining({ code: 'project_busy', jobId: first })]);
  expect(monitor.job(other)!.outlook).toMatchObject({ waits: [{ code: 'scheduled' }], next: { atMs: clock.now() + 60_000 } });
  const [attempt] = monitor.job(first)!.attempts;
  expect(attempt).toMatchObject({ attempt: 1, outcome: null, finishedAtMs: null, log: [{ level: 'info' }] });
  expect(JSON.stringify(attempt!.log)).not.toContain('sk-live');

  clock.advance(1_500);
  end();
  await holder.started(second);
  expect(monitor.job(first)!.attempts[0]).toMatchObject({ outcome: 'succeeded', log: [{ text: expect.stringContaining('dev server') }] });
  expect(monitor.job('no-such-job')).toBeUndefined();
  holder.held.get(second)!.end();
  await turns();
  await queue.stop(0);
});

test('those ahead are counted over priorities, due ones only', () => {
  const { queue, add, monitor, clock } = setup();
  queue.updateSettings({ paused: true });
  const job = add('work.note');
  for (let i = 0; i < 3; i++) add('work.note', { priority: 5 });
  add('work.note', { priority: 9 });
  add('work.note', { priority: 9, runAtMs: clock.now() + 60_000 });
  add('work.note');
  add('work.note', { priority: -1 });
  expect(monitor.job(job)!.outlook.waits.map(({ message }) => message)).toContain('4 jobs come before it, by priority and time.');
});
