import type { Clock } from '#server/clock.ts';
import { AppError } from '#server/errors.ts';

const MAX_ADDRESSES = 10_000;

interface Bucket {
  left: number;
  atMs: number;
}

/** How often an address may ask something that needs no login. In memory: a restart forgets. */
export interface RequestRate {
  /** @throws AppError `throttled`, with the seconds to wait. */
  admit(address: string): void;
}

/** @param options.burst How many requests may come at once; after them, `perSecond`. */
export function createRequestRate({ clock, burst, perSecond }: { clock: Clock; burst: number; perSecond: number }): RequestRate {
  const buckets = new Map<string, Bucket>();
  return {
    admit(address) {
      const nowMs = clock.now();
      const before = buckets.get(address) ?? { left: burst, atMs: nowMs };
      // A clock that jumped back gives nothing, and takes nothing.
      const gained = (Math.max(0, nowMs - before.atMs) / 1_000) * perSecond;
      const left = Math.min(burst, before.left + gained);
      // Re-inserting keeps the map in order of use, so that the one forgotten first is the one heard from longest ago.
      buckets.delete(address);
      buckets.set(address, { left: Math.max(0, left - 1), atMs: nowMs });
      if (buckets.size > MAX_ADDRESSES) buckets.delete(buckets.keys().next().value!);
      if (left < 1) throw new AppError('throttled', { retryAfterSeconds: Math.ceil((1 - left) / perSecond) });
    },
  };
}
