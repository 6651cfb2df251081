import type { Statements } from './statements.ts';

/** How an attempt ended, as the charts count it: `retried` is every end after which its job waits again. */
export type Ending = 'succeeded' | 'failed' | 'cancelled' | 'retried';

export interface Minute {
  minuteMs: number;
  type: string;
  claimed: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  retried: number;
  waitMsSum: number;
  runMsSum: number;
  waitBuckets: number[];
  runBuckets: number[];
}

/** Counts attempts by the minute and type. Everything is written inside the transaction that makes it true. */
export interface Minutes {
  /** @param waitMs From when the job was due until it was claimed. */
  claimed(type: string, atMs: number, waitMs: number): void;
  ended(type: string, atMs: number, ending: Ending, runMs: number): void;
  /** Stores what was counted since the last call. Call it before the commit. */
  write(): void;
  /** Drops what is remembered: call it after a rollback, or where a caller may yet roll back. */
  forget(): void;
}

export const MINUTE_MS = 60_000;
export const BUCKETS = 24;

/** Bucket i counts durations from 2^(i−1) to below 2^i milliseconds; 0 is below 1 ms, 23 has no upper end. */
export function bucketOf(ms: number): number {
  return ms < 1 ? 0 : Math.min(BUCKETS - 1, 32 - Math.clz32(Math.min(ms, 2 ** 31)));
}

/** The remembered minutes equal their rows, so that a tick writes them without reading. */
export function createMinutes(statements: Statements): Minutes {
  const latest = new Map<string, Minute>();
  const unwritten = new Set<Minute>();

  function minuteOf(type: string, atMs: number): Minute {
    const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    const known = latest.get(type);
    const minute = known?.minuteMs === minuteMs ? known : load(minuteMs, type);
    latest.set(type, minute);
    unwritten.add(minute);
    return minute;
  }

  function load(minuteMs: number, type: string): Minute {
    const row = statements.readMinute.get(minuteMs, type);
    return row ? { ...row, waitBuckets: JSON.parse(row.waitBuckets), runBuckets: JSON.parse(row.runBuckets) } : emptyMinute(minuteMs, type);
  }

  return {
    claimed(type, atMs, waitMs) {
      const minute = minuteOf(type, atMs);
      minute.claimed++;
      minute.waitMsSum += Math.max(0, waitMs);
      minute.waitBuckets[bucketOf(waitMs)]!++;
    },
    ended(type, atMs, ending, runMs) {
      const minute = minuteOf(type, atMs);
      minute[ending]++;
      minute.runMsSum += Math.max(0, runMs);
      minute.runBuckets[bucketOf(runMs)]!++;
    },
    write() {
      for (const minute of unwritten) {
        const { minuteMs, type, claimed, succeeded, failed, cancelled, retried, waitMsSum, runMsSum } = minute;
        const [waits, runs] = [`[${minute.waitBuckets.join()}]`, `[${minute.runBuckets.join()}]`];
        statements.writeMinute.run(minuteMs, type, claimed, succeeded, failed, cancelled, retried, waitMsSum, runMsSum, waits, runs);
      }
      unwritten.clear();
    },
    forget() {
      latest.clear();
      unwritten.clear();
    },
  };
}

function emptyMinute(minuteMs: number, type: string): Minute {
  const counts = { claimed: 0, succeeded: 0, failed: 0, cancelled: 0, retried: 0, waitMsSum: 0, runMsSum: 0 };
  return { minuteMs, type, ...counts, waitBuckets: Array<number>(BUCKETS).fill(0), runBuckets: Array<number>(BUCKETS).fill(0) };
}
