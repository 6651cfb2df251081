import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { Stats } from 'node:fs';

const FOLDER_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
// A fifo opened without O_NONBLOCK would hold the process until somebody writes to it.
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const WRITE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
// Linux alone, and Node does not name it: refers to an entry without opening it, whatever it is and whoever may read it.
const HOLD_FLAGS = 0o10000000 | constants.O_NOFOLLOW;
const hasProcFd = existsSync('/proc/self/fd');

/** Prefix of the files that hold content on its way to its name; nobody but this module makes or keeps them. */
export const PUT_PREFIX = '.doce-put-';

/**
 * An open folder of a workspace. Project code may replace any folder by a link at any moment, so nothing below is reached by a
 * long path: every name is resolved in a folder that is held open (on Linux through `/proc/self/fd`, as openat(2) would), and
 * a name never follows a link. Elsewhere the real path is checked when the folder is opened.
 */
export interface ContainedFolder {
  /** Where `/<name>` may be appended for one more step. */
  readonly address: string;
  close(): void;
}

/** @throws ErrnoException `ENOENT`, `ENOTDIR`, `ELOOP`. */
export function openContainedRoot(path: string): ContainedFolder {
  return openAt(path);
}

/** @throws ErrnoException `ENOENT`, `ENOTDIR` (also for a link), `ELOOP`. */
export function openSubfolder(folder: ContainedFolder, name: string): ContainedFolder {
  checkName(name);
  return openAt(`${folder.address}/${name}`);
}

/** The folder at the end of `names`, made on the way when `create` is set. Closes what it opened in between. */
export function openFolderPath(root: ContainedFolder, names: readonly string[], create = false): ContainedFolder {
  let current: ContainedFolder = { address: root.address, close: () => {} };
  for (const name of names) {
    try {
      if (create) makeFolder(current, name);
      const next = openSubfolder(current, name);
      current.close();
      current = next;
    } catch (error) {
      current.close();
      throw error;
    }
  }
  return current;
}

export function statEntry(folder: ContainedFolder, name: string): Stats | undefined {
  checkName(name);
  return lstatSync(`${folder.address}/${name}`, { throwIfNoEntry: false });
}

/**
 * Looks at an entry, a link as a link, and keeps what is there in being until `fd` is closed, also when its name goes to another.
 *
 * @returns undefined when there is none, and where the system cannot do it.
 */
export function holdEntry(folder: ContainedFolder, name: string): { fd: number; stat: Stats } | undefined {
  checkName(name);
  if (!hasProcFd) return undefined;
  let fd: number;
  try {
    fd = openSync(`${folder.address}/${name}`, HOLD_FLAGS);
  } catch {
    return undefined;
  }
  try {
    return { fd, stat: fstatSync(fd) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * Reads a regular file.
 *
 * @returns undefined when it is none, or larger than `limitBytes`.
 * @throws ErrnoException `ENOENT`, `EACCES`.
 */
export function readContained(folder: ContainedFolder, name: string, limitBytes: number): { content: Buffer; stat: Stats } | undefined {
  checkName(name);
  let fd: number;
  try {
    fd = openSync(`${folder.address}/${name}`, READ_FLAGS);
  } catch (error) {
    // A link, or a socket, which cannot be opened at all.
    if (['ELOOP', 'EMLINK', 'ENXIO'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size > limitBytes) return undefined;
    const content = readAll(fd, stat.size, limitBytes);
    return content && { content, stat };
  } finally {
    closeSync(fd);
  }
}

export function readContainedLink(folder: ContainedFolder, name: string): string {
  checkName(name);
  return readlinkSync(`${folder.address}/${name}`);
}

/**
 * Puts `content` at a name in one step: whoever looks finds the old file or the new one, whole. A link at that name is replaced,
 * not followed.
 *
 * @param options.beforeRename Last look at what is about to be replaced; throwing leaves it as it is.
 * @param options.durable Whether the content must survive a loss of power from the moment it has its name.
 * @returns what the file looked like once it had its name.
 */
export function putFile(
  folder: ContainedFolder,
  name: string,
  content: Uint8Array,
  options: { executable?: boolean; beforeRename?: () => void; durable?: boolean } = {},
): Stats {
  return putInPlace(folder, name, options.beforeRename, (draft, takeName) => {
    const mode = options.executable ? 0o755 : 0o644;
    const fd = openSync(draft, WRITE_FLAGS, mode);
    try {
      for (let offset = 0; offset < content.length;) offset += writeSync(fd, content, offset);
      // A write of its own to the disk's journal, and seldom needed.
      if ((process.umask() & mode) !== 0) fchmodSync(fd, mode);
      if (options.durable) fsyncSync(fd);
      takeName();
      return fstatSync(fd);
    } finally {
      closeSync(fd);
    }
  });
}

/** Puts a link at a name in one step; its target is stored as it is, wherever it points. */
export function putLink(folder: ContainedFolder, name: string, target: string, beforeRename?: () => void): void {
  putInPlace(folder, name, beforeRename, (draft, takeName) => {
    symlinkSync(target, draft);
    takeName();
  });
}

export function makeFolder(folder: ContainedFolder, name: string): void {
  checkName(name);
  try {
    mkdirSync(`${folder.address}/${name}`, 0o755);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Removes a file or a link, never what it points to. */
export function removeFile(folder: ContainedFolder, name: string): void {
  checkName(name);
  unlinkSync(`${folder.address}/${name}`);
}

/** @returns False when it is not there, not a folder, or not empty. */
export function removeEmptyFolder(folder: ContainedFolder, name: string): boolean {
  checkName(name);
  try {
    rmdirSync(`${folder.address}/${name}`);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Moves an entry between two open folders, over whatever is at the new name. */
export function renameEntry(from: ContainedFolder, fromName: string, to: ContainedFolder, toName: string): void {
  checkName(fromName);
  checkName(toName);
  renameSync(`${from.address}/${fromName}`, `${to.address}/${toName}`);
}

function openAt(path: string): ContainedFolder {
  const fd = openSync(path, FOLDER_FLAGS);
  const close = () => closeSync(fd);
  if (hasProcFd) return { address: `/proc/self/fd/${fd}`, close };
  return { address: realpathSync(path), close };
}

function checkName(name: string): void {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) {
    throw new Error('A name inside a folder must be one plain component.');
  }
}

/** Runs `put`, which makes a draft and has it take the name; whatever fails, no draft is left. */
function putInPlace<T>(
  folder: ContainedFolder,
  name: string,
  beforeRename: (() => void) | undefined,
  put: (draft: string, takeName: () => void) => T,
): T {
  checkName(name);
  const draft = `${folder.address}/${PUT_PREFIX}${randomUUID()}`;
  try {
    return put(draft, () => {
      beforeRename?.();
      renameSync(draft, `${folder.address}/${name}`);
    });
  } catch (error) {
    tryUnlink(draft);
    throw error;
  }
}

function tryUnlink(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** A file can grow while it is read: never more than the limit. */
function readAll(fd: number, expectedBytes: number, limitBytes: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  let total = 0;
  for (let next = Math.max(expectedBytes, 1); ; next = 64 * 1024) {
    const chunk = Buffer.allocUnsafe(next);
    const count = readSync(fd, chunk, 0, next, null);
    if (count === 0) return Buffer.concat(chunks, total);
    total += count;
    if (total > limitBytes) return undefined;
    chunks.push(chunk.subarray(0, count));
  }
}
