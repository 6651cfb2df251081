/** Rings once, `delayMs` from now; the returned function silences it. */
export type SetAlarm = (delayMs: number, ring: () => void) => () => void;

export const timerAlarm: SetAlarm = (delayMs, ring) => {
  const timer = setTimeout(ring, delayMs);
  return () => clearTimeout(timer);
};

const BACKOFF_BASE_MS = 2_000;
const BACKOFF_CAP_MS = 5 * 60_000;

/**
 * How long a failed attempt waits: uniformly between 0 and min(5 min, 2 s × 2^(attempt − 1)), the "full jitter" of
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.
 *
 * @param attempt The attempt that failed, from 1.
 * @param random In [0, 1).
 */
export function retryDelayMs(attempt: number, random: number): number {
  return random * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
}

/** The second that has begun: what `run_at` is compared with, and what every other time column gets. */
export function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000);
}

/** `run_at` for a job due at `runAtMs`: rounded up when that lies ahead, so that it never runs early, else down, so that it runs at once. */
export function dueSecond(runAtMs: number, nowMs: number): number {
  return Math.max(0, runAtMs > nowMs ? Math.ceil(runAtMs / 1000) : wholeSecond(runAtMs));
}
