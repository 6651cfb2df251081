import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '#server/log.ts';
import { syncFolder } from '#server/sync-folder.ts';

const KEY_BYTES = 32;

export interface KeyFile {
  /** The 32 bytes, or undefined when the file is absent or not a key. */
  read(): Buffer | undefined;
  /** Creates the file when it is absent, and replaces one that is not a key: what it sealed is lost either way. */
  readOrCreate(): Buffer;
}

/** The key of all secrets at rest: kept beside the database, never in it, readable by its owner only. */
export function createKeyFile(file: string, log: Log): KeyFile {
  function read(): Buffer | undefined {
    let descriptor: number;
    try {
      descriptor = openSync(file, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const isOpenToOthers = (fstatSync(descriptor).mode & 0o077) !== 0;
      if (isOpenToOthers) {
        log.warn('secret.key could be read by other users of this machine; it is now closed to them');
        chmodSync(file, 0o600);
      }
      const bytes = readFileSync(descriptor);
      return bytes.length === KEY_BYTES ? bytes : undefined;
    } finally {
      closeSync(descriptor);
    }
  }

  return {
    read,
    readOrCreate() {
      const known = read();
      if (known) return known;
      createKey(file);
      const created = read();
      if (!created) throw new Error('secret.key could not be written.');
      return created;
    },
  };
}

/** Whole or not at all: written aside and synced, then linked into place, so that a crash leaves no half key. */
function createKey(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  const descriptor = openSync(aside, 'wx', 0o600);
  try {
    writeSync(descriptor, randomBytes(KEY_BYTES));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // Something is there that is no key: `read` has just refused it.
    renameSync(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
  syncFolder(dirname(file));
}
