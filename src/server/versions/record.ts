import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { formatMessage } from './commit-message.ts';
import type { VersionNote } from './commit-message.ts';
import { runGit } from './git.ts';
import { openImportStream } from './import-stream.ts';
import type { NOW_REF } from './repository.ts';
import { BRANCH, createRepository, readHead, readLog } from './repository.ts';
import { scanWorkspace } from './scan.ts';
import type { Scan } from './scan.ts';
import { loadStatCache, saveStatCache } from './stat-cache.ts';
import type { StatCache } from './stat-cache.ts';
import { readTree, sameEntry, sameTree } from './tree.ts';
import type { Tree } from './tree.ts';
import { VersionsError } from './versions-error.ts';

const LOOSE_OBJECTS = 500;
const WORTH_PACKING = 50;
const MOST_PACKS = 3;

export interface Recorded {
  /** The version that holds the state of now: the new one, or the latest when nothing changed. Undefined: no file ever. */
  head: string | undefined;
  isNew: boolean;
  /** The latest version until then. */
  parent: string | undefined;
  scan: Scan;
  tree: Tree;
}

export interface RecordInput {
  gitDir: string;
  workspace: string;
  note: Omit<VersionNote, 'emptyFolders'>;
  /** Paths that count although they are ignored, besides those of the latest version. */
  force?: Iterable<string> | Promise<Iterable<string>>;
  /** What was recorded a moment ago: not read again while it is still the latest version. */
  since?: Recorded | undefined;
  /** Files that were written out of the repository a moment ago: believed once, and read by a later look. */
  written?: StatCache;
  /** Files that these may well be: if they are, what differs is not told one by one. */
  like?: { tree: Tree; treeHash: string };
  /** Where the commit goes: the history, or a place that is overwritten each time. */
  ref?: typeof BRANCH | typeof NOW_REF;
}

/** Puts the state of the workspace into the repository, if it differs from the latest version. */
export async function record(input: RecordInput): Promise<Recorded> {
  const { gitDir, workspace, ref = BRANCH } = input;
  if (!existsSync(workspace)) throw new VersionsError('workspace_missing');
  await createRepository(gitDir);
  const head = readHead(gitDir);
  const [{ tree: before, cache, emptyFolders }, forced] = await Promise.all([readLatest(input, head), input.force ?? []]);
  const stream = openImportStream(gitDir, before);
  const force = new Set([...before.keys(), ...forced]);
  const known = new Set([...before.values()].map(({ hash }) => hash));
  // A hash that is believed without reading must be in the repository, or its content would be missing.
  const believed = new Map([...[...cache].filter(([, { hash }]) => known.has(hash)), ...(input.written ?? [])]);
  const scan = await scanWorkspace({ workspace, cache: believed, force, onContent: stream.putBlob }).catch(async (error: unknown) => {
    await stream.abandon();
    throw error;
  });
  const changed = [...scan.entries].filter(([path, entry]) => !sameEntry(before.get(path), entry));
  const removed = [...before.keys()].filter((path) => !scan.entries.has(path));
  const sameFolders = scan.emptyFolders.join('\0') === emptyFolders.join('\0');
  const isNew = changed.length > 0 || removed.length > 0 || (head !== undefined && !sameFolders);
  if (!isNew) {
    await stream.abandon();
    await saveStatCache(gitDir, scan.cache);
    return { head, isNew, parent: head, scan, tree: before };
  }
  const message = formatMessage({ ...input.note, emptyFolders: scan.emptyFolders });
  const files = input.like && sameTree(input.like.tree, scan.entries) ? { tree: input.like.treeHash } : { removed, changed };
  // What the cache says counts only for content that the repository has, so it may be there before the commit.
  const [hash] = await Promise.all([
    stream.commit({ ref, parent: head, message, atMs: input.note.atMs, files }),
    saveStatCache(gitDir, scan.cache),
  ]);
  return { head: hash, isNew, parent: head, scan, tree: scan.entries };
}

/** What the latest version holds, and what may be believed of the workspace. */
async function readLatest({ gitDir, since }: RecordInput, head: string | undefined) {
  if (since && since.head === head) return { tree: since.tree, cache: since.scan.cache, emptyFolders: since.scan.emptyFolders };
  const [tree, cache, latest] = await Promise.all([
    readTree(gitDir, head),
    loadStatCache(gitDir),
    head ? readLog(gitDir, head, 1) : Promise.resolve([]),
  ]);
  return { tree, cache, emptyFolders: latest[0]?.emptyFolders ?? [] };
}

/** Packs what many small versions left, once in a while: a loose object costs a block of the disk. Guesses as `git gc --auto` does. */
export async function tidy(gitDir: string): Promise<void> {
  const sample = await readdir(join(gitDir, 'objects', '17')).catch(() => []);
  if (sample.length * 256 > LOOSE_OBJECTS) await repack(gitDir);
}

/** Packs what is left over between two times of `tidy`, unless that is next to nothing. @returns Whether it did. */
export async function pack(gitDir: string): Promise<boolean> {
  const names = await readdir(join(gitDir, 'objects')).catch(() => []);
  const loose = await Promise.all(names.filter((name) => name.length === 2).map((name) => readdir(join(gitDir, 'objects', name))));
  const packs = await readdir(join(gitDir, 'objects', 'pack')).catch(() => []);
  const count = loose.reduce((sum, objects) => sum + objects.length, 0);
  if (count < WORTH_PACKING && packs.filter((name) => name.endsWith('.pack')).length <= MOST_PACKS) return false;
  await repack(gitDir);
  return true;
}

/** Into one pack, with the differences looked for anew as `git gc` does; what is new is on the disk before the old goes. */
async function repack(gitDir: string): Promise<void> {
  await runGit(gitDir, ['repack', '-a', '-d', '-q']);
}
