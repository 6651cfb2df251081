import type { Clock } from '#server/clock.ts';
import type { Db, Sqlite } from '#server/db/open.ts';
import type { Log } from '#server/log.ts';
import type { JobDefinition } from './job.ts';
import type { JobState, Statements } from './statements.ts';
import type { SetAlarm } from './timing.ts';

/** A committed change of one job. `state: 'running'` also announces that a running job was asked to end. */
export interface JobChange {
  jobId: string;
  type: string;
  projectId: string | null;
  state: JobState;
}

/** What every part of the queue works with. */
export interface Engine {
  db: Db;
  sqlite: Sqlite;
  clock: Clock;
  log: Log;
  /** Names this life of the host in `locked_by`. */
  bootId: string;
  definitions: ReadonlyMap<string, JobDefinition>;
  statements: Statements;
  setAlarm: SetAlarm;
  /** In [0, 1), for the jitter of retries. */
  random(): number;
  /** Live copy of the settings row. */
  settings: { paused: boolean; concurrency: number };
}
