import type { Log } from '#server/log.ts';
import type { Sqlite } from './open.ts';

const CHECKPOINT_INTERVAL_MS = 60_000;

/**
 * Keeps the write-ahead log short: a checkpoint a minute, and one that truncates the file at the end.
 *
 * RESTART makes the next writer begin at the log's start, so the file stops growing under a steady load; a reader in the
 * way is not an error, the next round tries again.
 */
export function startCheckpoints(sqlite: Sqlite, log: Log): { stop(): void } {
  let lastChanges = -1;
  const timer = setInterval(() => {
    const changes = sqlite.prepare('SELECT total_changes()').pluck().get() as number;
    if (changes === lastChanges) return;
    lastChanges = changes;
    try {
      sqlite.pragma('wal_checkpoint(RESTART)');
    } catch (error) {
      log.warn({ error }, 'checkpoint skipped');
    }
  }, CHECKPOINT_INTERVAL_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      sqlite.pragma('wal_checkpoint(TRUNCATE)');
    },
  };
}
