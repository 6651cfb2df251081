import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pino from 'pino';
import { better, defineQueue, defineWorker } from 'plainjob';
import { z } from 'zod';
import { systemClock } from '#server/clock.ts';
import { startCheckpoints } from '#server/db/checkpoints.ts';
import { migrateDatabase } from '#server/db/migrate.ts';
import { drizzleOn, openSqlite } from '#server/db/open.ts';
import type { Db, Sqlite } from '#server/db/open.ts';
import { createEvents } from '#server/events/events.ts';
import { createLog } from '#server/log.ts';
import { defineJob } from '#server/queue/job.ts';
import type { JobContext } from '#server/queue/job.ts';
import { newJobId } from '#server/queue/job-id.ts';
import { createChangeFeed } from '#server/queue/monitor/change-feed.ts';
import { createQueue } from '#server/queue/queue.ts';
import type { Queue } from '#server/queue/queue.ts';

export const JOB_TYPE = 'bench.work';

/** Folders of databases, gone when the bench is over. */
export function makeBenchFolder(): { file(): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'doce-bench-queue-'));
  let files = 0;
  return { file: () => join(folder, `${files++}.sqlite`), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface OurSide {
  db: Db;
  sqlite: Sqlite;
  queue: Queue;
  close(): Promise<void>;
}

export interface OurOptions {
  file: string;
  /** What a job does: nothing, unless said. */
  run?(context: JobContext<unknown>): Promise<void>;
  /** Runs between the migration and the queue, to take a part of it away and see what that part costs. */
  change?(sqlite: Sqlite): void;
  /** Whether anyone hears of changes, as the open pages do. */
  listens?: boolean;
}

/** The queue as the host makes it: attempts, counters and logs on, changes and log lines told to an open page. */
export function openOurs({ file, run = async () => {}, change, listens = true }: OurOptions): OurSide {
  const sqlite = openSqlite(file);
  migrateDatabase(sqlite, { migrationsFolder: 'drizzle', backupFolder: tmpdir() });
  change?.(sqlite);
  const db = drizzleOn(sqlite);
  const log = createLog('info', pino.destination('/dev/null'));
  const checkpoints = startCheckpoints(sqlite, log);
  const events = createEvents({ db, clock: systemClock, log });
  events.subscribe(() => {});
  const feed = createChangeFeed((changed) => events.announce('queue.changed', null, { ...changed }));
  const queue = createQueue({
    db,
    sqlite,
    clock: systemClock,
    log,
    bootId: 'bench',
    definitions: [defineJob({ type: JOB_TYPE, payload: z.unknown(), run })],
    ...(listens ? { onChange: ({ jobId }) => feed.note(jobId), onLog: (line) => events.announce('job.log', null, { ...line }) } : {}),
    onLull: checkpoints.lull,
  });
  return {
    db,
    sqlite,
    queue,
    async close() {
      feed.stop();
      await queue.stop(1_000);
      checkpoints.stop();
      sqlite.close();
      removeDatabase(file);
    },
  };
}

const silent = { error() {}, warn() {}, info() {}, debug() {} };

export interface TheirSide {
  sqlite: Sqlite;
  queue: ReturnType<typeof defineQueue>;
  /** Workers that poll every `pollMs`. Stops them at the end. */
  work(count: number, pollMs: number, onStart: (id: number) => void, onDone: () => void): { stop(): Promise<void> };
  close(): void;
}

/** plainjob on the same driver and the same durability; it sets synchronous=NORMAL by itself. */
export function openTheirs(file: string): TheirSide {
  const sqlite = new Database(file);
  const queue = defineQueue({ connection: better(sqlite as never), logger: silent });
  sqlite.pragma('synchronous = FULL');
  return {
    sqlite,
    queue,
    work(count, pollMs, onStart, onDone) {
      const options = { queue, pollIntervall: pollMs, logger: silent, onCompleted: onDone };
      const workers = Array.from({ length: count }, () => defineWorker(JOB_TYPE, async ({ id }) => onStart(id), options));
      for (const worker of workers) void worker.start();
      return { stop: async () => void (await Promise.all(workers.map((worker) => worker.stop()))) };
    },
    close() {
      queue.close();
      removeDatabase(file);
    },
  };
}

// Else the system writes it out in the middle of the next measurement.
function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
}

const numbers = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @count)';

/** Queued rows as an enqueue makes them, due one second after the other. */
export function seedOurs(
  sqlite: Sqlite,
  { count, priority = 0, dueInS = -100_000 }: { count: number; priority?: number; dueInS?: number },
) {
  const nowMs = Date.now();
  sqlite.function('bench_id', { deterministic: false }, (n) => newJobId(nowMs + Math.floor(Number(n) / 10)));
  sqlite
    .prepare(
      `${numbers} INSERT INTO queue_jobs (id, type, state, payload_json, priority, run_at, created_at, updated_at)
       SELECT bench_id(i), '${JOB_TYPE}', 'queued', '{"n":1}', @priority, @nowS + @dueInS + i / 1000, @nowS, @nowS FROM n`,
    )
    .run({ count, priority, dueInS, nowS: Math.floor(nowMs / 1000) });
}

export function seedTheirs(sqlite: Sqlite, count: number): void {
  const now = Date.now();
  sqlite
    .prepare(
      `${numbers} INSERT INTO plainjob_jobs (type, data, created_at, next_run_at) SELECT '${JOB_TYPE}', '{"n":1}', @now, @now - 100000 FROM n`,
    )
    .run({ count, now });
}
