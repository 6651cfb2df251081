import { copyFileSync } from 'node:fs';
import { expect } from 'vitest';
import { z } from 'zod';
import { drizzleOn, openSqlite } from '#server/db/open.ts';
import type { Sqlite } from '#server/db/open.ts';
import { createLog } from '#server/log.ts';
import type { JobChange } from '#server/queue/engine.ts';
import { LEAVE_BEHIND_MS } from '#server/queue/flight.ts';
import { defineJob, done, giveUp, retryLater } from '#server/queue/job.ts';
import type { JobContext, JobOutcome } from '#server/queue/job.ts';
import type { EnqueueInput } from '#server/queue/enqueue.ts';
import { createQueue } from '#server/queue/queue.ts';
import { makeClock } from '../support/clock.ts';
import { miscounted } from './counters.ts';
import { makeAlarms, turns } from './setup.ts';

export interface NewJobStep {
  project: number | null;
  priority: number;
  delayMs: number;
  key: number | null;
  successor: boolean;
  maxAttempts: number;
  kind: 'hold' | 'few' | 'stop';
}
export type Ending = 'done' | 'chain' | 'broken_chain' | 'throw' | 'retry_later' | 'give_up';
export type Step =
  | { do: 'enqueue' | 'enqueueRolledBack' | 'enqueueMany' | 'enqueueAsync'; jobs: NewJobStep[] }
  | { do: 'end'; which: number; how: Ending }
  | { do: 'cancel' | 'retry' | 'runNow' | 'unlock' | 'expire'; which: number }
  | { do: 'cancelProject'; project: number; rolledBack: boolean }
  | { do: 'settings'; paused: boolean; concurrency: number }
  | { do: 'advance' | 'setClock'; ms: number }
  | { do: 'turns' | 'crash' }
  | { do: 'addAtStart'; job: NewJobStep }
  | { do: 'stop'; obey: boolean };

interface Row {
  rowid: number;
  id: string;
  type: string;
  state: string;
  project_id: string | null;
  priority: number;
  attempts: number;
  max_attempts: number;
  run_at: number;
  dedupe_key: string | null;
  dedupe_active: string | null;
  cancel_requested_at: number | null;
  locked_by: string | null;
}
interface Known {
  notBeforeMs: number;
  /** It began before its caller was told that it is added. */
  beganAtMs?: number;
  /** Added by a handler in its first line, when others had been claimed with it. */
  isLate?: boolean;
  /** What its end may be: anything until it is seen to end or a cancel was accepted. */
  mustEnd?: 'cancelled';
  terminal?: string;
}
interface Handler {
  context: JobContext<unknown>;
  end(outcome?: JobOutcome): void;
  fail(error: unknown): void;
  /** By the alarms' time. */
  abortedAtMs?: number;
}

let boots = 0;
const isOver = (state: string) => state === 'succeeded' || state === 'failed' || state === 'cancelled';
/** The next minute's job comes for ever. */
const mustStillEnd = (row: Row) => !isOver(row.state) && row.type !== 'model.minute';
const kindOf = (jobId: string, rows: readonly Row[]) => rows.find(({ id }) => id === jobId)?.type;
const comesBefore = (a: Row, b: Row) => b.priority - a.priority || a.run_at - b.run_at || a.rowid - b.rowid;

// Asked thousands of times a history: an `expect` costs 10 µs.
function must(holds: boolean, rule: string, seen?: unknown): void {
  if (!holds) throw new Error(`Broken: ${rule} ${JSON.stringify(seen) ?? ''}`);
}

