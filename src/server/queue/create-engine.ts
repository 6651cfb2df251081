import type { Engine, JobLogLine } from './engine.ts';
import { createMinutes } from './minutes.ts';
import type { QueueOptions } from './queue.ts';
import { readSettings } from './settings.ts';
import { prepareStatements } from './statements.ts';
import { timerAlarm } from './timing.ts';

/** Prepares every statement and reads the settings; nothing moves yet. */
export function createEngine(options: QueueOptions): Engine {
  const { db, sqlite, clock, log, bootId } = options;
  const statements = prepareStatements(sqlite);
  return {
    db,
    sqlite,
    clock,
    log,
    bootId,
    definitions: new Map(options.definitions.map((definition) => [definition.type, definition])),
    statements,
    minutes: createMinutes(statements),
    setAlarm: options.setAlarm ?? timerAlarm,
    onLog: guarded(options),
    random: options.random ?? Math.random,
    atomically: sqlite.transaction((work: () => unknown) => work()).immediate as Engine['atomically'],
    settings: readSettings(statements),
  };
}

// A listener's fault must not become the handler's.
function guarded({ onLog, log }: QueueOptions): Engine['onLog'] {
  return (line: JobLogLine) => {
    try {
      onLog?.(line);
    } catch (error) {
      log.error({ err: error, jobId: line.jobId }, 'a listener of job logs failed');
    }
  };
}
