import { randomInt } from 'node:crypto';
import type { Clock } from '#server/clock.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Makes message ids of our own in opencode's format: `msg_`, the low 48 bits of (epoch ms × 4096 + counter) as 12 hex digits,
 * 14 random letters. opencode sorts messages by id, so ours must ascend and must not lie after the answer's
 * (anomalyco/opencode, packages/opencode/src/id/id.ts).
 */
export function createMessageIds(clock: Clock): () => string {
  let last = 0n;
  return () => {
    const now = BigInt(clock.now()) * 4096n + 1n;
    last = now > last ? now : last + 1n;
    const stamp = BigInt.asUintN(48, last).toString(16).padStart(12, '0');
    return `msg_${stamp}${Array.from({ length: 14 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
  };
}