/** One history: a real queue on a real file, what was acknowledged to its callers, and what must hold meanwhile. */
export function makeHistory(template: string, file: string) {
  copyFileSync(template, file);
  const clock = makeClock();
  const known = new Map<string, Known>();
  /** What the next handler adds in its first line. */
  let atStart: NewJobStep | undefined;
  let host = boot();

  function boot() {
    const sqlite = openSqlite(file);
    // A crash here is that of the process: what was committed is in the file.
    sqlite.pragma('synchronous = OFF');
    const db = drizzleOn(sqlite);
    const alarms = makeAlarms(clock);
    const live = new Set<Handler>();
    const heard = new Map<string, string>();
    const problems: string[] = [];
    const bootId = `model-${boots++}`;
    const selectRows = sqlite.prepare<[], Row>('SELECT rowid, * FROM queue_jobs');
    const rows = () => selectRows.all();
    const checkHistory = historyOf(sqlite);
    const run = (context: JobContext<unknown>) =>
      new Promise<JobOutcome | void>((resolve, reject) => {
        const handler: Handler = { context, end: resolve, fail: reject };
        context.signal.addEventListener('abort', () => (handler.abortedAtMs = alarms.passedMs()));
        const rowsNow = rows();
        if (!known.has(context.jobId)) known.set(context.jobId, { notBeforeMs: 0, beganAtMs: clock.now() });
        problems.push(...problemsOfStart(handler, live, rowsNow, queue.settings(), clock.now(), known));
        live.add(handler);
        // Its time has come once; a clock that is set back does not undo that.
        known.get(context.jobId)!.notBeforeMs = 0;
        context.log.info('began');
        const more = atStart;
        atStart = undefined;
        const late = more && known.get(insert(db, more));
        if (late) late.isLate = true;
      });
    const onChange = (change: JobChange) => heard.set(change.jobId, change.state);
    const definitions = [
      defineJob({ type: 'model.hold', payload: z.unknown(), run }),
      defineJob({ type: 'model.few', payload: z.unknown(), concurrency: 1, timeoutMs: 10_000, run }),
      defineJob({ type: 'model.stop', payload: z.unknown(), preempts: ['model.hold', 'model.few'], run }),
      defineJob({ type: 'model.minute', payload: z.unknown(), run }),
    ];
    const schedules = [{ name: 'minute', cron: '* * * * *', type: 'model.minute', timezone: 'UTC' }];
    const { setAlarm } = alarms;
    const log = createLog('silent');
    const queue = createQueue({ db, sqlite, clock, log, bootId, definitions, schedules, onChange, setAlarm, random: () => 0.5 });
    return { sqlite, db, live, heard, problems, queue, rows, bootId, checkHistory, advance: alarms.advance, passedMs: alarms.passedMs };
  }

  function insert(tx: Parameters<typeof host.queue.enqueue>[0], job: NewJobStep): string {
    const notBeforeMs = clock.now() + job.delayMs;
    const { jobId, inserted } = host.queue.enqueue(tx, inputOf(job, notBeforeMs));
    if (inserted) known.set(jobId, { notBeforeMs });
    return jobId;
  }

  function inputOf(job: NewJobStep, notBeforeMs: number): EnqueueInput {
    return {
      type: `model.${job.kind}`,
      payload: null,
      projectId: job.project === null ? null : `p${job.project}`,
      priority: job.priority,
      runAtMs: notBeforeMs,
      maxAttempts: job.maxAttempts,
      ...(job.key === null ? {} : { dedupeKey: `k${job.key}`, successor: job.successor }),
    };
  }

  /** All in one commit; `async` ones are acknowledged after it. */
  async function enqueueTogether(jobs: readonly NewJobStep[], inTurn: boolean): Promise<void> {
    const times = jobs.map((job) => clock.now() + job.delayMs);
    const inputs = jobs.map((job, at) => inputOf(job, times[at]!));
    const added = inTurn
      ? await Promise.all(inputs.map((input) => host.queue.enqueueAsync(input)))
      : host.queue.enqueueMany(host.db, inputs);
    added.forEach(({ jobId, inserted }, at) => {
      if (!inserted) return;
      const early = known.get(jobId);
      must(early === undefined || (early.beganAtMs ?? 0) >= times[at]!, 'a job begins when it is due', early);
      known.set(jobId, early ?? { notBeforeMs: times[at]! });
    });
  }

  function enqueue(jobs: readonly NewJobStep[], rolledBack: boolean): void {
    const before = new Map(known);
    try {
      host.db.transaction(
        (tx) => {
          for (const job of jobs) insert(tx, job);
          if (rolledBack) tx.rollback();
        },
        { behavior: 'immediate' },
      );
    } catch (error) {
      if (!rolledBack) throw error;
      for (const id of known.keys()) if (!before.has(id)) known.delete(id);
    }
  }

  function end(handler: Handler, how: Ending): void {
    host.live.delete(handler);
    const chained: NewJobStep = { project: null, priority: 0, delayMs: 0, key: null, successor: false, maxAttempts: 1, kind: 'hold' };
    if (how === 'throw') return handler.fail(new Error('model'));
    if (how === 'retry_later') return handler.end(retryLater(1_500));
    if (how === 'give_up') return handler.end(giveUp('model'));
    if (how === 'done') return handler.end();
    handler.end(
      done((tx) => {
        const jobId = insert(tx, chained);
        if (how === 'chain') return;
        known.delete(jobId);
        throw new Error('broken chain');
      }),
    );
  }

  function cancel(jobId: string): void {
    const result = host.queue.cancel(jobId);
    if (result === 'cancelling' || result === 'cancelled') known.get(jobId)!.mustEnd = 'cancelled';
    else expect(isOver(host.rows().find((row) => row.id === jobId)!.state)).toBe(true);
  }

  function retry(jobId: string): void {
    if (host.queue.retry(jobId) === 'queued') known.set(jobId, { notBeforeMs: 0 });
  }

  function unlock(jobId: string): void {
    const before = host.rows().find(({ id }) => id === jobId)!;
    expect(host.queue.unlock(jobId)).toBe(before.state === 'running' ? 'unlocked' : 'not_running');
    expect(host.rows().find(({ id }) => id === jobId)!.attempts).toBe(before.attempts);
  }

  /** A lease that ran out under a handler of this process is no reason to run the job twice. */
  function expire(jobId: string): void {
    host.sqlite.prepare(`UPDATE queue_jobs SET lock_expires_at = 0 WHERE id = ? AND state = 'running'`).run(jobId);
  }

  /** Timers do not hear of it: within the pump's longest sleep it has to notice by itself. */
  async function setClock(ms: number): Promise<void> {
    clock.advance(ms);
    await advance(5_000);
  }

  function cancelProject(project: number, rolledBack: boolean): void {
    try {
      host.db.transaction((tx) => {
        host.queue.cancelProjectJobs(tx, `p${project}`);
        if (rolledBack) tx.rollback();
      });
    } catch (error) {
      if (!rolledBack) throw error;
    }
  }

  async function advance(ms: number): Promise<void> {
    host.advance(ms);
    for (const handler of host.live) {
      if (handler.abortedAtMs !== undefined && host.passedMs() - handler.abortedAtMs >= LEAVE_BEHIND_MS) host.live.delete(handler);
    }
    await turns();
  }

  function reopen(): void {
    host = boot();
    host.queue.recover();
    expect(host.rows().filter((row) => row.state === 'running')).toEqual([]);
    host.queue.start();
  }

  async function stop(obey: boolean): Promise<void> {
    const before = new Map(host.rows().map((row) => [row.id, row]));
    // One that had run out of time, or been told to end, was charged before.
    const running = [...host.live].filter(({ abortedAtMs }) => abortedAtMs === undefined).map(({ context }) => context);
    const stopped = host.queue.stop(15_000);
    if (obey) for (const handler of host.live) handler.fail(handler.context.signal.reason);
    await turns();
    host.advance(15_000);
    await stopped;
    for (const { jobId, attempt } of running) {
      const row = host.rows().find(({ id }) => id === jobId)!;
      if (row.state === 'queued' && before.get(jobId)!.state === 'running')
        expect(row.attempts, 'stopping charges nobody').toBe(attempt - 1);
    }
    host.sqlite.close();
    reopen();
  }

  async function take(step: Step): Promise<void> {
    const ids = [...known.keys()];
    const handlers = [...host.live];
    const jobId = 'which' in step ? ids[step.which % Math.max(1, ids.length)] : undefined;
    if (step.do === 'enqueue' || step.do === 'enqueueRolledBack') enqueue(step.jobs, step.do === 'enqueueRolledBack');
    else if (step.do === 'enqueueMany' || step.do === 'enqueueAsync') await enqueueTogether(step.jobs, step.do === 'enqueueAsync');
    else if (step.do === 'end') {
      if (handlers.length > 0) end(handlers[step.which % handlers.length]!, step.how);
    } else if (step.do === 'addAtStart') atStart = step.job;
    else if (step.do === 'cancelProject') cancelProject(step.project, step.rolledBack);
    else if (step.do === 'settings') host.queue.updateSettings({ paused: step.paused, concurrency: step.concurrency });
    else if (step.do === 'advance') await advance(step.ms);
    else if (step.do === 'setClock') await setClock(step.ms);
    else if (step.do === 'turns') await settle();
    else if (step.do === 'crash') {
      host.sqlite.close();
      reopen();
    } else if (step.do === 'stop') await stop(step.obey);
    else if (jobId !== undefined) {
      if (step.do === 'runNow' && host.queue.runNow(jobId)) known.get(jobId)!.notBeforeMs = 0;
      if (step.do === 'cancel') cancel(jobId);
      if (step.do === 'retry') retry(jobId);
      if (step.do === 'unlock') unlock(jobId);
      if (step.do === 'expire') expire(jobId);
    }
    check();
  }

  /** Quiet: every wake has been answered, only handlers and the clock are awaited. */
  async function settle(): Promise<void> {
    await turns();
    check();
    for (const job of known.values()) job.isLate = false;
    const rows = host.rows();
    const { paused, concurrency } = host.queue.settings();
    const inFlight = [...host.live].map(({ context }) => context);
    const busy = new Set(inFlight.map((context) => context.projectId));
    const claimable = rows.filter(
      (row) =>
        row.state === 'queued' &&
        row.run_at * 1000 <= clock.now() &&
        (row.project_id === null || !busy.has(row.project_id)) &&
        row.dedupe_active !== 'successor' &&
        !(row.type === 'model.few' && inFlight.some((context) => kindOf(context.jobId, rows) === 'model.few')) &&
        !inFlight.some((context) => context.jobId === row.id),
    );
    if (!paused && inFlight.length < concurrency) expect(claimable, 'a wake was lost').toEqual([]);
    for (const row of rows) {
      const heard = host.heard.get(row.id);
      if (heard !== undefined) expect(heard, 'an event differs from its row').toBe(row.state);
    }
    const next = host.sqlite.prepare<[], { at: number }>('SELECT next_run_at_ms AS at FROM queue_schedules').get();
    if (next) expect(next.at - clock.now(), 'a schedule was passed over, or sleeps too long').toSatisfy((ms) => ms > 0 && ms <= 660_000);
  }

  function check(): void {
    must(host.problems.length === 0, 'every start was right', host.problems);
    const rows = host.rows();
    const recurring = rows.filter(({ type }) => type === 'model.minute');
    for (const { id } of recurring) if (!known.has(id)) known.set(id, { notBeforeMs: 0 });
    must(
      recurring.filter((row) => !isOver(row.state) && row.cancel_requested_at === null).length <= 1,
      'a recurring job never piles up',
      recurring,
    );
    must(rows.length === known.size && rows.every(({ id }) => known.has(id)), 'the rows are the acknowledged jobs');
    const keyed = rows.filter((row) => !isOver(row.state) && row.dedupe_key !== null && row.cancel_requested_at === null);
    const successors = keyed.filter((row) => row.dedupe_active === 'successor').map((row) => row.dedupe_key);
    const actives = keyed.filter((row) => row.dedupe_active === 'active').map((row) => row.dedupe_key);
    must(keyed.length === actives.length + successors.length, 'every live job with a key holds it or waits for it', keyed);
    must(new Set(actives).size === actives.length, 'one live job per key', keyed);
    must(new Set(successors).size === successors.length, 'one successor per key', keyed);
    host.checkHistory();
    for (const row of rows) checkRow(row, known.get(row.id)!);
  }

  function checkRow(row: Row, job: Known): void {
    must(row.attempts <= row.max_attempts, 'attempts stay within their number', row);
    must((row.locked_by === null) === (row.state !== 'running'), 'it is locked exactly while it runs', row);
    must(row.state !== 'queued' || row.attempts < row.max_attempts, 'a queued job has an attempt left', row);
    must(job.terminal === undefined || row.state === job.terminal, 'an end is final', row);
    if (!isOver(row.state)) return;
    job.terminal = row.state;
    must(row.dedupe_active === null, 'a finished job holds no key', row);
    must(job.mustEnd === undefined || row.state === job.mustEnd, 'a cancel that was accepted wins', row);
  }

  /** Lets everything end: each job must, in bounded time. */
  async function drain(): Promise<void> {
    host.queue.updateSettings({ paused: false, concurrency: 3 });
    for (let round = 0; round < 400 && host.rows().some(mustStillEnd); round++) {
      for (const handler of [...host.live]) end(handler, 'done');
      // A clock that was set back by hours has left jobs that far ahead.
      await advance(round < 40 ? 1_000 : 300_000);
      await settle();
    }
    expect(host.rows().filter(mustStillEnd), 'jobs that never end').toEqual([]);
    const stopped = host.queue.stop(0);
    host.advance(0);
    await stopped;
    expect(host.sqlite.pragma('quick_check', { simple: true })).toBe('ok');
  }

  return { start: () => host.queue.start(), take, drain, close: () => host.sqlite.close() };
}

