import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Drain, DrainTask } from './queue-drain-process.ts';
import { formatNumber, formatSpread, printTable } from './report.ts';
import type { Verdict } from './report.ts';
import { spreadOf } from './statistics.ts';

const JOBS = 20_000;
const LONG_DRAIN = 100_000;

/** How fast a backlog of jobs that do nothing is worked off, and for how long the page has to wait meanwhile. */
export async function benchDrain(rounds: number): Promise<Verdict[]> {
  const sides = {
    'plainjob, 1 worker': drainer({ side: 'plainjob', workers: 1 }),
    'doce, 1 worker': drainer({ side: 'doce', workers: 1 }),
    'plainjob, 10 workers': drainer({ side: 'plainjob', workers: 10 }),
    'doce, 10 workers': drainer({ side: 'doce', workers: 10 }),
    'doce, 10 workers, 100,000 jobs': drainer({ side: 'doce', workers: 10 }, LONG_DRAIN),
  };
  const measured = await alternate(sides, rounds);
  printDrains(`Drain of ${JOBS.toLocaleString('en')} jobs`, measured);
  const speed = (name: keyof typeof sides) => spreadOf(measured[name].map(({ perSecond }) => perSecond)).median;
  return [
    { what: 'drain, 1 worker ÷ plainjob', value: speed('doce, 1 worker') / speed('plainjob, 1 worker'), least: 1.5, unit: '×' },
    { what: 'drain, 10 workers ÷ plainjob', value: speed('doce, 10 workers') / speed('plainjob, 10 workers'), least: 8, unit: '×' },
    {
      what: 'longest event-loop gap in a drain of 100,000',
      value: spreadOf(measured['doce, 10 workers, 100,000 jobs'].map(({ longestGapMs }) => longestGapMs)).median,
      target: 25,
      unit: 'ms',
    },
  ];
}

/** The same drain with one part taken away, or one added. */
export async function benchParts(rounds: number): Promise<void> {
  const ten = (change?: DrainTask['change']) => drainer({ side: 'doce', workers: 10, change });
  const measured = await alternate(
    {
      'everything on': ten(),
      'and each job logs a line': ten('a line logged'),
      'without counters': ten('no counters'),
      'without attempts': ten('no attempts'),
      'without listeners': ten('no listeners'),
      'without waiting for the disk (synchronous=OFF)': ten('no syncs'),
    },
    rounds,
  );
  printDrains('What each part costs: doce, 10 workers', measured);
}

const run = promisify(execFile);

// In a process of its own, as the product has: what another side left on the heap is no part of this one's time.
function drainer(task: Omit<DrainTask, 'jobs'>, jobs = JOBS): (share: number) => Promise<Drain> {
  return async (share) => {
    const whole: DrainTask = { ...task, jobs: jobs * share };
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'queue-drain-process.ts'), JSON.stringify(whole)]);
    return JSON.parse(stdout) as Drain;
  };
}

const WARM_UP_SHARE = 0.1;

/** Runs every side once a round, in turn, after a tenth of a round that does not count. */
export async function alternate<K extends string, T>(
  sides: Record<K, (share: number) => Promise<T>>,
  rounds: number,
): Promise<Record<K, T[]>> {
  const names = Object.keys(sides) as K[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<K, T[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const sample = await sides[name](round === 0 ? WARM_UP_SHARE : 1);
      if (round > 0) measured[name].push(sample);
    }
  }
  return measured;
}

function printDrains(title: string, measured: Record<string, Drain[]>): void {
  printTable(
    [title, 'jobs/s', 'µs a job', 'longest gap, ms'],
    Object.entries(measured).map(([name, drains]) => {
      const perSecond = spreadOf(drains.map((drain) => drain.perSecond));
      const gap = spreadOf(drains.map((drain) => drain.longestGapMs));
      return [name, formatSpread(perSecond), formatNumber(1e6 / perSecond.median), formatSpread(gap)];
    }),
  );
}
