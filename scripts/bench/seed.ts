import { join } from 'node:path';
import { openSqlite } from '#server/db/open.ts';

/** What a database holds after long use. */
export interface Seed {
  projects: number;
  finishedJobs: number;
}

/** Fills the database of a host that is not running: stopped projects with one answered turn each, and succeeded jobs. */
export function seedDatabase(dataDir: string, { projects, finishedJobs }: Seed): void {
  const sqlite = openSqlite(join(dataDir, 'db.sqlite'));
  const nowS = Math.floor(Date.now() / 1000);
  const values = {
    ownerId: sqlite.prepare('SELECT id FROM users').pluck().get(),
    nowS: BigInt(nowS),
    nowMs: BigInt(nowS * 1000),
    projects: BigInt(projects),
    finishedJobs: BigInt(finishedJobs),
  };
  const insertAll = sqlite.transaction(() => inserts.forEach((insert) => sqlite.prepare(insert).run(values)));
  insertAll.immediate();
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
}

const numbers = (count: string) => `WITH RECURSIVE n(i) AS (SELECT 1 WHERE ${count} > 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;

const inserts = [
  `${numbers('@projects')}
   INSERT INTO projects (id, owner_user_id, created_at, name, slug, prompt, model, dev_port, opencode_port, status, path_on_disk,
     prepared_at_ms, previewed_at_ms)
   SELECT 'bench-project-' || i, @ownerId, @nowS - 86400 + i, 'Project ' || i, 'project-' || i,
     'a landing page for a coffee roastery in Lisbon, number ' || i, 'doce/offline', 20000 + i, 40000 + i, 'stopped',
     'projects/bench-project-' || i, @nowMs, @nowMs
   FROM n`,
  `${numbers('@projects')}
   INSERT INTO turns (id, project_id, position, state, text, model, created_at_ms, started_at_ms, finished_at_ms)
   SELECT 'bench-turn-' || i, 'bench-project-' || i, 1, 'completed', 'a landing page, number ' || i, 'doce/offline', @nowMs, @nowMs, @nowMs
   FROM n`,
  `${numbers('8 * @projects')}
   INSERT INTO turn_parts (turn_id, id, position, kind, body_json, created_at_ms, updated_at_ms)
   SELECT 'bench-turn-' || (1 + (i - 1) / 8), 'part-' || i, i, 'tool',
     '{"kind":"tool","tool":"write","state":"done","title":"src/pages/index.astro","file":"src/pages/index.astro","added":120}',
     @nowMs, @nowMs
   FROM n`,
  `${numbers('@finishedJobs')}
   INSERT INTO queue_jobs (id, type, state, project_id, payload_json, attempts, run_at, dedupe_key, created_at, updated_at)
   SELECT 'bench-job-' || i, iif(i % 2, 'runtime.start', 'runtime.stop'), 'succeeded', 'bench-project-' || (1 + i % max(1, @projects)),
     '{"projectId":"bench-project-' || (1 + i % max(1, @projects)) || '"}', 1, @nowS - 86400, 'start:' || i, @nowS - 86400, @nowS - 86400
   FROM n`,
];
