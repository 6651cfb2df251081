import type { Stats } from 'node:fs';
import {
  openContainedRoot,
  openFolderPath,
  putFile,
  putLink,
  removeEmptyFolder,
  removeFile,
  renameEntry,
  statEntry,
} from '#server/contained-folder.ts';
import type { ContainedFolder } from '#server/contained-folder.ts';
import { readBlobs } from './blobs.ts';
import { createGiveWay } from './give-way.ts';
import { HeldFiles } from './held-files.ts';
import type { Scan } from './scan.ts';
import { statKey } from './stat-cache.ts';
import type { StatKey } from './stat-cache.ts';
import { foldersAbove, sameEntry } from './tree.ts';
import type { Tree, TreeEntry } from './tree.ts';

/** Something that no version can hold stood where a file belongs, and was moved to the name beside it. */
export interface KeptEntry {
  path: string;
  movedTo: string;
}

export interface PutBackInput {
  workspace: string;
  /** What was recorded, and may therefore go. */
  now: Pick<Scan, 'entries' | 'emptyFolders' | 'skipped'>;
  target: Tree;
  emptyFolders: readonly string[];
  gitDir: string;
  /** Told before the entry is moved. */
  onKept(kept: KeptEntry): void;
  /** Told what a file looked like right after it was written. */
  onWritten?(path: string, known: { key: StatKey; hash: string }): void;
  /** Told after each change to the workspace. */
  onChange(): void;
}

/** The workspace is no longer what was recorded. */
export class WorkspaceChanged extends Error {}

/**
 * Makes the recorded files of a workspace equal to a tree. Touches nothing that `now` does not hold: whatever changed since is
 * noticed before it is replaced. Safe to repeat. Gives way to other work every few milliseconds, never between a look and its change.
 *
 * @throws WorkspaceChanged when something changed meanwhile; record it and come again.
 */
export async function putBack(input: PutBackInput): Promise<void> {
  const root = openContainedRoot(input.workspace);
  const folders = new OpenFolders(root, input);
  const old = new HeldFiles();
  const giveWay = createGiveWay();
  try {
    const removed = [...input.now.entries.keys()].filter((path) => !input.target.has(path));
    for (const path of removed) {
      await giveWay();
      removeRecorded(folders, input, path, old);
    }
    pruneFolders(folders, input, removed);
    const missing = [...input.target].filter(([path, entry]) => !sameEntry(input.now.entries.get(path), entry));
    let next = 0;
    for await (const content of readBlobs(
      input.gitDir,
      missing.map(([, { hash }]) => hash),
    )) {
      const [path, entry] = missing[next++] as (typeof missing)[number];
      await giveWay();
      write(folders, input, [path, entry], content, old);
    }
    for (const path of input.emptyFolders) folders.open(path.split('/'), true);
  } finally {
    folders.close();
    root.close();
    old.letGo();
  }
}

/** The folder of the latest path stays open: paths come sorted, and siblings follow each other. */
class OpenFolders {
  readonly #root: ContainedFolder;
  readonly #input: PutBackInput;
  #current: { where: string; folder: ContainedFolder } | undefined;

  constructor(root: ContainedFolder, input: PutBackInput) {
    this.#root = root;
    this.#input = input;
  }

  open(names: readonly string[], create = false): ContainedFolder {
    const where = names.join('/');
    if (this.#current?.where === where) return this.#current.folder;
    this.close();
    if (create) this.#clearWay(names);
    const folder = openFolderPath(this.#root, names, create);
    this.#current = { where, folder };
    return folder;
  }

  close(): void {
    this.#current?.folder.close();
    this.#current = undefined;
  }

  /** A file or link where a folder has to be: what was recorded is gone by now, so this is something else. */
  #clearWay(names: readonly string[]): void {
    for (const [index, name] of names.entries()) {
      const folder = openFolderPath(this.#root, names.slice(0, index));
      try {
        const stat = statEntry(folder, name);
        if (!stat) return;
        if (!stat.isDirectory()) moveAside(this.#input, folder, names.slice(0, index + 1));
      } finally {
        folder.close();
      }
    }
  }
}

function removeRecorded(folders: OpenFolders, input: PutBackInput, path: string, old: HeldFiles): void {
  const names = path.split('/');
  const name = names.at(-1) as string;
  let folder: ContainedFolder;
  try {
    folder = folders.open(names.slice(0, -1));
  } catch {
    throw new WorkspaceChanged();
  }
  const stat = old.look(folder, name);
  if (!stat) return;
  if (statKey(stat) !== input.now.entries.get(path)?.key) throw new WorkspaceChanged();
  removeFile(folder, name);
  input.onChange();
}

function pruneFolders(folders: OpenFolders, input: PutBackInput, removed: readonly string[]): void {
  const wanted = new Set([...input.target.keys(), ...input.emptyFolders.map((path) => `${path}/`)].flatMap(foldersAbove));
  const candidates = new Set([...removed.flatMap(foldersAbove), ...input.now.emptyFolders.flatMap((path) => foldersAbove(`${path}/`))]);
  const deepestFirst = [...candidates].filter((path) => !wanted.has(path)).sort((a, b) => b.split('/').length - a.split('/').length);
  for (const path of deepestFirst) if (removeIfEmpty(folders, path.split('/'))) input.onChange();
}

function removeIfEmpty(folders: OpenFolders, names: readonly string[]): boolean {
  try {
    return removeEmptyFolder(folders.open(names.slice(0, -1)), names.at(-1) as string);
  } catch (error) {
    // Gone, or no folder any more: then there is nothing to remove.
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function write(folders: OpenFolders, input: PutBackInput, [path, entry]: [string, TreeEntry], content: Buffer, old: HeldFiles): void {
  const names = path.split('/');
  const name = names.at(-1) as string;
  const folder = folders.open(names.slice(0, -1), true);
  const stat = put(folder, name, entry, content, () => makeRoom(folder, names, input, old));
  if (stat) input.onWritten?.(path, { key: statKey(stat), hash: entry.hash });
  input.onChange();
}

function put(folder: ContainedFolder, name: string, { mode }: TreeEntry, content: Buffer, beforeRename: () => void): Stats | undefined {
  if (mode !== '120000') return putFile(folder, name, content, { executable: mode === '100755', beforeRename });
  putLink(folder, name, content.toString('utf8'), beforeRename);
  return statEntry(folder, name);
}

/** Last look before a name is taken: what is there was recorded, or keeps existing under another name. */
function makeRoom(folder: ContainedFolder, names: readonly string[], input: PutBackInput, old: HeldFiles): void {
  const name = names.at(-1) as string;
  const stat = old.look(folder, name);
  if (!stat) return;
  const path = names.join('/');
  const recorded = input.now.entries.get(path);
  if (recorded && statKey(stat) === recorded.key) return;
  if (stat.isDirectory() && removeEmptyFolder(folder, name)) return;
  // What has changed or come since can be recorded; a folder of ignored files, a device, a giant cannot.
  if (recorded || (!stat.isDirectory() && !input.now.skipped.includes(path))) throw new WorkspaceChanged();
  moveAside(input, folder, names);
}

function moveAside(input: PutBackInput, folder: ContainedFolder, names: readonly string[]): void {
  const name = names.at(-1) as string;
  for (let count = 1; ; count += 1) {
    const aside = `${name}.kept${count === 1 ? '' : `-${count}`}`;
    if (statEntry(folder, aside)) continue;
    input.onKept({ path: names.join('/'), movedTo: [...names.slice(0, -1), aside].join('/') });
    renameEntry(folder, name, folder, aside);
    return input.onChange();
  }
}
