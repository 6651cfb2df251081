import { join } from 'node:path';
import { openSqlite } from '#server/db/open.ts';
import { makeApi } from '../../tests/e2e/support/api.ts';
import { makeDataDir, startApp } from '../../tests/e2e/support/app.ts';
import { RARE_TYPE, seedQueue } from '../../tests/support/seed-queue.ts';
import { formatNumber, printTable } from './report.ts';
import type { BenchOptions, Verdict } from './report.ts';
import { expectStatus } from './scene.ts';
import { percentile } from './statistics.ts';

const JOBS = 1_000_000;
const TARGET_MS = 150;
const REQUESTS_A_ROUND = 8;
const TYPE = 'turn.send';

/** From the request to the last byte of a page of the monitor, over a million jobs: the first page, each filter, far pages, text. */
export async function benchMonitor({ rounds }: BenchOptions): Promise<Verdict[]> {
  const { dataDir, remove } = makeDataDir();
  let app = await startApp(dataDir);
  try {
    await expectStatus(makeApi(app).setup(), 201);
    await app.stop();
    const seeded = seed(dataDir);
    app = await startApp(dataDir);
    const api = makeApi(app);
    await expectStatus(api.login(), 201);
    await expectStatus(api.call('PATCH', '/api/queue/settings', { paused: true }), 200);
    const pages = addresses(seeded);
    const samples = new Map(pages.map(({ what }) => [what, [] as number[]]));
    for (let round = 0; round <= rounds; round++) {
      for (const { what, path } of pages) {
        for (let request = 0; request < REQUESTS_A_ROUND; request++) {
          const ms = await timePage(app.origin + path, api.cookie());
          if (round > 0) samples.get(what)!.push(ms);
        }
      }
    }
    printTable(
      ['ms', 'p50', 'p95', 'longest'],
      pages.map(({ what }) => [what, ...[50, 95, 100].map((percent) => formatNumber(percentile(samples.get(what)!, percent)))]),
    );
    return pages.map(({ what }) => ({
      what: `monitor, ${what}: p95`,
      value: percentile(samples.get(what)!, 95),
      target: TARGET_MS,
      unit: 'ms',
    }));
  } finally {
    await app.stop();
    remove();
  }
}

/** A queued and an ended job, and places half way through. */
interface Seeded {
  queuedId: string;
  failedId: string;
  middleRunAt: number;
}

function seed(dataDir: string): Seeded {
  const sqlite = openSqlite(join(dataDir, 'db.sqlite'));
  sqlite.exec(`INSERT INTO queue_settings (id, paused, updated_at) VALUES (1, 1, 0) ON CONFLICT (id) DO UPDATE SET paused = 1`);
  seedQueue(sqlite, { jobs: JOBS, nowMs: Date.now() });
  const one = <T>(sql: string) => sqlite.prepare(sql).pluck().get() as T;
  const seeded = {
    queuedId: one<string>(`SELECT id FROM queue_jobs WHERE rowid = ${JOBS - 100}`),
    failedId: one<string>(`SELECT id FROM queue_jobs WHERE state = 'failed' ORDER BY rowid DESC LIMIT 1`),
    middleRunAt: one<number>(`SELECT run_at FROM queue_jobs WHERE rowid = ${JOBS / 2}`),
  };
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
  return seeded;
}

function addresses({ queuedId, failedId, middleRunAt }: Seeded): { what: string; path: string }[] {
  return [
    { what: 'first page', path: '/queue' },
    { what: 'last day', path: '/queue?range=day' },
    ...['queued', 'running', 'succeeded', 'failed', 'cancelled'].map((state) => ({ what: state, path: `/queue?state=${state}` })),
    { what: 'late first', path: '/queue?state=queued&order=oldest' },
    { what: 'a type', path: `/queue?type=${TYPE}` },
    { what: 'a rare type', path: `/queue?type=${RARE_TYPE}` },
    { what: 'a state of a type', path: `/queue?state=failed&type=${TYPE}` },
    { what: 'a project', path: '/queue?projectId=seed-project-7' },
    { what: 'a state of a project', path: '/queue?projectId=seed-project-7&state=cancelled' },
    { what: 'a far page', path: `/queue?cursor=r${JOBS / 2}` },
    { what: 'a far page of a state', path: `/queue?state=succeeded&cursor=d${middleRunAt}-${JOBS / 2}` },
    { what: 'text, found', path: '/queue?q=dev+server' },
    { what: 'text, nowhere', path: '/queue?q=nothing-like-this' },
    { what: 'text, nowhere, in a state', path: '/queue?q=nothing-like-this&state=failed' },
    { what: 'an id', path: `/queue?q=${failedId}` },
    { what: 'a job that waits', path: `/queue/${queuedId}` },
    { what: 'a job that failed', path: `/queue/${failedId}` },
    { what: 'what is fetched live', path: `/fragments/queue/live?top=r${JOBS - 50}&ids=${queuedId},${failedId}` },
  ];
}

async function timePage(url: string, cookie: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(url, { headers: { cookie, accept: 'text/html' } });
  const text = await response.text();
  const ms = performance.now() - startedAt;
  if (response.status !== 200 || text.length < 1_000) throw new Error(`${url} answered ${response.status} with ${text.length} characters.`);
  return ms;
}
