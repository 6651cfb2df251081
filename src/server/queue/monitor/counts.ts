import { queueJobStates } from '#server/db/schema.ts';
import type { JobState } from '../statements.ts';
import type { Prepare } from './job-source.ts';

/** How many jobs there are, from the counters that every commit keeps exact. */
export interface JobCounts {
  total: number;
  ofState(state: JobState): number;
  ofType(type: string): number;
  of(state: JobState, type: string): number;
  /** Types that have a job, or had one; by name. */
  types: string[];
}

export function readCounts(prepare: Prepare): JobCounts {
  const rows = prepare('SELECT * FROM queue_counters ORDER BY type').all() as ({ type: string } & Record<JobState, number>)[];
  const byType = new Map(rows.map((row) => [row.type, row]));
  const ofState = (state: JobState) => rows.reduce((sum, row) => sum + row[state], 0);
  return {
    total: queueJobStates.reduce((sum, state) => sum + ofState(state), 0),
    ofState,
    ofType: (type) => queueJobStates.reduce((sum, state) => sum + (byType.get(type)?.[state] ?? 0), 0),
    of: (state, type) => byType.get(type)?.[state] ?? 0,
    types: rows.map(({ type }) => type),
  };
}

export function countByState(counts: JobCounts): Record<JobState, number> {
  return Object.fromEntries(queueJobStates.map((state) => [state, counts.ofState(state)])) as Record<JobState, number>;
}
