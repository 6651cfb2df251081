import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Exit code of a second host on the same data directory. */
export const HOST_LOCK_EXIT_CODE = 3;

/** Another process holds the data directory. The message names it. */
export class HostLockedError extends Error {
  override readonly name = 'HostLockedError';
}

export interface HostLock {
  release(): void;
}

// A connection that nothing refers to is closed by the garbage collector, and its file lock goes with it.
const heldLocks = new Set<Database.Database>();

/**
 * Makes this process the only host of a data directory, for as long as it lives.
 *
 * The lock is SQLite's exclusive file lock on `host.lock`: the kernel drops it with the process, however it dies, so it
 * can't be left behind. `host.json` beside it only names the holder.
 *
 * @throws HostLockedError within a second when another process holds it.
 */
export function acquireHostLock(dataDir: string): HostLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const holderFile = join(dataDir, 'host.json');
  const lockFile = join(dataDir, 'host.lock');
  const lock = new Database(lockFile, { timeout: 500 });
  chmodSync(lockFile, 0o600);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new HostLockedError(
      `doce is already running on ${dataDir} (${describeHolder(holderFile)}). Stop it first, or set DOCE_DATA_DIR to another folder.`,
      { cause },
    );
  }
  heldLocks.add(lock);
  writeFileSync(holderFile, JSON.stringify({ pid: process.pid, startedAt: new Date().toISOString() }), { mode: 0o600 });
  return {
    release() {
      rmSync(holderFile, { force: true });
      heldLocks.delete(lock);
      lock.close();
    },
  };
}

function describeHolder(holderFile: string): string {
  try {
    const holder = JSON.parse(readFileSync(holderFile, 'utf8')) as { pid: number; startedAt: string };
    return `process ${holder.pid}, started ${holder.startedAt}`;
  } catch {
    return 'by a process that is just starting';
  }
}
