import type { Sqlite } from '#server/db/open.ts';

/** What lies in a seeded queue, by position from the oldest job: the types, and a rare one at the very beginning. */
export const SEED_TYPES = ['runtime.start', 'runtime.stop', 'turn.send', 'project.prepare', 'deploy.build'] as const;
export const RARE_TYPE = 'project.delete';
export const RARE_JOBS = 5;

export interface QueueSeed {
  jobs: number;
  nowMs: number;
  projects?: number;
}

/**
 * Fills an empty queue by plain SQL: one job a second up to now, nine tenths done, one in sixteen failed, the newest thirty-second
 * queued (a quarter of those not due yet); counters, a day of minutes, attempts of the newest thousand. A million take some 15 s.
 */
export function seedQueue(sqlite: Sqlite, { jobs, nowMs, projects = 50 }: QueueSeed): void {
  const indexes = sqlite
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'queue_jobs' AND sql IS NOT NULL`)
    .all() as { name: string; sql: string }[];
  const triggers = sqlite
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'queue_jobs'`)
    .all() as typeof indexes;
  const now = Math.floor(nowMs / 1000);
  const bound = (values: Record<string, number | string>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, typeof value === 'number' ? BigInt(value) : value]));
  const insertAll = sqlite.transaction(() => {
    for (const { name } of triggers) sqlite.exec(`DROP TRIGGER "${name}"`);
    for (const { name } of indexes) sqlite.exec(`DROP INDEX "${name}"`);
    sqlite
      .prepare(insertJobs)
      .run(bound({ jobs, now, projects, types: JSON.stringify(SEED_TYPES), rareType: RARE_TYPE, rareJobs: RARE_JOBS }));
    for (const { sql } of [...indexes, ...triggers]) sqlite.exec(sql);
    sqlite.exec(`DELETE FROM queue_counters`);
    sqlite.exec(`INSERT INTO queue_counters (type, queued, running, succeeded, failed, cancelled)
      SELECT type, sum(state = 'queued'), sum(state = 'running'), sum(state = 'succeeded'), sum(state = 'failed'), sum(state = 'cancelled')
      FROM queue_jobs GROUP BY type`);
    sqlite.prepare(insertMinutes).run(bound({ nowMs, types: JSON.stringify(SEED_TYPES) }));
    sqlite.prepare(insertAttempts).run(bound({ jobs }));
  });
  insertAll.immediate();
}

const insertJobs = `
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @jobs)
  INSERT INTO queue_jobs (id, type, state, project_id, payload_json, priority, attempts, max_attempts, run_at, cancelled_at, last_error,
    created_at, updated_at)
  SELECT lower(hex(randomblob(10))) || 'j',
    iif(i <= @rareJobs, @rareType, json_extract(@types, '$[' || (i % 5) || ']')),
    state, 'seed-project-' || (i % @projects), json_object('projectId', 'seed-project-' || (i % @projects), 'number', i, 'note', 'row ' || i),
    iif(i % 97 = 0, 5, 0), iif(state = 'queued', 0, iif(state = 'failed', 3, 1)), 3,
    iif(state = 'queued' AND i % 4 = 0, @now + 3600, @now - @jobs + i), iif(state = 'cancelled', @now - @jobs + i, NULL),
    iif(state = 'failed', 'unexpected_error: The dev server answered ' || (i % 1000) || '.', NULL), @now - @jobs + i, @now - @jobs + i
  FROM (SELECT i, CASE WHEN i <= @rareJobs THEN 'succeeded' WHEN i > @jobs - @jobs / 32 THEN 'queued' WHEN i % 16 = 3 THEN 'failed'
    WHEN i % 32 = 5 THEN 'cancelled' ELSE 'succeeded' END AS state FROM n)`;

const insertMinutes = `
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1440)
  INSERT INTO queue_minutes (minute_ms, type, claimed, succeeded, failed, cancelled, retried, wait_ms_sum, run_ms_sum, wait_buckets, run_buckets)
  SELECT (@nowMs / 60000 - i) * 60000, value, 12, 10 + (i * 7 + key) % 9, iif((i + key) % 11 = 0, 2, 0), iif(i % 17 = 0, 1, 0), 1, 900, 9000,
    '[2,3,5,4,2,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]', '[0,0,0,0,0,1,2,4,5,' || (i % 7) || ',2,1,0,0,0,0,0,0,0,0,0,0,0,0]'
  FROM n, json_each(@types)`;

const insertAttempts = `
  INSERT INTO queue_job_attempts (job_id, id, attempt, worker, started_at_ms, finished_at_ms, outcome, error, log_json)
  SELECT id, 1, 1, 'seed-boot', created_at * 1000, created_at * 1000 + 1500, iif(state = 'failed', 'failed', 'succeeded'), last_error,
    '[{"atMs":' || created_at || '000,"level":"info","text":"began"}]'
  FROM queue_jobs WHERE rowid > @jobs - @jobs / 32 - 1000 AND state IN ('succeeded', 'failed')`;
