import { expect, test } from 'vitest';
import { createMessageIds } from '#server/agent/message-id.ts';
import { makeClock } from '../support/clock.ts';

test('message ids have opencode’s form and its time stamp', () => {
  const nextId = createMessageIds(makeClock(1_795_374_399_073));
  // Recorded: opencode gave ids that begin with msg_204a73e… at this moment.
  expect(nextId()).toMatch(/^msg_204a73e[0-9a-f]{5}[0-9A-Za-z]{14}$/);
});

test('message ids ascend within a millisecond, over time, and when the clock is set back', () => {
  const clock = makeClock();
  const nextId = createMessageIds(clock);
  const ids: string[] = [];
  for (const step of [0, 0, 0, 1, 50, -10_000, 0, 3]) {
    clock.advance(step);
    ids.push(nextId());
  }
  expect(ids.map((id) => id.slice(0, 16))).toEqual(ids.map((id) => id.slice(0, 16)).toSorted());
  expect(new Set(ids.map((id) => id.slice(0, 16))).size).toBe(ids.length);
});
