import { describe, expect, test } from 'vitest';
import { prepareStatements } from '#server/queue/statements.ts';
import { makeDatabase } from '../support/database.ts';

function seed() {
  const { sqlite } = makeDatabase();
  const insert = sqlite.prepare(
    `INSERT INTO queue_jobs (id, type, state, payload_json, priority, run_at, project_id, created_at, updated_at)
     VALUES (?, 'work.note', ?, '{}', ?, ?, ?, 0, 0)`,
  );
  const attempt = sqlite.prepare(
    `INSERT INTO queue_job_attempts (job_id, id, attempt, worker, started_at_ms, outcome) VALUES (?, 1, 1, 'boot', 0, 'succeeded')`,
  );
  sqlite.transaction(() => {
    for (let i = 0; i < 3_000; i++) {
      insert.run(`job-${i}`, i % 3 ? 'succeeded' : 'queued', i % 5, i, i % 7 ? null : `project-${i % 70}`);
      attempt.run(`job-${i}`);
    }
  })();
  return sqlite;
}

/** The text is the one that runs: read off the prepared statement. */
function planOf(sqlite: ReturnType<typeof seed>, { source }: { source: string }): string[] {
  const names = [...source.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]);
  const values = names.length > 0 ? [Object.fromEntries(names)] : [...source.matchAll(/\?/g)].map(() => null);
  const rows = sqlite.prepare(`EXPLAIN QUERY PLAN ${source}`).all(...values) as { detail: string }[];
  return rows.map((row) => row.detail);
}

describe.each(['before', 'after'])('%s ANALYZE', (when) => {
  const sqlite = seed();
  if (when === 'after') sqlite.exec('ANALYZE');
  const statements = prepareStatements(sqlite);

  test('a claim walks the ready index and takes its row by number', () => {
    const { topPriority, nextPriority, due, claim } = statements;
    expect([topPriority, nextPriority, due, claim(1), claim(10)].flatMap((s) => planOf(sqlite, s))).toEqual([
      'SEARCH queue_jobs USING COVERING INDEX queue_jobs_ready_idx',
      'SEARCH queue_jobs USING COVERING INDEX queue_jobs_ready_idx (priority<?)',
      'SEARCH queue_jobs USING INDEX queue_jobs_ready_idx (priority=? AND run_at>? AND run_at<?)',
      'SEARCH queue_jobs USING INTEGER PRIMARY KEY (rowid=?)',
      'SEARCH queue_jobs USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
    expect(planOf(sqlite, statements.nextRunAt)).toEqual([
      'SEARCH queue_jobs USING COVERING INDEX queue_jobs_runnable_idx (state=? AND run_at>?)',
    ]);
  });

  test.each(Object.entries(statements))('%s neither sorts nor scans a table', (_name, statement) => {
    for (const detail of planOf(sqlite, typeof statement === 'function' ? statement(10) : statement)) {
      expect(detail).not.toContain('TEMP B-TREE');
      // The counters hold a row a type; json_each and the clause are what was passed.
      if (!/queue_counters|json_each|-ROW VALUES CLAUSE/.test(detail)) expect(detail).not.toMatch(/^SCAN /);
    }
  });
});
