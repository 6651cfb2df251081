import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  openContainedRoot,
  openFolderPath,
  openSubfolder,
  putFile,
  readContained,
  removeEmptyFolder,
  removeFile,
  renameEntry,
  statEntry,
} from '#server/contained-folder.ts';
import type { ContainedFolder } from '#server/contained-folder.ts';
import { addFileAt } from './add-file.ts';
import { parseFilePath } from './file-path.ts';
import { FilesError } from './files-error.ts';
import { listFolder, namesIn } from './list-files.ts';
import type { ListedEntry } from './list-files.ts';
import { searchFolder } from './search-files.ts';
import type { FileMatch } from './search-files.ts';

export const FILE_BYTES = 10 * 1024 * 1024;

export interface ReadFile {
  path: string;
  content: Buffer;
  /** Of the content: what a write has to name to replace it. */
  hash: string;
}

/** @property base What the writer believes is there: a hash, null for nothing, undefined for whatever it is. */
export interface WriteFile {
  content: Uint8Array;
  base?: string | null | undefined;
}

export type WriteOutcome = { state: 'written'; hash: string } | { state: 'changed'; current: ReadFile | undefined };

/**
 * The files of a workspace, for a person who looks and edits while project code may do the same. All throw FilesError `bad_path`,
 * `private`, `not_found`; nothing ever follows a link.
 */
export interface Files {
  /** What is at a path: a folder's entries, all the way down, or a file. `''` is the workspace. @throws FilesError `not_a_file`, `too_large`. */
  read(projectDir: string, path: string): Promise<{ folder: { entries: ListedEntry[]; isCut: boolean } } | { file: ReadFile }>;
  /** Makes the folders above it. @throws FilesError `not_a_file`, `not_a_folder`, `too_large`. */
  write(projectDir: string, path: string, input: WriteFile): WriteOutcome;
  /**
   * Puts content into a folder, which is made, under the first of these names that is free or holds the same content already.
   *
   * @returns Its path. @throws FilesError `not_a_folder`, `exists` when all names are taken, `too_large`.
   */
  add(projectDir: string, folder: string, names: readonly string[], content: Uint8Array): string;
  /** @throws FilesError `not_a_folder`. */
  createFolder(projectDir: string, path: string): void;
  /** Never over something. @throws FilesError `exists`, `not_a_folder`. */
  rename(projectDir: string, from: string, to: string): void;
  /** A folder with everything in it that is not private. @returns False when private entries keep the folder there. */
  remove(projectDir: string, path: string): boolean;
  search(projectDir: string, query: string): Promise<{ matches: FileMatch[]; isCut: boolean }>;
}

export const files: Files = {
  async read(projectDir, path) {
    if (path === '') return withRoot(projectDir, async (root) => ({ folder: await listFolder(root, []) }));
    const names = parseFilePath(path);
    return withRoot(projectDir, async (root) => {
      const kind = within(root, names, (folder, name) => statEntry(folder, name));
      if (!kind) throw new FilesError('not_found');
      if (!kind.isDirectory()) return { file: within(root, names, (folder, name) => readFileAt(folder, name, path)) };
      const folder = openFolderPath(root, names);
      return { folder: await listFolder(folder, names).finally(() => folder.close()) };
    });
  },
  write(projectDir, path, { content, base }) {
    const names = parseFilePath(path);
    if (content.length > FILE_BYTES) throw new FilesError('too_large');
    return withRoot(projectDir, (root) => within(root, names, (folder, name) => writeAt(folder, name, path, content, base), true));
  },
  add(projectDir, folder, names, content) {
    const paths = names.map((name) => parseFilePath(`${folder}/${name}`));
    if (content.length > FILE_BYTES) throw new FilesError('too_large');
    return withRoot(projectDir, (root) => {
      const opened = openOrRefuse(root, parseFilePath(folder), true);
      try {
        const name = addFileAt(
          opened,
          paths.map((path) => path.at(-1) as string),
          content,
        );
        if (name === undefined) throw new FilesError('exists');
        return `${folder}/${name}`;
      } finally {
        opened.close();
      }
    });
  },
  createFolder(projectDir, path) {
    withRoot(projectDir, (root) => openOrRefuse(root, parseFilePath(path), true).close());
  },
  rename(projectDir, from, to) {
    const [fromNames, toNames] = [parseFilePath(from), parseFilePath(to)];
    if (`${to}/`.startsWith(`${from}/`)) throw new FilesError('bad_path');
    withRoot(projectDir, (root) =>
      within(root, fromNames, (source, sourceName) => {
        if (!statEntry(source, sourceName)) throw new FilesError('not_found');
        within(
          root,
          toNames,
          (target, targetName) => {
            if (statEntry(target, targetName)) throw new FilesError('exists');
            renameEntry(source, sourceName, target, targetName);
          },
          true,
        );
      }),
    );
  },
  remove(projectDir, path) {
    const names = parseFilePath(path);
    return withRoot(projectDir, (root) => within(root, names, removeAt));
  },
  search: (projectDir, query) => withRoot(projectDir, (root) => searchFolder(root, query)),
};

