import type { Sqlite } from '#server/db/open.ts';

/** Where the kept counters differ from the rows; `[]` at every commit. */
export function countersApart(sqlite: Sqlite): { state: string; type: string; counted: number; kept: number }[] {
  return sqlite.prepare<[], { state: string; type: string; counted: number; kept: number }>(miscounted).all();
}

export const miscounted = `
  WITH kept AS (
    SELECT type, 'queued' AS state, queued AS count FROM queue_counters UNION ALL SELECT type, 'running', running FROM queue_counters
    UNION ALL SELECT type, 'succeeded', succeeded FROM queue_counters UNION ALL SELECT type, 'failed', failed FROM queue_counters
    UNION ALL SELECT type, 'cancelled', cancelled FROM queue_counters),
  counted AS (SELECT state, type, count(*) AS count FROM queue_jobs GROUP BY state, type)
  SELECT coalesce(counted.state, kept.state) AS state, coalesce(counted.type, kept.type) AS type,
    coalesce(counted.count, 0) AS counted, coalesce(kept.count, 0) AS kept
  FROM counted FULL JOIN kept ON kept.state = counted.state AND kept.type = counted.type
  WHERE coalesce(counted.count, 0) <> coalesce(kept.count, 0)`;
