import { readSync } from 'node:fs';
import { setImmediate as yieldTurn, setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '#server/clock.ts';
import { drizzleOn, openSqlite } from '#server/db/open.ts';
import { createLog } from '#server/log.ts';
import { createQueue } from '#server/queue/queue.ts';
import { makeEnqueuer } from './enqueuer.ts';
import { makeHandlers } from './handlers.ts';
import { makeRandom } from './random.ts';
import { CONCURRENCY, report } from './reports.ts';

// A host that is only its queue. Its parent kills it: file, boot id, seed, and whether it enqueues or drains.
const [file, bootId, seed, task] = process.argv.slice(2) as [string, string, string, 'enqueue' | 'drain'];
const BACKLOG = 150;

// Loaded, it waits for its turn.
readSync(0, Buffer.alloc(1));
report({ say: 'opening' });
const sqlite = openSqlite(file);
const db = drizzleOn(sqlite);
const queue = createQueue({
  db,
  sqlite,
  clock: systemClock,
  log: createLog('silent'),
  bootId,
  definitions: makeHandlers((tx, parentId) => void queue.enqueue(tx, { type: 'soak.followed', payload: { parentId } })),
  // No retry has to be waited for.
  random: () => 0,
  onChange({ jobId, state }) {
    if (state !== 'queued' && state !== 'running') report({ say: 'ended', id: jobId, state });
  },
});
const recovery = queue.recover();
const { stillRunning } = sqlite.prepare(`SELECT count(*) AS stillRunning FROM queue_jobs WHERE state = 'running'`).get() as {
  stillRunning: number;
};
report({ say: 'recovered', recovery, stillRunning });
queue.updateSettings({ concurrency: CONCURRENCY, paused: false });
queue.start();
await (task === 'drain' ? drain() : enqueueForEver());

async function enqueueForEver(): Promise<never> {
  const enqueuer = makeEnqueuer({ db, queue, random: makeRandom(Number(seed)) });
  for (;;) {
    while (!queue.settings().paused && queue.health().queued > BACKLOG) await wait(1);
    await enqueuer.act();
    await yieldTurn();
  }
}

async function drain(): Promise<void> {
  const live = sqlite.prepare(`SELECT 1 FROM queue_jobs WHERE state IN ('queued', 'running') LIMIT 1`);
  while (live.get()) await wait(20);
  await queue.stop(1_000);
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
  report({ say: 'drained' });
}
