import { benchClaims } from './queue-claims.ts';
import { benchDrain, benchParts } from './queue-drain.ts';
import { benchIdle } from './queue-idle.ts';
import { benchEnqueue, benchPickup } from './queue-latency.ts';
import { makeBenchFolder } from './queue-sides.ts';
import type { BenchOptions, Verdict } from './report.ts';

/** The queue beside plainjob, on the same driver and the same disk, both with synchronous=FULL. */
export async function benchQueue({ rounds }: BenchOptions): Promise<Verdict[]> {
  const { file, remove } = makeBenchFolder();
  try {
    const drain = await benchDrain(rounds);
    await benchParts(rounds);
    const enqueue = await benchEnqueue(rounds, file);
    const claims = await benchClaims(rounds, file);
    const pickup = await benchPickup(rounds, file);
    return [...drain, ...enqueue, ...claims, ...pickup, ...(await benchIdle())];
  } finally {
    remove();
  }
}
