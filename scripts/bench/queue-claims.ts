import { openOurs, seedOurs } from './queue-sides.ts';
import type { OurSide } from './queue-sides.ts';
import { formatSpread, printTable } from './report.ts';
import type { Verdict } from './report.ts';
import { percentile, spreadOf } from './statistics.ts';

const FEW = 1_000;
const MANY = 1_000_000;
const DELAYED = 100_000;
const CLAIMS = 300;

/**
 * What a long backlog does to a claim. One job after the other is claimed, run and ended, and the time between two beginnings is
 * taken, without waiting for the disk so that nothing hides behind it.
 */
export async function benchClaims(rounds: number, place: () => string): Promise<Verdict[]> {
  const few = openBacklog(place(), FEW);
  const many = openBacklog(place(), MANY);
  const samples: Record<string, { few: number[]; many: number[] }> = {};
  const measure = async (name: string) => {
    const taken = (samples[name] = { few: [] as number[], many: [] as number[] });
    for (let round = 0; round <= rounds; round++) {
      const [fewMs, manyMs] = round % 2 === 0 ? [await few.claim(), await many.claim()] : await inReverse(few, many);
      if (round === 0) continue;
      taken.few.push(fewMs * 1000);
      taken.many.push(manyMs * 1000);
    }
  };
  const plain = 'queued rows only';
  const delayed = `${DELAYED.toLocaleString('en')} delayed rows of a higher priority in front`;
  const analyzed = 'the same after ANALYZE';
  await measure(plain);
  seedOurs(many.sqlite, { count: DELAYED, priority: 5, dueInS: 86_400 });
  await measure(delayed);
  for (const { sqlite } of [few, many]) sqlite.exec('ANALYZE');
  await measure(analyzed);
  for (const side of [few, many]) await side.close();

  const rows = Object.entries(samples).map(([name, taken]) => [
    name,
    formatSpread(spreadOf(taken.few)),
    formatSpread(spreadOf(taken.many)),
  ]);
  printTable(['Claim, run and end one job, p50, µs', '1,000 queued', '1,000,000 queued'], rows);
  return Object.entries(samples).map(([name, taken]) => ({
    what: `claim at 1,000,000 ÷ at 1,000, ${name}`,
    value: spreadOf(taken.many).median / spreadOf(taken.few).median,
    target: 1.3,
    unit: '×' as const,
  }));
}

interface Backlog extends OurSide {
  /** Works off some jobs, puts as many back, and says how long one took at the median, in milliseconds. */
  claim(): Promise<number>;
}

async function inReverse(few: Backlog, many: Backlog): Promise<[number, number]> {
  const manyMs = await many.claim();
  return [await few.claim(), manyMs];
}

function openBacklog(file: string, count: number): Backlog {
  let begun: number[] = [];
  let full = () => {};
  const side = openOurs({
    file,
    change: (sqlite) => void sqlite.pragma('synchronous = OFF'),
    run: async () => {
      if (begun.push(performance.now()) === CLAIMS) full();
    },
  });
  const { queue, sqlite } = side;
  seedOurs(sqlite, { count });
  queue.updateSettings({ concurrency: 1, paused: true });
  queue.start();
  return {
    ...side,
    async claim() {
      begun = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      full = () => {
        queue.updateSettings({ paused: true });
        resolve();
      };
      queue.updateSettings({ paused: false });
      await promise;
      await queue.whenIdle();
      seedOurs(sqlite, { count: CLAIMS });
      return percentile(
        begun.slice(1).map((at, index) => at - begun[index]!),
        50,
      );
    },
  };
}
