import { expect, test } from 'vitest';
import { prepareStatements } from '#server/queue/statements.ts';
import { makeDatabase } from '../support/database.ts';

function seed() {
  const { sqlite } = makeDatabase();
  const insert = sqlite.prepare(
    `INSERT INTO queue_jobs (id, type, state, payload_json, priority, run_at, project_id, created_at, updated_at)
     VALUES (?, 'work.note', ?, '{}', ?, ?, ?, 0, 0)`,
  );
  sqlite.transaction(() => {
    for (let i = 0; i < 3_000; i++) {
      insert.run(`job-${i}`, i % 3 ? 'succeeded' : 'queued', i % 5, i, i % 7 ? null : `project-${i % 70}`);
    }
  })();
  return sqlite;
}

test.each(['before', 'after'])('%s ANALYZE every claim walks the ready index without sorting', (when) => {
  const sqlite = seed();
  if (when === 'after') sqlite.exec('ANALYZE');
  const statements = prepareStatements(sqlite);
  const details = (statement: { source: string }, ...values: unknown[]) =>
    sqlite
      .prepare(`EXPLAIN QUERY PLAN ${statement.source}`)
      .all(...values)
      .map((row) => (row as { detail: string }).detail);
  const claim = [
    ...details(statements.topPriority),
    ...details(statements.nextPriority, 1),
    ...details(statements.due, 1, 2_000, -1, 0, 64),
  ];
  expect(claim).toEqual([
    'SEARCH queue_jobs USING COVERING INDEX queue_jobs_ready_idx',
    'SEARCH queue_jobs USING COVERING INDEX queue_jobs_ready_idx (priority<?)',
    'SEARCH queue_jobs USING INDEX queue_jobs_ready_idx (priority=? AND run_at>? AND run_at<?)',
  ]);
  expect(details(statements.nextRunAt, 1)).toEqual([
    'SEARCH queue_jobs USING COVERING INDEX queue_jobs_runnable_idx (state=? AND run_at>?)',
  ]);
  expect(details(statements.claim, { rowid: 1, bootId: 'b', now: 1, leaseUntil: 2 })).toEqual([
    'SEARCH queue_jobs USING INTEGER PRIMARY KEY (rowid=?)',
  ]);
});

test('no statement of the queue sorts or scans the whole table', () => {
  const sqlite = seed();
  sqlite.exec('ANALYZE');
  for (const statement of Object.values(prepareStatements(sqlite))) {
    const values = statement.source.includes('@')
      ? [Object.fromEntries([...statement.source.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]))]
      : [...statement.source.matchAll(/\?/g)].map(() => null);
    const plan = sqlite.prepare(`EXPLAIN QUERY PLAN ${statement.source}`).all(...values) as { detail: string }[];
    for (const { detail } of plan) {
      expect(detail, statement.source).not.toMatch(/TEMP B-TREE|^SCAN queue_jobs$/);
    }
  }
});
