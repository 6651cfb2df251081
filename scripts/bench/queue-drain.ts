import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Sqlite } from '#server/db/open.ts';
import { formatNumber, formatSpread, printTable } from './report.ts';
import type { Verdict } from './report.ts';
import { openOurs, openTheirs, seedOurs, seedTheirs } from './queue-sides.ts';
import type { OurOptions } from './queue-sides.ts';
import { spreadOf } from './statistics.ts';

const JOBS = 20_000;
const LONG_DRAIN = 100_000;

interface Drain {
  perSecond: number;
  longestGapMs: number;
}
type Place = () => string;

/** How fast a backlog of jobs that do nothing is worked off, and for how long the page has to wait meanwhile. */
export async function benchDrain(rounds: number, place: Place): Promise<Verdict[]> {
  const sides = {
    'plainjob, 1 worker': (share: number) => drainTheirs(place(), 1, JOBS * share),
    'doce, 1 worker': (share: number) => drainOurs({ file: place() }, 1, JOBS * share),
    'plainjob, 10 workers': (share: number) => drainTheirs(place(), 10, JOBS * share),
    'doce, 10 workers': (share: number) => drainOurs({ file: place() }, 10, JOBS * share),
    'doce, 10 workers, 100,000 jobs': (share: number) => drainOurs({ file: place() }, 10, LONG_DRAIN * share),
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
export async function benchParts(rounds: number, place: Place): Promise<void> {
  const ten = (options: Omit<OurOptions, 'file'>) => (share: number) => drainOurs({ file: place(), ...options }, 10, JOBS * share);
  const measured = await alternate(
    {
      'everything on': ten({}),
      'and each job logs a line': ten({ run: async ({ log }) => log.info({ pages: 3 }, 'made the pages of the site') }),
      'without counters': ten({ change: dropCounters }),
      'without attempts': ten({ change: hideAttempts }),
      'without listeners': ten({ listens: false }),
      'without waiting for the disk (synchronous=OFF)': ten({ change: (sqlite) => void sqlite.pragma('synchronous = OFF') }),
    },
    rounds,
  );
  printDrains('What each part costs: doce, 10 workers', measured);
}

async function drainOurs(options: OurOptions, workers: number, jobs: number): Promise<Drain> {
  const { sqlite, queue, close } = openOurs(options);
  seedOurs(sqlite, { count: jobs });
  queue.updateSettings({ concurrency: workers });
  return measureDrain(jobs, close, async () => {
    queue.start();
    await queue.whenIdle();
    const left = sqlite.prepare(`SELECT count(*) FROM queue_jobs WHERE state <> 'succeeded'`).pluck().get();
    if (left !== 0) throw new Error(`${left} jobs were not worked off.`);
  });
}

async function drainTheirs(file: string, workers: number, jobs: number): Promise<Drain> {
  const { sqlite, work, close } = openTheirs(file);
  seedTheirs(sqlite, jobs);
  return measureDrain(jobs, close, async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let done = 0;
    const { stop } = work(
      workers,
      10,
      () => {},
      () => {
        if (++done === jobs) resolve();
      },
    );
    await promise;
    await stop();
  });
}

async function measureDrain(jobs: number, close: () => void | Promise<void>, drain: () => Promise<void>): Promise<Drain> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  // What made the backlog is not waited for any more.
  await new Promise((resolve) => setTimeout(resolve, 50));
  delay.enable();
  // It only counts from its second tick on.
  await new Promise((resolve) => setTimeout(resolve, 10));
  const beganAt = performance.now();
  await drain();
  const tookMs = performance.now() - beganAt;
  // The gap that the drain ended in is only seen by the next tick.
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  await close();
  return { perSecond: (jobs / tookMs) * 1000, longestGapMs: delay.max / 1e6 };
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

function dropCounters(sqlite: Sqlite): void {
  for (const name of sqlite.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all()) {
    sqlite.exec(`DROP TRIGGER ${name}`);
  }
}

/** Puts a view in the table's place that takes every write and keeps nothing. */
function hideAttempts(sqlite: Sqlite): void {
  const columns = (sqlite.pragma('table_info(queue_job_attempts)') as { name: string }[]).map(({ name }) => `NULL AS ${name}`);
  sqlite.exec(`
    DROP TABLE queue_job_attempts;
    CREATE VIEW queue_job_attempts AS SELECT ${columns.join(', ')} WHERE 0;
    CREATE TRIGGER attempts_insert INSTEAD OF INSERT ON queue_job_attempts BEGIN SELECT 1; END;
    CREATE TRIGGER attempts_update INSTEAD OF UPDATE ON queue_job_attempts BEGIN SELECT 1; END;
    CREATE TRIGGER attempts_delete INSTEAD OF DELETE ON queue_job_attempts BEGIN SELECT 1; END;`);
}
