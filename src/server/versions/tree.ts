import { createHash } from 'node:crypto';
import { runGit } from './git.ts';

/** As git writes them: a file, an executable file, a link. */
export type EntryMode = '100644' | '100755' | '120000';

export interface TreeEntry {
  mode: EntryMode;
  /** Of the blob: the content, or the target of a link. */
  hash: string;
}

/** Path (with `/`, never leading) → what is there. */
export type Tree = ReadonlyMap<string, TreeEntry>;

/** The files of a commit; empty for `undefined`. */
export async function readTree(gitDir: string, commit: string | undefined): Promise<Tree> {
  const tree = new Map<string, TreeEntry>();
  if (commit === undefined) return tree;
  const { output } = await runGit(gitDir, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  for (const line of output.toString('utf8').split('\0')) {
    const tab = line.indexOf('\t');
    const [mode, kind, hash] = line.slice(0, tab).split(' ');
    if (tab > 0 && kind === 'blob') tree.set(line.slice(tab + 1), { mode: mode as EntryMode, hash: hash as string });
  }
  return tree;
}

/** The name git gives to this content. */
export function blobHash(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

export const sameEntry = (a: TreeEntry | undefined, b: TreeEntry | undefined): boolean => a?.mode === b?.mode && a?.hash === b?.hash;

export const sameTree = (a: Tree, b: Tree): boolean => a.size === b.size && [...a].every(([path, entry]) => sameEntry(entry, b.get(path)));

/** Every folder above a path, nearest last. */
export function foldersAbove(path: string): string[] {
  const names = path.split('/');
  return names.slice(0, -1).map((_, index) => names.slice(0, index + 1).join('/'));
}
