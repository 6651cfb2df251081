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
  const rows = prepare('SELECT state, type, count FROM queue_counters').all() as { state: JobState; type: string; count: number }[];
  const sum = (matches: (row: (typeof rows)[number]) => boolean) => rows.reduce((total, row) => total + (matches(row) ? row.count : 0), 0);
  return {
    total: sum(() => true),
    ofState: (state) => sum((row) => row.state === state),
    ofType: (type) => sum((row) => row.type === type),
    of: (state, type) => sum((row) => row.state === state && row.type === type),
    types: [...new Set(rows.map(({ type }) => type))].sort(),
  };
}

export function countByState(counts: JobCounts): Record<JobState, number> {
  return Object.fromEntries(queueJobStates.map((state) => [state, counts.ofState(state)])) as Record<JobState, number>;
}
