import type { Sqlite } from '#server/db/open.ts';
import type { queueJobStates } from '#server/db/schema.ts';
import { attemptStatements } from './attempt-sql.ts';
import { claimStatements } from './claim-sql.ts';
import { historyStatements } from './history-sql.ts';
import { enqueueStatements, jobStatements } from './job-sql.ts';
import { settleStatements } from './settle-sql.ts';

export type JobState = (typeof queueJobStates)[number];

export interface JobRef {
  id: string;
  type: string;
  projectId: string | null;
  state: JobState;
}

/** Every statement of the engine, prepared once. */
export type Statements = ReturnType<typeof prepareStatements>;

/** Prepares against the migrated schema; fails where an index that a statement pins is missing. */
export function prepareStatements(sqlite: Sqlite) {
  return {
    ...enqueueStatements(sqlite),
    ...attemptStatements(sqlite),
    ...claimStatements(sqlite),
    ...settleStatements(sqlite),
    ...jobStatements(sqlite),
    ...historyStatements(sqlite),
  };
}
