import { setImmediate as nextTick } from 'node:timers/promises';

const HOLD_LOOP_MS = 8;

/** Makes a function to be awaited between short pieces of synchronous work: every few milliseconds others get their turn. */
export function createGiveWay(): () => Promise<void> {
  let heldSinceMs = Date.now();
  return async () => {
    if (Date.now() - heldSinceMs < HOLD_LOOP_MS) return;
    await nextTick();
    heldSinceMs = Date.now();
  };
}
