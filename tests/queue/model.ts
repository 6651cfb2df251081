import { copyFileSync } from 'node:fs';
import { expect } from 'vitest';
import { z } from 'zod';
import { drizzleOn, openSqlite } from '#server/db/open.ts';
import { createLog } from '#server/log.ts';
import type { JobChange } from '#server/queue/engine.ts';
import { LEAVE_BEHIND_MS } from '#server/queue/flight.ts';
import { defineJob, done, giveUp, retryLater } from '#server/queue/job.ts';
import type { JobContext, JobOutcome } from '#server/queue/job.ts';
import { createQueue } from '#server/queue/queue.ts';
import { makeClock } from '../support/clock.ts';
import { makeAlarms, turns } from './setup.ts';

export interface NewJobStep {
  project: number | null;
  priority: number;
  delayMs: number;
  key: number | null;
  maxAttempts: number;
  preempting: boolean;
}
export type Ending = 'done' | 'chain' | 'broken_chain' | 'throw' | 'retry_later' | 'give_up';
export type Step =
  | { do: 'enqueue' | 'enqueueRolledBack'; jobs: NewJobStep[] }
  | { do: 'end'; which: number; how: Ending }
  | { do: 'cancel' | 'retry' | 'runNow' | 'steal'; which: number }
  | { do: 'cancelProject'; project: number; rolledBack: boolean }
  | { do: 'settings'; paused: boolean; concurrency: number }
  | { do: 'advance'; ms: number }
  | { do: 'turns' | 'crash' }
  | { do: 'stop'; obey: boolean };

interface Row {
  rowid: number;
  id: string;
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
  /** What its end may be: anything until it is seen to end or a cancel was accepted. */
  mustEnd?: 'cancelled';
  terminal?: string;
}
interface Handler {
  context: JobContext<unknown>;
  end(outcome?: JobOutcome): void;
  fail(error: unknown): void;
  abortedAtMs?: number;
}

let boots = 0;
const isOver = (state: string) => state === 'succeeded' || state === 'failed' || state === 'cancelled';
const comesBefore = (a: Row, b: Row) => b.priority - a.priority || a.run_at - b.run_at || a.rowid - b.rowid;

