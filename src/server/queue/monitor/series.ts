import type { Prepare } from './job-source.ts';

export const chartRanges = ['hour', 'day'] as const;
export type ChartRange = (typeof chartRanges)[number];

/** What ended in one slot of time, and how long it had waited and run: 95 of 100 took no longer. Null where nothing ended. */
export interface Slot {
  startMs: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  retried: number;
  waitP50Ms: number | null;
  waitP95Ms: number | null;
  runP50Ms: number | null;
  runP95Ms: number | null;
}

export interface Series {
  range: ChartRange;
  slotMs: number;
  slots: Slot[];
}

const MINUTE_MS = 60_000;
const shapes: Record<ChartRange, { slotMs: number; slots: number }> = {
  hour: { slotMs: MINUTE_MS, slots: 60 },
  day: { slotMs: 15 * MINUTE_MS, slots: 96 },
};
/** Minutes are written a moment after they end. */
const SETTLED_MS = 2 * MINUTE_MS;
const KEPT_SLOTS = 2_000;
const BUCKETS = 24;

interface MinuteRow {
  minuteMs: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  retried: number;
  waitBuckets: string;
  runBuckets: string;
}

/** Reads the charts. A slot that can no longer change is kept, so that a day costs the minutes since the last look. */
export function createSeriesReader(prepare: Prepare): (range: ChartRange, type: string | undefined, nowMs: number) => Series {
  const kept = new Map<string, Slot>();

  return (range, type, nowMs) => {
    const { slotMs, slots: count } = shapes[range];
    const lastMs = Math.floor(nowMs / slotMs) * slotMs;
    const starts = Array.from({ length: count }, (_, index) => lastMs - (count - 1 - index) * slotMs);
    const keyOf = (startMs: number) => `${slotMs}|${startMs}|${type ?? ''}`;
    const firstMissing = starts.find((startMs) => !kept.has(keyOf(startMs)));
    const fresh = firstMissing === undefined ? new Map<number, Slot>() : readSlots(prepare, firstMissing, slotMs, type);
    const slots = starts.map((startMs) => kept.get(keyOf(startMs)) ?? fresh.get(startMs) ?? emptySlot(startMs));
    for (const slot of slots) if (slot.startMs + slotMs + SETTLED_MS <= nowMs) kept.set(keyOf(slot.startMs), slot);
    for (const key of kept.keys()) {
      if (kept.size <= KEPT_SLOTS) break;
      kept.delete(key);
    }
    return { range, slotMs, slots };
  };
}

function readSlots(prepare: Prepare, fromMs: number, slotMs: number, type: string | undefined): Map<number, Slot> {
  const rows = prepare(
    `SELECT minute_ms AS minuteMs, succeeded, failed, cancelled, retried, wait_buckets AS waitBuckets, run_buckets AS runBuckets
     FROM queue_minutes WHERE minute_ms >= ?${type === undefined ? '' : ' AND type = ?'}`,
  ).all(...(type === undefined ? [fromMs] : [fromMs, type])) as MinuteRow[];
  const bySlot = Map.groupBy(rows, ({ minuteMs }) => Math.floor(minuteMs / slotMs) * slotMs);
  return new Map([...bySlot].map(([startMs, minutes]) => [startMs, sumUp(startMs, minutes)]));
}

function sumUp(startMs: number, minutes: readonly MinuteRow[]): Slot {
  const total = (key: 'succeeded' | 'failed' | 'cancelled' | 'retried') => minutes.reduce((sum, minute) => sum + minute[key], 0);
  const wait = addBuckets(minutes.map(({ waitBuckets }) => waitBuckets));
  const run = addBuckets(minutes.map(({ runBuckets }) => runBuckets));
  return {
    startMs,
    succeeded: total('succeeded'),
    failed: total('failed'),
    cancelled: total('cancelled'),
    retried: total('retried'),
    waitP50Ms: percentileOf(wait, 0.5),
    waitP95Ms: percentileOf(wait, 0.95),
    runP50Ms: percentileOf(run, 0.5),
    runP95Ms: percentileOf(run, 0.95),
  };
}

const emptySlot = (startMs: number) => sumUp(startMs, []);

function addBuckets(lists: readonly string[]): number[] {
  const sums = new Array<number>(BUCKETS).fill(0);
  for (const json of lists) (JSON.parse(json) as number[]).forEach((count, index) => (sums[index] = (sums[index] ?? 0) + count));
  return sums;
}

/**
 * The duration that `share` of the counted ones do not exceed, in ms, by linear interpolation within its bucket. Bucket i holds
 * [2^(i−1), 2^i) ms, the first what took less than 1 ms. Null when nothing was counted.
 */
export function percentileOf(buckets: readonly number[], share: number): number | null {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let left = share * total;
  for (const [index, count] of buckets.entries()) {
    if (count > 0 && left <= count) {
      const [from, to] = index === 0 ? [0, 1] : [2 ** (index - 1), 2 ** index];
      return from + (to - from) * (left / count);
    }
    left -= count;
  }
  return 2 ** (buckets.length - 1);
}
