import type { Engine } from './engine.ts';
import type { Statements } from './statements.ts';
import { wholeSecond } from './timing.ts';

export interface QueueSettingsPatch {
  paused?: boolean;
  /** How many attempts may run at once, 1 … 100. */
  concurrency?: number;
}

export const MAX_CONCURRENCY = 100;

export function readSettings(statements: Statements): Engine['settings'] {
  const row = statements.readSettings.get();
  return { paused: row?.paused === 1, concurrency: row?.concurrency ?? 2 };
}

/** Stores the patch and returns what holds from here on. */
export function changeSettings(engine: Engine, patch: QueueSettingsPatch): Engine['settings'] {
  const { paused = engine.settings.paused, concurrency = engine.settings.concurrency } = patch;
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY) {
    throw new RangeError(`Concurrency must be a whole number from 1 to ${MAX_CONCURRENCY}.`);
  }
  engine.statements.writeSettings.run({ paused: paused ? 1 : 0, concurrency, now: wholeSecond(engine.clock.now()) });
  return { paused, concurrency };
}
