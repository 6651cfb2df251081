import { setImmediate as yieldTurn, setTimeout as wait } from 'node:timers/promises';
import { alternate } from './queue-drain.ts';
import { JOB_TYPE, openOurs, openTheirs } from './queue-sides.ts';
import { formatSpread, printTable } from './report.ts';
import type { Verdict } from './report.ts';
import { percentile, spreadOf } from './statistics.ts';

type Place = () => string;
const SINGLE = 2_000;
const BURSTS = 40;
const BURST = 100;
const PICKUPS = 300;
const THEIR_POLL_MS = 10;

/** How fast jobs are added, one by one and by a hundred callers at once. */
export async function benchEnqueue(rounds: number, place: Place): Promise<Verdict[]> {
  const job = { type: JOB_TYPE, payload: { n: 1 } };
  const measured = await alternate(
    {
      'one by one: plainjob': (share) => addTheirs(place(), SINGLE * share, (queue) => void queue.add(JOB_TYPE, { n: 1 })),
      'one by one: doce': (share) => addOurs(place(), SINGLE * share, async ({ queue, db }) => void queue.enqueue(db, job)),
      'bursts of 100: plainjob, add': (share) =>
        addTheirs(place(), BURSTS * share * BURST, (queue) => times(BURST, () => queue.add(JOB_TYPE, { n: 1 })), BURST),
      'bursts of 100: doce, enqueueAsync': (share) =>
        addOurs(place(), BURSTS * share * BURST, ({ queue }) => Promise.all(times(BURST, () => queue.enqueueAsync(job))), BURST),
      'bursts of 100 as one: plainjob, addMany': (share) =>
        addTheirs(
          place(),
          BURSTS * share * BURST,
          (queue) =>
            void queue.addMany(
              JOB_TYPE,
              times(BURST, () => ({ n: 1 })),
            ),
          BURST,
        ),
      'bursts of 100 as one: doce, enqueueMany': (share) =>
        addOurs(
          place(),
          BURSTS * share * BURST,
          async ({ queue, db }) =>
            void queue.enqueueMany(
              db,
              times(BURST, () => job),
            ),
          BURST,
        ),
    },
    rounds,
  );
  const rows = Object.entries(measured).map(([name, perSecond]) => [name, formatSpread(spreadOf(perSecond))]);
  printTable(['Enqueue, until told so', 'jobs/s'], rows);
  const speed = (name: keyof typeof measured) => spreadOf(measured[name]).median;
  return [
    { what: 'enqueue one by one ÷ plainjob', value: speed('one by one: doce') / speed('one by one: plainjob'), least: 0.75, unit: '×' },
    {
      what: 'enqueue in bursts of 100 ÷ plainjob',
      value: speed('bursts of 100: doce, enqueueAsync') / speed('bursts of 100: plainjob, add'),
      least: 15,
      unit: '×',
    },
  ];
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** Nothing runs; each addition is followed by what it leaves for later, such as telling listeners. */
async function addOurs(
  file: string,
  jobs: number,
  add: (side: ReturnType<typeof openOurs>) => Promise<unknown>,
  atOnce = 1,
): Promise<number> {
  const side = openOurs({ file });
  const beganAt = performance.now();
  for (let added = 0; added < jobs; added += atOnce) {
    await add(side);
    await yieldTurn();
  }
  const tookMs = performance.now() - beganAt;
  await side.close();
  return (jobs / tookMs) * 1000;
}

async function addTheirs(
  file: string,
  jobs: number,
  add: (queue: ReturnType<typeof openTheirs>['queue']) => unknown,
  atOnce = 1,
): Promise<number> {
  const { queue, close } = openTheirs(file);
  const beganAt = performance.now();
  for (let added = 0; added < jobs; added += atOnce) {
    add(queue);
    await yieldTurn();
  }
  const tookMs = performance.now() - beganAt;
  close();
  return (jobs / tookMs) * 1000;
}

interface Pickup {
  p50: number;
  p99: number;
}

/** From the end of an addition to the first line of the handler, when nothing else is to do. */
export async function benchPickup(rounds: number, place: Place): Promise<Verdict[]> {
  const measured = await alternate(
    {
      [`plainjob, polling every ${THEIR_POLL_MS} ms`]: (share) => pickUpTheirs(place(), PICKUPS * share),
      doce: (share) => pickUpOurs(place(), PICKUPS * share),
    },
    rounds,
  );
  const rows = Object.entries(measured).map(([name, pickups]) => [
    name,
    formatSpread(spreadOf(pickups.map(({ p50 }) => p50))),
    formatSpread(spreadOf(pickups.map(({ p99 }) => p99))),
  ]);
  printTable(['Pickup when idle, ms', 'p50', 'p99'], rows);
  const [theirs, ours] = Object.values(measured).map((pickups) => spreadOf(pickups.map(({ p99 }) => p99)).median) as [number, number];
  return [
    { what: 'pickup p99 when idle', value: ours, target: 1.5, unit: 'ms' },
    { what: 'pickup p99 when idle ÷ plainjob', value: ours / theirs, target: 0.2, unit: '×' },
  ];
}

async function pickUpOurs(file: string, count: number): Promise<Pickup> {
  let begun = () => {};
  const { queue, db, close } = openOurs({ file, run: async () => begun() });
  queue.start();
  const pickup = await measurePickup(count, (started) => {
    begun = started;
    queue.enqueue(db, { type: JOB_TYPE, payload: null });
  });
  await close();
  return pickup;
}

async function pickUpTheirs(file: string, count: number): Promise<Pickup> {
  const { queue, work, close } = openTheirs(file);
  let begun = () => {};
  const { stop } = work(
    1,
    THEIR_POLL_MS,
    () => begun(),
    () => {},
  );
  const pickup = await measurePickup(count, (started) => {
    begun = started;
    queue.add(JOB_TYPE, null);
  });
  await stop();
  close();
  return pickup;
}

async function measurePickup(count: number, add: (started: () => void) => void): Promise<Pickup> {
  const samples: number[] = [];
  for (let n = 0; n < count; n++) {
    // Any moment between two polls is as likely as another.
    await wait(1 + Math.random() * THEIR_POLL_MS);
    const { promise, resolve } = Promise.withResolvers<number>();
    add(() => resolve(performance.now()));
    const addedAt = performance.now();
    samples.push((await promise) - addedAt);
  }
  return { p50: percentile(samples, 50), p99: percentile(samples, 99) };
}
