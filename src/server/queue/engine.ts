import type { Clock } from '#server/clock.ts';
import type { Db, Sqlite } from '#server/db/open.ts';
import type { Log } from '#server/log.ts';
import type { LogLine } from './attempt-log.ts';
import type { JobDefinition } from './job.ts';
import type { Minutes } from './minutes.ts';
import type { JobState, Statements } from './statements.ts';
import type { SetAlarm } from './timing.ts';

/** A committed change of one job. `state: 'running'` also announces that a running job was asked to end. */
export interface JobChange {
  jobId: string;
  type: string;
  projectId: string | null;
  state: JobState;
}

/** A line that a running attempt just logged, scrubbed. */
export interface JobLogLine extends LogLine {
  jobId: string;
  attempt: number;
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
  minutes: Minutes;
  setAlarm: SetAlarm;
  onLog(line: JobLogLine): void;
  /** In [0, 1), for the jitter of retries. */
  random(): number;
  /** An immediate transaction; inside a caller's it is a savepoint. */
  atomically<T>(work: () => T): T;
  /** Live copy of the settings row. */
  settings: { paused: boolean; concurrency: number };
}
