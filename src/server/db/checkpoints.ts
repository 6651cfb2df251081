import type { Log } from '#server/log.ts';
import type { Sqlite } from './open.ts';

const CHECKPOINT_INTERVAL_MS = 60_000;
/** About 150 pages of the log, less than half of what makes a commit do the work (`wal_autocheckpoint`). */
const LULLS_PER_CHECKPOINT = 10;

export interface Checkpoints {
  /** Something was written, and nothing is waiting now: a good moment. Every tenth one is used, after the current turn of the event loop. */
  lull(): void;
  stop(): void;
}

/**
 * Keeps the write-ahead log short: now and then when there is nothing else to do, once a minute, and at the end, truncating the file.
 * Left to SQLite alone, the commit that finds the log full does the work, 1 ms and more, while a person waits for it.
 *
 * RESTART makes the next writer begin at the log's start, so the file stops growing under a steady load; a reader in the
 * way is not an error, the next round tries again.
 */
export function startCheckpoints(sqlite: Sqlite, log: Log): Checkpoints {
  let lastChanges = -1;
  let lulls = 0;
  let soon: NodeJS.Immediate | undefined;

  function checkpoint(mode: 'PASSIVE' | 'RESTART' | 'TRUNCATE'): void {
    try {
      sqlite.pragma(`wal_checkpoint(${mode})`);
    } catch (error) {
      log.warn({ error }, 'checkpoint skipped');
    }
  }

  const timer = setInterval(() => {
    const changes = sqlite.prepare('SELECT total_changes()').pluck().get() as number;
    if (changes === lastChanges) return;
    lastChanges = changes;
    checkpoint('RESTART');
  }, CHECKPOINT_INTERVAL_MS);
  timer.unref();

  return {
    lull() {
      if (++lulls % LULLS_PER_CHECKPOINT !== 0) return;
      soon ??= setImmediate(() => {
        soon = undefined;
        checkpoint('PASSIVE');
      });
    },
    stop() {
      clearInterval(timer);
      clearImmediate(soon);
      checkpoint('TRUNCATE');
    },
  };
}
