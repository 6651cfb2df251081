import type { Clock } from '#server/clock.ts';
import { AppError } from '#server/errors.ts';
import { networkOf } from './network-address.ts';

export const FREE_FAILURES = 5;
const FIRST_PAUSE_MS = 30_000;
export const LONGEST_PAUSE_MS = 15 * 60_000;
const FORGET_AFTER_MS = 60 * 60_000;
const MAX_ADDRESSES = 10_000;
export const VERIFICATIONS_PER_MINUTE = 20;
const MINUTE_MS = 60_000;

interface Failures {
  count: number;
  lastAtMs: number;
  blockedUntilMs: number;
}

export interface Throttle {
  /** @throws AppError `throttled` while the address is in its pause. */
  check(address: string): void;
  /** Counts a failure: five are free, then pauses of 30 s doubling to 15 min. */
  recordFailure(address: string): void;
  /**
   * Admits one password verification and counts it as failed until `forgive`, so that a hundred guesses sent at once
   * cannot all pass before the first one has failed.
   *
   * @throws AppError `throttled`, with the seconds to wait.
   */
  admitVerification(address: string): void;
  forgive(address: string): void;
  /** How many addresses are remembered; never more than 10 000. */
  size(): number;
}

/** Slows guessing down per address and overall. In memory: a restart forgets, which a guesser cannot cause. */
export function createThrottle({ clock }: { clock: Clock }): Throttle {
  const byNetwork = new Map<string, Failures>();
  let verifications: number[] = [];

  function failuresOf(network: string, nowMs: number): Failures | undefined {
    const failures = byNetwork.get(network);
    if (!failures) return undefined;
    // A clock that jumped back must not turn a short pause into a long one, nor end it.
    failures.lastAtMs = Math.min(failures.lastAtMs, nowMs);
    failures.blockedUntilMs = Math.min(failures.blockedUntilMs, nowMs + LONGEST_PAUSE_MS);
    if (nowMs - failures.lastAtMs < FORGET_AFTER_MS) return failures;
    byNetwork.delete(network);
    return undefined;
  }

  function check(address: string): void {
    const nowMs = clock.now();
    const failures = failuresOf(networkOf(address), nowMs);
    if (failures && failures.blockedUntilMs > nowMs) refuse(failures.blockedUntilMs - nowMs);
  }

  function recordFailure(address: string): void {
    const nowMs = clock.now();
    const network = networkOf(address);
    const failures = failuresOf(network, nowMs) ?? { count: 0, lastAtMs: nowMs, blockedUntilMs: 0 };
    failures.count += 1;
    failures.lastAtMs = nowMs;
    const pauses = failures.count - FREE_FAILURES;
    if (pauses >= 0) failures.blockedUntilMs = nowMs + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** pauses);
    // Re-inserting keeps the map in order of use, so that the one forgotten first is the one heard from longest ago.
    byNetwork.delete(network);
    byNetwork.set(network, failures);
    if (byNetwork.size > MAX_ADDRESSES) byNetwork.delete(byNetwork.keys().next().value!);
  }

  function takeVerification(): void {
    const nowMs = clock.now();
    verifications = verifications.map((atMs) => Math.min(atMs, nowMs)).filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (verifications.length >= VERIFICATIONS_PER_MINUTE) refuse(verifications[0]! + MINUTE_MS - nowMs);
    verifications.push(nowMs);
  }

  return {
    check,
    recordFailure,
    admitVerification(address) {
      check(address);
      takeVerification();
      recordFailure(address);
    },
    forgive: (address) => void byNetwork.delete(networkOf(address)),
    size: () => byNetwork.size,
  };
}

function refuse(waitMs: number): never {
  throw new AppError('throttled', { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
}