function problemsOfStart(
  { context }: Handler,
  live: ReadonlySet<Handler>,
  rows: readonly Row[],
  settings: { paused: boolean; concurrency: number },
  nowMs: number,
  known: ReadonlyMap<string, Known>,
): string[] {
  const others = [...live].map((handler) => handler.context);
  const row = rows.find(({ id }) => id === context.jobId)!;
  const busy = new Set(rows.filter(({ state }) => state === 'running').map((other) => other.project_id));
  for (const other of others) busy.add(other.projectId);
  const fews = new Set(others.filter(({ jobId }) => kindOf(jobId, rows) === 'model.few').map(({ jobId }) => jobId));
  const isFewBusy = fews.size > 0 || rows.some(({ type, state }) => type === 'model.few' && state === 'running');
  const passedOver = rows.filter(
    (other) =>
      other.state === 'queued' &&
      other.run_at * 1000 <= nowMs &&
      (other.project_id === null || !busy.has(other.project_id)) &&
      other.dedupe_active !== 'successor' &&
      !(other.type === 'model.few' && isFewBusy) &&
      !others.some(({ jobId }) => jobId === other.id) &&
      !known.get(other.id)?.isLate &&
      comesBefore(other, row) < 0,
  );
  const rules: [string, boolean][] = [
    ['its row is running this attempt', row.state === 'running' && row.attempts === context.attempt],
    ['no other handler has it', others.every(({ jobId }) => jobId !== context.jobId)],
    ['its project is free', context.projectId === null || others.every(({ projectId }) => projectId !== context.projectId)],
    ['its type has room', row.type !== 'model.few' || fews.size === 0],
    ['it waits for no predecessor', row.dedupe_active !== 'successor'],
    ['there was room', others.length < settings.concurrency],
    ['the queue is not paused', !settings.paused],
    ['it is due', nowMs >= known.get(context.jobId)!.notBeforeMs && nowMs >= row.run_at * 1000],
    ['no cancel was accepted before', known.get(context.jobId)!.mustEnd === undefined],
    ['nothing that comes before it waits', passedOver.length === 0],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => `started ${context.jobId} although not: ${rule}`);
}

