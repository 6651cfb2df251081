import { expect, test } from 'vitest';
import { CONCURRENCY } from '../../scripts/soak/reports.ts';
import { runKillLoop } from '../../scripts/soak/kill-loop.ts';

// The same with another seed or for longer: `pnpm soak:kill -- 10000 --seed=N`.
const seed = Number(process.env['QUEUE_KILL_SEED'] ?? Date.now() % 2 ** 31);

test(`100 hosts killed at any moment lose and double nothing (seed ${seed})`, { timeout: 240_000 }, async () => {
  const { kills, accepted, taken, mostTakenAtOnce, killedWhileRecovering, problems } = await runKillLoop({ cycles: 100, seed });
  expect(problems).toEqual([]);
  // Otherwise it would have shown nothing: kills met work, and recoveries.
  expect([kills, accepted > 500, taken > 50, mostTakenAtOnce, killedWhileRecovering > 0]).toEqual([100, true, true, CONCURRENCY, true]);
});
