import { z } from 'zod';
import { queueJobStates } from '#server/db/schema.ts';
import { chartRanges } from '#server/queue/monitor/series.ts';
import { endpoint } from '../_endpoint.ts';
import { QueueSettingsShape } from './_shapes.ts';

const Capped = z.object({ count: z.number().int(), atLeast: z.boolean() });
const ms = z.number().nullable();

const Stats = z.object({
  counts: z.record(z.enum(queueJobStates), z.number().int()),
  total: z.number().int(),
  /** Waiting, and due for a minute or longer. Counted up to a thousand. */
  late: Capped,
  /** Waiting, and not due yet. */
  scheduled: Capped,
  oldestWaiting: z.object({ id: z.string(), type: z.string(), dueSince: z.iso.datetime() }).nullable(),
  lastDay: z.object({ succeeded: z.number(), failed: z.number(), cancelled: z.number(), retried: z.number() }),
  /** What the last start found running although its host had died. */
  lastRecovery: z
    .object({ at: z.iso.datetime(), requeued: z.number(), failed: z.number(), cancelled: z.number(), lost: z.number() })
    .nullable(),
  /** Jobs that come by the clock, the soonest first. */
  recurring: z.array(
    z.object({ name: z.string(), type: z.string(), cron: z.string(), next: z.iso.datetime(), lastJobId: z.string().nullable() }),
  ),
  settings: QueueSettingsShape,
  series: z.object({
    range: z.enum(chartRanges),
    slotMs: z.number().int(),
    slots: z.array(
      z.object({
        start: z.iso.datetime(),
        succeeded: z.number(),
        failed: z.number(),
        cancelled: z.number(),
        retried: z.number(),
        waitP50Ms: ms,
        waitP95Ms: ms,
        runP50Ms: ms,
        runP95Ms: ms,
      }),
    ),
  }),
});

export const GET = endpoint(
  {
    auth: 'session',
    summary:
      'Counts by state, what is late, the last day, the last recovery, recurring jobs, and throughput and latency over the last hour or day.',
    query: z.object({ range: z.enum(chartRanges).default('hour'), type: z.string().max(100).optional() }),
    response: z.object({ stats: Stats }),
  },
  ({ query, services }) => {
    const { oldestWaiting, lastRecovery, recurring, ...numbers } = services.monitor.numbers();
    const { slots, ...series } = services.monitor.series(query.range, query.type);
    const iso = (atMs: number) => new Date(atMs).toISOString();
    const stats: z.infer<typeof Stats> = {
      ...numbers,
      oldestWaiting: oldestWaiting ? { id: oldestWaiting.id, type: oldestWaiting.type, dueSince: iso(oldestWaiting.dueSinceMs) } : null,
      lastRecovery: lastRecovery ? withTime(lastRecovery, iso(lastRecovery.atMs)) : null,
      recurring: recurring.map(({ nextAtMs, ...job }) => ({ ...job, next: iso(nextAtMs) })),
      settings: services.queue.settings(),
      series: { ...series, slots: slots.map(({ startMs, ...slot }) => ({ start: iso(startMs), ...slot })) },
    };
    return { body: { stats } };
  },
);

function withTime<T extends { atMs: number }>({ atMs: _ms, ...rest }: T, at: string): Omit<T, 'atMs'> & { at: string } {
  return { at, ...rest };
}