/** What is kept beside the jobs says the same as they do, after every step. */
function historyOf(sqlite: Sqlite): () => void {
  const apart = sqlite.prepare(miscounted);
  const astray = sqlite.prepare(
    `SELECT job_id AS id, attempt, worker FROM queue_job_attempts WHERE outcome IS NULL
     EXCEPT SELECT id, attempts, locked_by FROM queue_jobs WHERE state = 'running'`,
  );
  const unwritten = `(SELECT count(*) FROM queue_jobs WHERE state = 'running')
    - (SELECT count(*) FROM queue_job_attempts WHERE outcome IS NULL)`;
  const attempts = sqlite.prepare(
    `SELECT count(*) + ${unwritten} AS claimed, count(outcome) AS ended, count(*) FILTER (WHERE outcome = 'succeeded') AS succeeded,
       count(*) FILTER (WHERE outcome IS NOT NULL AND outcome <> 'lost' AND log_json IS NULL) AS silent FROM queue_job_attempts`,
  );
  const minutes = sqlite.prepare(
    `SELECT coalesce(sum(claimed), 0) AS claimed, coalesce(sum(succeeded + failed + cancelled + retried), 0) AS ended,
       coalesce(sum(succeeded), 0) AS succeeded, 0 AS silent FROM queue_minutes`,
  );
  const twice = sqlite.prepare(
    `SELECT jobs.id FROM queue_jobs AS jobs JOIN queue_job_attempts AS attempts ON attempts.job_id = jobs.id
     WHERE attempts.outcome = 'succeeded' GROUP BY jobs.id HAVING count(*) > 1 OR jobs.state <> 'succeeded'`,
  );
  const same = (one: unknown, other: unknown, rule: string) => must(JSON.stringify(one) === JSON.stringify(other), rule, { one, other });
  return () => {
    same(apart.all(), [], 'counters equal the rows');
    same(astray.all(), [], 'an attempt is open only while its job runs');
    same(minutes.get(), attempts.get(), 'minutes equal the attempts, and each has its log');
    same(twice.all(), [], 'a job succeeds once');
  };
}
