import type { Clock } from '#server/clock.ts';

/** A clock that stands still until told. Starts at 2026-01-01T00:00:00Z. */
export function makeClock(startMs = Date.UTC(2026, 0, 1)): Clock & { advance(ms: number): void; set(ms: number): void } {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => void (nowMs += ms),
    set: (ms) => void (nowMs = ms),
  };
}
