import { z } from 'zod';
import { createLog } from '#server/log.ts';
import { createQueue } from '#server/queue/queue.ts';
import type { QueueOptions } from '#server/queue/queue.ts';
import { defineJob } from '#server/queue/job.ts';
import type { JobContext, JobDefinition, JobOutcome } from '#server/queue/job.ts';
import type { JobChange } from '#server/queue/engine.ts';
import type { SetAlarm } from '#server/queue/timing.ts';
import { makeClock } from '../support/clock.ts';
import { makeDatabase } from '../support/database.ts';

/** Timers that ring as `advance` lets time pass; like real ones they heed no clock that is set. */
export function makeAlarms(clock: ReturnType<typeof makeClock>) {
  let passedMs = 0;
  const pending = new Set<{ atMs: number; ring: () => void }>();
  const setAlarm: SetAlarm = (delayMs, ring) => {
    const alarm = { atMs: passedMs + delayMs, ring };
    pending.add(alarm);
    return () => void pending.delete(alarm);
  };
  const advance = (ms: number) => {
    clock.advance(ms);
    passedMs += ms;
    for (const alarm of [...pending]) if (alarm.atMs <= passedMs && pending.delete(alarm)) alarm.ring();
  };
  return { setAlarm, advance, pending, passedMs: () => passedMs };
}

/** A handler the test finishes by hand: `work.hold` jobs (`held`, or another type) wait until told how to end. */
export function makeHolder() {
  type Held = { context: JobContext<unknown>; end(outcome?: JobOutcome): void; fail(error: unknown): void };
  const held = new Map<string, Held>();
  const order: string[] = [];
  const waiting = new Map<string, (held: Held) => void>();
  const run = (context: JobContext<unknown>) =>
    new Promise<JobOutcome | void>((resolve, reject) => {
      const job = { context, end: resolve, fail: reject };
      order.push(context.jobId);
      held.set(context.jobId, job);
      waiting.get(context.jobId)?.(job);
      waiting.delete(context.jobId);
    });
  const definition = (type: string, extra: Partial<JobDefinition> = {}) => defineJob({ type, payload: z.unknown(), run, ...extra });
  /** The job's latest attempt, once it has started. */
  const started = (jobId: string): Promise<Held> => {
    const job = held.get(jobId);
    return job ? Promise.resolve(job) : new Promise((resolve) => waiting.set(jobId, resolve));
  };
  return { definition, held, order, started, forget: (jobId: string) => held.delete(jobId) };
}

/**
 * Lets the pump take the turns it has scheduled, while something is in flight. Three would do; a turn that the machine
 * interrupts for longer than its budget yields and takes another.
 */
export async function turns(): Promise<void> {
  for (let i = 0; i < 12; i++) await new Promise((resolve) => setImmediate(resolve));
}

let boots = 0;

export function setup(options: Partial<QueueOptions> & { file?: string; clock?: ReturnType<typeof makeClock> } = {}) {
  const { file, clock = makeClock(), ...rest } = options;
  const { db, sqlite } = makeDatabase(file);
  const alarms = makeAlarms(clock);
  const holder = makeHolder();
  const changes: JobChange[] = [];
  const ran: unknown[] = [];
  const note = defineJob({ type: 'work.note', payload: z.unknown(), run: async ({ payload }) => void ran.push(payload) });
  const queue = createQueue({
    db,
    sqlite,
    clock,
    log: createLog('silent'),
    bootId: `boot-${boots++}`,
    definitions: [note, holder.definition('work.hold')],
    onChange: (change) => changes.push(change),
    setAlarm: alarms.setAlarm,
    random: () => 0.5,
    ...rest,
  });
  const state = (jobId: string) => queue.find(jobId)?.state;
  const add = (type: string, extra: Partial<Parameters<typeof queue.enqueue>[1]> = {}) =>
    queue.enqueue(db, { type, payload: null, ...extra }).jobId;
  return { db, sqlite, clock, ...alarms, holder, changes, ran, queue, state, add };
}
