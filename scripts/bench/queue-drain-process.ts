import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Sqlite } from '#server/db/open.ts';
import { makeBenchFolder, openOurs, openTheirs, seedOurs, seedTheirs } from './queue-sides.ts';
import type { OurOptions } from './queue-sides.ts';

/** One drain, given as JSON in the first argument; prints a `Drain` as JSON. */
export interface DrainTask {
  side: 'doce' | 'plainjob';
  workers: number;
  jobs: number;
  /** What is different about doce this time. */
  change?: keyof typeof changes | undefined;
}
export interface Drain {
  perSecond: number;
  longestGapMs: number;
}

const WARM_UP_JOBS = 2_000;

const changes = {
  'a line logged': { run: async ({ log }) => log.info({ pages: 3 }, 'made the pages of the site') },
  'no counters': { change: dropCounters },
  'no attempts': { change: hideAttempts },
  'no listeners': { listens: false },
  'no syncs': { change: (sqlite) => void sqlite.pragma('synchronous = OFF') },
} satisfies Record<string, Omit<OurOptions, 'file'>>;

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

async function drain({ side, workers, jobs, change }: DrainTask, file: string): Promise<Drain> {
  return side === 'doce' ? drainOurs({ file, ...(change && changes[change]) }, workers, jobs) : drainTheirs(file, workers, jobs);
}

if (import.meta.main) {
  const task = JSON.parse(process.argv[2]!) as DrainTask;
  const { file, remove } = makeBenchFolder();
  await drain({ ...task, jobs: WARM_UP_JOBS }, file());
  process.stdout.write(JSON.stringify(await drain(task, file())));
  remove();
}