/** One history: a real queue on a real file, what was acknowledged to its callers, and what must hold meanwhile. */
export function makeHistory(template: string, file: string) {
  copyFileSync(template, file);
  const clock = makeClock();
  const known = new Map<string, Known>();
  let host = boot();

  function boot() {
    const sqlite = openSqlite(file);
    const db = drizzleOn(sqlite);
    const alarms = makeAlarms(clock);
    const live = new Set<Handler>();
    const heard = new Map<string, string>();
    const problems: string[] = [];
    const bootId = `model-${boots++}`;
    const rows = () => sqlite.prepare('SELECT rowid, * FROM queue_jobs').all() as Row[];
    const run = (context: JobContext<unknown>) =>
      new Promise<JobOutcome | void>((resolve, reject) => {
        const handler: Handler = { context, end: resolve, fail: reject };
        context.signal.addEventListener('abort', () => (handler.abortedAtMs = clock.now()));
        problems.push(...problemsOfStart(handler, live, rows(), queue.settings(), clock.now(), known));
        live.add(handler);
      });
    const onChange = (change: JobChange) => heard.set(change.jobId, change.state);
    const definitions = [
      defineJob({ type: 'model.hold', payload: z.unknown(), run }),
      defineJob({ type: 'model.stop', payload: z.unknown(), preempts: ['model.hold'], run }),
    ];
    const log = createLog('silent');
    const queue = createQueue({ db, sqlite, clock, log, bootId, definitions, onChange, setAlarm: alarms.setAlarm, random: () => 0.5 });
    return { sqlite, db, live, heard, problems, queue, rows, bootId, advance: alarms.advance };
  }

  function insert(tx: Parameters<typeof host.queue.enqueue>[0], job: NewJobStep): string {
    const notBeforeMs = clock.now() + job.delayMs;
    const { jobId, inserted } = host.queue.enqueue(tx, {
      type: job.preempting ? 'model.stop' : 'model.hold',
      payload: null,
      projectId: job.project === null ? null : `p${job.project}`,
      priority: job.priority,
      runAtMs: notBeforeMs,
      maxAttempts: job.maxAttempts,
      ...(job.key === null ? {} : { dedupeKey: `k${job.key}` }),
    });
    if (inserted) known.set(jobId, { notBeforeMs });
    return jobId;
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
    const chained: NewJobStep = { project: null, priority: 0, delayMs: 0, key: null, maxAttempts: 1, preempting: false };
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

  function steal(jobId: string): void {
    host.sqlite
      .prepare(
        `UPDATE queue_jobs SET state = 'queued', locked_by = NULL WHERE id = ? AND state = 'running' AND cancel_requested_at IS NULL AND attempts < max_attempts`,
      )
      .run(jobId);
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
      if (handler.abortedAtMs !== undefined && clock.now() - handler.abortedAtMs >= LEAVE_BEHIND_MS) host.live.delete(handler);
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
    const running = [...host.live].map(({ context }) => context);
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
    else if (step.do === 'end') {
      if (handlers.length > 0) end(handlers[step.which % handlers.length]!, step.how);
    } else if (step.do === 'cancelProject') cancelProject(step.project, step.rolledBack);
    else if (step.do === 'settings') host.queue.updateSettings({ paused: step.paused, concurrency: step.concurrency });
    else if (step.do === 'advance') await advance(step.ms);
    else if (step.do === 'turns') await settle();
    else if (step.do === 'crash') {
      host.sqlite.close();
      reopen();
    } else if (step.do === 'stop') await stop(step.obey);
    else if (jobId !== undefined) {
      if (step.do === 'runNow' && host.queue.runNow(jobId)) known.get(jobId)!.notBeforeMs = 0;
      if (step.do === 'cancel') cancel(jobId);
      if (step.do === 'retry') retry(jobId);
      if (step.do === 'steal') steal(jobId);
    }
    check();
  }

  /** Quiet: every wake has been answered, only handlers and the clock are awaited. */
  async function settle(): Promise<void> {
    await turns();
    check();
    const rows = host.rows();
    const { paused, concurrency } = host.queue.settings();
    const inFlight = [...host.live].map(({ context }) => context);
    const busy = new Set(inFlight.map((context) => context.projectId));
    const claimable = rows.filter(
      (row) =>
        row.state === 'queued' &&
        row.run_at * 1000 <= clock.now() &&
        (row.project_id === null || !busy.has(row.project_id)) &&
        !inFlight.some((context) => context.jobId === row.id),
    );
    if (!paused && inFlight.length < concurrency) expect(claimable, 'a wake was lost').toEqual([]);
    for (const row of rows) {
      const heard = host.heard.get(row.id);
      // A row taken by force changes unannounced.
      if (heard !== undefined && !(heard === 'running' && row.state === 'queued'))
        expect(heard, 'an event differs from its row').toBe(row.state);
    }
  }

  function check(): void {
    expect(host.problems).toEqual([]);
    const rows = host.rows();
    expect(new Set(rows.map((row) => row.id)), 'acknowledged jobs').toEqual(new Set(known.keys()));
    const liveKeys = rows.filter((row) => !isOver(row.state) && row.dedupe_key !== null && row.cancel_requested_at === null);
    expect(new Set(liveKeys.map((row) => row.dedupe_key)).size, 'one live job per key').toBe(liveKeys.length);
    for (const row of rows) checkRow(row, known.get(row.id)!);
  }

  function checkRow(row: Row, job: Known): void {
    expect(row.attempts).toBeLessThanOrEqual(row.max_attempts);
    expect(row.locked_by === null).toBe(row.state !== 'running');
    if (row.state === 'queued') expect(row.attempts, 'a queued job has an attempt left').toBeLessThan(row.max_attempts);
    if (job.terminal) expect(row.state, 'an end is final').toBe(job.terminal);
    if (!isOver(row.state)) return;
    job.terminal = row.state;
    expect(row.dedupe_active).toBeNull();
    if (job.mustEnd) expect(row.state, 'a cancel that was accepted wins').toBe(job.mustEnd);
  }

  /** Lets everything end: each job must, in bounded time. */
  async function drain(): Promise<void> {
    host.queue.updateSettings({ paused: false, concurrency: 3 });
    for (let round = 0; round < 400 && host.rows().some((row) => !isOver(row.state)); round++) {
      for (const handler of [...host.live]) end(handler, 'done');
      await advance(1_000);
      await settle();
    }
    expect(
      host.rows().filter((row) => !isOver(row.state)),
      'jobs that never end',
    ).toEqual([]);
    const stopped = host.queue.stop(0);
    host.advance(0);
    await stopped;
    expect(host.sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
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
  const passedOver = rows.filter(
    (other) =>
      other.state === 'queued' &&
      other.run_at * 1000 <= nowMs &&
      (other.project_id === null || !busy.has(other.project_id)) &&
      !others.some(({ jobId }) => jobId === other.id) &&
      comesBefore(other, row) < 0,
  );
  const rules: [string, boolean][] = [
    ['its row is running this attempt', row.state === 'running' && row.attempts === context.attempt],
    ['no other handler has it', others.every(({ jobId }) => jobId !== context.jobId)],
    ['its project is free', context.projectId === null || others.every(({ projectId }) => projectId !== context.projectId)],
    ['there was room', others.length < settings.concurrency],
    ['the queue is not paused', !settings.paused],
    ['it is due', nowMs >= known.get(context.jobId)!.notBeforeMs],
    ['no cancel was accepted before', known.get(context.jobId)!.mustEnd === undefined],
    ['nothing that comes before it waits', passedOver.length === 0],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => `started ${context.jobId} although not: ${rule}`);
}
