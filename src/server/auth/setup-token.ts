import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '#server/clock.ts';

export const SETUP_TOKEN_MS = 30 * 60_000;

export interface SetupToken {
  /** The token that is good at this moment; a new one when the last has run out. */
  current(): string;
  /** Constant time. Always false for a token that has run out. */
  matches(candidate: string): boolean;
}

/**
 * The token that proves one reads the host's console. 128 random bits, good for 30 minutes.
 *
 * @param first Used instead of a random one until it runs out (`DOCE_SETUP_TOKEN`).
 * @param onRenewed Told each token that replaces one which ran out.
 */
export function createSetupToken({
  clock,
  first,
  onRenewed,
}: {
  clock: Clock;
  first: string | undefined;
  onRenewed: (token: string) => void;
}): SetupToken {
  let token = first ?? randomToken();
  let issuedAtMs = clock.now();

  function current(): string {
    const ageMs = clock.now() - issuedAtMs;
    // Negative: the clock jumped back. Its age is unknown then, so it is renewed too.
    if (ageMs >= 0 && ageMs < SETUP_TOKEN_MS) return token;
    token = randomToken();
    issuedAtMs = clock.now();
    onRenewed(token);
    return token;
  }

  return {
    current,
    matches: (candidate) => timingSafeEqual(digest(candidate), digest(current())),
  };
}

const randomToken = () => randomBytes(16).toString('base64url');
const digest = (text: string) => createHash('sha256').update(text).digest();
