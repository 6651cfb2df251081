import { opendirSync } from 'node:fs';
import type { Dirent, Stats } from 'node:fs';
import {
  openContainedRoot,
  openSubfolder,
  PUT_PREFIX,
  readContained,
  readContainedLink,
  removeFile,
  statEntry,
} from '#server/contained-folder.ts';
import type { ContainedFolder } from '#server/contained-folder.ts';
import { isPrivateName } from '#server/private-names.ts';
import { createGiveWay } from './give-way.ts';
import { parseIgnoreRules } from './ignore-rules.ts';
import { isIgnored } from './ignore-stack.ts';
import type { IgnoreStack } from './ignore-stack.ts';
import { isRacy, statKey } from './stat-cache.ts';
import type { StatCache, StatKey } from './stat-cache.ts';
import { blobHash, foldersAbove } from './tree.ts';
import type { EntryMode } from './tree.ts';
import { VersionsError } from './versions-error.ts';

export const scanLimits = {
  /** Entries looked at, recorded or not; folders that are ignored count as one. */
  entries: 50_000,
  depth: 64,
  /** A larger file is left alone: not recorded, not touched by a restore. */
  fileBytes: 64 * 1024 * 1024,
  timeMs: 30_000,
};
const IGNORE_FILE_BYTES = 64 * 1024;

export interface ScannedEntry {
  mode: EntryMode;
  hash: string;
  /** What the entry looked like when it was read. */
  key: StatKey;
}

/** What a workspace holds at the moment. */
export interface Scan {
  entries: Map<string, ScannedEntry>;
  emptyFolders: string[];
  /** Left out although no rule says so: too large, unreadable, neither file nor link, or a name that is not UTF-8. */
  skipped: string[];
  /** What may be believed at the next scan without reading. */
  cache: StatCache;
}

export interface ScanInput {
  workspace: string;
  cache: StatCache;
  /** Recorded even where a `.gitignore` says otherwise: what a version holds stays part of the next. */
  force: ReadonlySet<string>;
  /** Gets the content of every entry that had to be read. */
  onContent?(hash: string, content: Buffer): void | Promise<void>;
}

/**
 * Walks a workspace whose code may be running and hostile: no link is followed, no device or fifo opened, and everything is
 * counted. Gives way to other work every few milliseconds.
 *
 * @throws VersionsError `workspace_missing`, `too_many_files`, `scan_too_slow`.
 */
export async function scanWorkspace(input: ScanInput): Promise<Scan> {
  const root = openRoot(input.workspace);
  const walk = new Walk(input);
  try {
    await walk.folder(root, [], []);
  } finally {
    root.close();
  }
  return { entries: walk.entries, emptyFolders: walk.emptyFolders, skipped: walk.skipped, cache: walk.cache };
}

function openRoot(workspace: string): ContainedFolder {
  try {
    return openContainedRoot(workspace);
  } catch (error) {
    throw new VersionsError('workspace_missing', { cause: error });
  }
}

class Walk {
  readonly entries = new Map<string, ScannedEntry>();
  readonly emptyFolders: string[] = [];
  readonly skipped: string[] = [];
  readonly cache = new Map<string, { key: StatKey; hash: string }>();
  readonly #input: ScanInput;
  readonly #forcedFolders: ReadonlySet<string>;
  readonly #startedAtMs = Date.now();
  readonly #giveWay = createGiveWay();
  #seen = 0;

  constructor(input: ScanInput) {
    this.#input = input;
    this.#forcedFolders = new Set([...input.force].flatMap(foldersAbove));
  }

  async folder(folder: ContainedFolder, path: readonly string[], outer: IgnoreStack): Promise<void> {
    const children = this.#list(folder);
    const stack = children.some(({ name }) => name === '.gitignore') ? withRules(outer, folder, path.length) : outer;
    for (const child of children) await this.#child(folder, child, [...path, child.name], stack);
    if (children.length === 0 && path.length > 0) this.emptyFolders.push(path.join('/'));
  }

  #list(folder: ContainedFolder): Dirent[] {
    const children: Dirent[] = [];
    const stream = opendirSync(folder.address, { bufferSize: 128 });
    try {
      for (let child = stream.readSync(); child; child = stream.readSync()) {
        if ((this.#seen += 1) > scanLimits.entries) throw new VersionsError('too_many_files');
        // What a write left behind that was cut off.
        if (child.name.startsWith(PUT_PREFIX)) removeFile(folder, child.name);
        else children.push(child);
      }
    } finally {
      stream.closeSync();
    }
    return children.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #child(folder: ContainedFolder, child: Dirent, path: string[], stack: IgnoreStack): Promise<void> {
    if (Date.now() - this.#startedAtMs > scanLimits.timeMs) throw new VersionsError('scan_too_slow');
    await this.#giveWay();
    const where = path.join('/');
    if (child.name.includes('\uFFFD')) return void this.skipped.push(where);
    if (isPrivateName(child.name)) return;
    const isForced = this.#input.force.has(where) || this.#forcedFolders.has(where);
    const ignored = isIgnored(stack, path, child.isDirectory());
    if (ignored && !isForced) return;
    if (!child.isDirectory()) return this.#entry(folder, child.name, where);
    if (path.length > scanLimits.depth) return void this.skipped.push(where);
    // Inside an ignored folder only what is forced counts: rules further in cannot bring anything back.
    return this.#subfolder(folder, child.name, path, ignored ? [{ depth: path.length, rules: parseIgnoreRules('*') }] : stack);
  }

  async #subfolder(folder: ContainedFolder, name: string, path: string[], stack: IgnoreStack): Promise<void> {
    let inner: ContainedFolder;
    try {
      inner = openSubfolder(folder, name);
    } catch {
      return void this.skipped.push(path.join('/'));
    }
    try {
      await this.folder(inner, path, stack);
    } finally {
      inner.close();
    }
  }

  async #entry(folder: ContainedFolder, name: string, where: string): Promise<void> {
    const stat = statEntry(folder, name);
    if (!stat) return;
    const key = statKey(stat);
    const known = this.#input.cache.get(where);
    const mode = modeOf(stat);
    if (mode && known?.key === key) {
      if (!isRacy(stat, this.#startedAtMs)) this.cache.set(where, known);
      return void this.entries.set(where, { mode, hash: known.hash, key });
    }
    const read = mode && readEntry(folder, name, stat);
    if (!read) return void this.skipped.push(where);
    const hash = blobHash(read.content);
    const entry = { mode, hash, key: statKey(read.stat) };
    this.entries.set(where, entry);
    if (!isRacy(read.stat, this.#startedAtMs)) this.cache.set(where, { key: entry.key, hash });
    await this.#input.onContent?.(hash, read.content);
  }
}

function readEntry(folder: ContainedFolder, name: string, stat: Stats): { content: Buffer; stat: Stats } | undefined {
  try {
    if (stat.isSymbolicLink()) return { content: Buffer.from(readContainedLink(folder, name)), stat };
    return readContained(folder, name, scanLimits.fileBytes);
  } catch {
    return undefined;
  }
}

function modeOf(stat: Stats): EntryMode | undefined {
  if (stat.isSymbolicLink()) return '120000';
  if (!stat.isFile()) return undefined;
  return stat.mode & 0o100 ? '100755' : '100644';
}

function withRules(outer: IgnoreStack, folder: ContainedFolder, depth: number): IgnoreStack {
  try {
    const file = readContained(folder, '.gitignore', IGNORE_FILE_BYTES);
    return file ? [...outer, { depth, rules: parseIgnoreRules(file.content.toString('utf8')) }] : outer;
  } catch {
    return outer;
  }
}