function withRoot<T>(projectDir: string, work: (root: ContainedFolder) => T): T {
  let root: ContainedFolder;
  try {
    root = openContainedRoot(join(projectDir, 'workspace'));
  } catch (error) {
    throw new FilesError('not_found', { cause: error });
  }
  let isAsync = false;
  try {
    const result = work(root);
    if (!(result instanceof Promise)) return result;
    isAsync = true;
    return result.finally(() => root.close()) as T;
  } finally {
    if (!isAsync) root.close();
  }
}

function within<T>(root: ContainedFolder, names: readonly string[], work: (folder: ContainedFolder, name: string) => T, create = false): T {
  const folder = openOrRefuse(root, names.slice(0, -1), create);
  try {
    return work(folder, names.at(-1) as string);
  } finally {
    folder.close();
  }
}

function openOrRefuse(root: ContainedFolder, names: readonly string[], create: boolean): ContainedFolder {
  try {
    return openFolderPath(root, names, create);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing || ['ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw new FilesError(create && !isMissing ? 'not_a_folder' : 'not_found', { cause: error });
    }
    throw error;
  }
}

function readFileAt(folder: ContainedFolder, name: string, path: string): ReadFile {
  const stat = statEntry(folder, name);
  if (!stat) throw new FilesError('not_found');
  if (!stat.isFile()) throw new FilesError('not_a_file');
  const read = readContained(folder, name, FILE_BYTES);
  if (!read) throw new FilesError('too_large');
  return { path, content: read.content, hash: hashOf(read.content) };
}

function writeAt(folder: ContainedFolder, name: string, path: string, content: Uint8Array, base: string | null | undefined): WriteOutcome {
  const stat = statEntry(folder, name);
  if (stat && !stat.isFile()) throw new FilesError('not_a_file');
  let current: ReadFile | undefined;
  try {
    // The last look is right before the rename: there is nothing in between in which somebody could write.
    const beforeRename = () => {
      if (base === undefined) return;
      current = statEntry(folder, name) ? readFileAt(folder, name, path) : undefined;
      if ((current?.hash ?? null) !== base) throw new Changed();
    };
    putFile(folder, name, content, { durable: true, executable: ((stat?.mode ?? 0) & 0o100) !== 0, beforeRename });
  } catch (error) {
    if (error instanceof Changed) return { state: 'changed', current };
    throw error;
  }
  return { state: 'written', hash: hashOf(content) };
}

class Changed extends Error {}

function removeAt(folder: ContainedFolder, name: string): boolean {
  const stat = statEntry(folder, name);
  if (!stat) throw new FilesError('not_found');
  if (!stat.isDirectory()) {
    removeFile(folder, name);
    return true;
  }
  const inner = openSubfolder(folder, name);
  try {
    for (const child of namesIn(inner)) removeAt(inner, child);
  } finally {
    inner.close();
  }
  return removeEmptyFolder(folder, name);
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
