import { expect, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '#server/log.ts';
import { createQueue } from '#server/queue/queue.ts';
import { defineJob, giveUp, retryLater } from '#server/queue/job.ts';
import type { JobLogLine } from '#server/queue/engine.ts';
import { createdMsOf, newJobId } from '#server/queue/job-id.ts';
import { bucketOf } from '#server/queue/minutes.ts';
import { countersApart } from './counters.ts';
import { makeHolder, setup, turns } from './setup.ts';

test('each attempt is kept with its number, times, outcome, error and log', async () => {
  const heard: JobLogLine[] = [];
  const host: ReturnType<typeof setup> = setup({
    onLog: (line) => heard.push(line),
    definitions: [
      defineJob({
        type: 'work.flaky',
        payload: z.unknown(),
        async run({ attempt, log }) {
          log.info({ attempt, apiKey: 'sk-very-secret-key' }, 'began');
          host.advance(5);
          if (attempt === 1) throw new Error('no luck');
        },
      }),
    ],
  });
  const { queue, add, advance, clock } = host;
  queue.start();
  const jobId = add('work.flaky');
  await turns();
  advance(5_000);
  await queue.whenIdle();
  const [first, second] = queue.attempts(jobId);
  expect(first).toMatchObject({ attempt: 1, outcome: 'retrying', error: 'unexpected_error: no luck' });
  expect(first!.finishedAtMs! - first!.startedAtMs).toBe(5);
  expect(first!.log.map(({ level, text }) => [level, text])).toEqual([
    ['info', 'began attempt=1 apiKey=[hidden]'],
    ['warn', 'a job attempt failed (no luck)'],
  ]);
  expect(second).toMatchObject({ attempt: 2, outcome: 'succeeded', error: null });
  expect(heard.filter(({ attempt }) => attempt === 2)).toEqual([
    { jobId, attempt: 2, level: 'info', atMs: clock.now() - 5, text: 'began attempt=2 apiKey=[hidden]' },
  ]);
});

test('the last 200 lines stay, live and kept; each renewal of the lease saves them', async () => {
  const { queue, add, holder, advance } = setup();
  queue.start();
  const jobId = add('work.hold');
  const { context, end } = await holder.started(jobId);
  for (let line = 1; line <= 1_000; line++) context.log.info(`line ${line}`);
  context.log.debug('not kept');
  expect(queue.liveLog(jobId)).toHaveLength(200);
  expect(queue.liveLog(jobId).at(-1)!.text).toBe('line 1000');
  expect(queue.attempts(jobId)[0]!.log).toEqual([]);
  advance(21_000);
  await turns();
  expect(queue.attempts(jobId)[0]!.log).toHaveLength(200);
  end();
  await queue.whenIdle();
  expect(queue.attempts(jobId)[0]!.log.map(({ text }) => text)).toEqual(Array.from({ length: 200 }, (_, i) => `line ${801 + i}`));
  expect(queue.liveLog(jobId)).toEqual([]);
});

test('a listener that throws is not the handler’s fault', async () => {
  const { queue, add, holder, state } = setup({
    onLog: () => {
      throw new Error('listener');
    },
  });
  queue.start();
  const jobId = add('work.hold');
  const { context, end } = await holder.started(jobId);
  context.log.info('said');
  end();
  await queue.whenIdle();
  expect(state(jobId)).toBe('succeeded');
});

test('what is not charged, given up, cancelled, out of time or unlocked is told apart', async () => {
  const holder = makeHolder();
  const definitions = [holder.definition('work.hold'), holder.definition('work.timed', { timeoutMs: 1_000, maxAttempts: 1 })];
  const { queue, add, advance } = setup({ definitions });
  queue.updateSettings({ concurrency: 10 });
  queue.start();
  const [later, gaveUp, cancelled, unlocked] = [add('work.hold'), add('work.hold'), add('work.hold'), add('work.hold')];
  const timed = add('work.timed');
  const late = await holder.started(unlocked!);
  await holder.started(timed);
  holder.held.get(later!)!.end(retryLater(60_000));
  holder.held.get(gaveUp!)!.end(giveUp('no_use', 'It is no use.'));
  queue.cancel(cancelled!);
  expect(queue.unlock(unlocked!)).toBe('unlocked');
  await turns();
  expect(late.context.signal.reason).toMatchObject({ cause: 'fence_lost' });
  late.end();
  holder.held.get(cancelled!)!.end();
  advance(1_000);
  holder.held.get(timed)!.fail(new Error('stopped'));
  await turns();
  const outcome = (jobId: string) => queue.attempts(jobId)[0]!.outcome;
  expect([later!, gaveUp!, cancelled!, unlocked!, timed].map(outcome)).toEqual(['retry_later', 'failed', 'cancelled', 'lost', 'timed_out']);
  expect(queue.find(unlocked!)).toMatchObject({ attempts: 2, state: 'running' });
  expect(queue.unlock('nobody')).toBe('not_found');
  expect(queue.unlock(later!)).toBe('not_running');
});

test('minutes count waiting and running times in powers of two', async () => {
  expect([0, 0.5, 1, 2, 3, 4, 1_023, 1_024, 2 ** 22, 2 ** 40].map(bucketOf)).toEqual([0, 0, 1, 2, 2, 3, 10, 11, 23, 23]);
  const { queue, add, holder, advance, sqlite } = setup();
  const jobId = add('work.hold');
  advance(700);
  queue.start();
  const { end } = await holder.started(jobId);
  advance(3_000);
  end();
  await queue.whenIdle();
  const minute = sqlite.prepare('SELECT * FROM queue_minutes').all() as Record<string, string>[];
  expect(minute).toMatchObject([{ type: 'work.hold', claimed: 1, succeeded: 1, wait_ms_sum: 700, run_ms_sum: 3_000 }]);
  const filled = (json: string) => (JSON.parse(json) as number[]).flatMap((count, bucket) => (count > 0 ? [bucket] : []));
  expect([filled(minute[0]!['wait_buckets']!), filled(minute[0]!['run_buckets']!)]).toEqual([[10], [12]]);
});

test('a crash is written down, with what became of its jobs', async () => {
  const first = setup();
  first.queue.updateSettings({ concurrency: 2 });
  first.queue.start();
  const jobs = [first.add('work.hold'), first.add('work.hold', { maxAttempts: 1 })];
  for (const jobId of jobs) await first.holder.started(jobId);
  const { db, sqlite, clock } = first;
  const next = createQueue({ db, sqlite, clock, log: createLog('silent'), bootId: 'next', definitions: [] });
  expect(next.recover()).toEqual({ requeued: 1, failed: 1, cancelled: 0 });
  expect(next.recover()).toEqual({ requeued: 0, failed: 0, cancelled: 0 });
  expect(sqlite.prepare('SELECT * FROM queue_recoveries').all()).toEqual([
    { id: 1, at_ms: clock.now(), requeued: 1, failed: 1, cancelled: 0, lost: 0 },
  ]);
  expect(jobs.map((jobId) => next.attempts(jobId).map(({ outcome }) => outcome))).toEqual([['lost'], ['lost']]);
  expect(countersApart(sqlite)).toEqual([]);
});

test('an id begins with its time and sorts by it', () => {
  const times = [0, 1, 63, 64, 1_795_000_000_000, 1_795_000_000_001, 2 ** 42 - 1];
  const ids = times.map(newJobId);
  expect(ids.map(createdMsOf)).toEqual(times);
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(/^[\w-]{21}$/);
  expect([createdMsOf('short'), createdMsOf('ä'.repeat(21))]).toEqual([undefined, undefined]);
});
