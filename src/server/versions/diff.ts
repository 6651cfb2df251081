import { runGit } from './git.ts';

export interface FileDifference {
  path: string;
  /** Where a renamed file was. */
  previousPath: string | null;
  status: 'added' | 'removed' | 'changed' | 'renamed';
  isBinary: boolean;
  /** Lines; 0 for a binary file. */
  added: number;
  removed: number;
  /** Unified diff of this file; null when it is binary, not asked for, or beyond the limits. */
  patch: string | null;
}

export interface Difference {
  files: FileDifference[];
  /** Whether there are more files than are listed, or patches were left out for their size. */
  isCut: boolean;
}

export const diffLimits = { files: 2_000, fileBytes: 200_000, bytes: 2_000_000, timeoutMs: 15_000 };

/** The tree that has nothing in it; git knows it without having it. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const OPTIONS = ['-r', '-M', '-l1000', '--no-ext-diff', '--no-textconv', '--no-color', '--no-commit-id', '--full-index'];
const words = { A: 'added', D: 'removed', R: 'renamed' } as Record<string, FileDifference['status']>;

/** What differs, by file. @param from Undefined = nothing at all. */
export async function diffCommits(gitDir: string, from: string | undefined, to: string, withPatches: boolean): Promise<Difference> {
  const trees = [from ?? EMPTY_TREE, to, '--'];
  const options = { timeoutMs: diffLimits.timeoutMs };
  const { output } = await runGit(gitDir, ['diff-tree', ...OPTIONS, '--raw', '--numstat', '-z', ...trees], options);
  const all = parseFiles(output.toString('utf8'));
  const files = all.slice(0, diffLimits.files);
  let isCut = files.length < all.length;
  if (withPatches && files.length > 0) {
    const text = await runGit(gitDir, ['diff-tree', ...OPTIONS, '-p', ...trees], { ...options, limitBytes: diffLimits.bytes });
    isCut = addPatches(files, text.output.toString('utf8'), text.cut) || isCut;
  }
  return { files, isCut };
}

/** Raw records come first, then one count for each of them, in the same order. */
function parseFiles(text: string): FileDifference[] {
  const fields = text.split('\0');
  const files: FileDifference[] = [];
  let at = 0;
  while (fields[at]?.startsWith(':')) {
    const letter = (fields[at] as string).split(' ')[4]?.[0] ?? 'M';
    const isRename = letter === 'R';
    const first = fields[at + 1] as string;
    const path = isRename ? (fields[at + 2] as string) : first;
    const status = words[letter] ?? 'changed';
    files.push({ path, previousPath: isRename ? first : null, status, isBinary: false, added: 0, removed: 0, patch: null });
    at += isRename ? 3 : 2;
  }
  for (const file of files) {
    const [added, removed, name] = (fields[at] ?? '').split('\t');
    file.isBinary = added === '-';
    file.added = Number(added) || 0;
    file.removed = Number(removed) || 0;
    at += name === '' ? 3 : 1;
  }
  return files;
}

/** @returns Whether any patch had to be left out. */
function addPatches(files: FileDifference[], text: string, wasCut: boolean): boolean {
  // Lines of content begin with a space, + or -, so this can only be a header.
  const patches = text.split(/^(?=diff --git )/m).filter((patch) => patch !== '');
  if (wasCut) patches.pop();
  let isCut = wasCut;
  // A file that became a link, or back, is two patches but one record.
  const byFile = new Map<number, string>();
  let index = -1;
  for (const patch of patches) {
    const continues = index >= 0 && patch.split('\n', 1)[0] === byFile.get(index)?.split('\n', 1)[0];
    if (!continues) index += 1;
    byFile.set(index, (byFile.get(index) ?? '') + patch);
  }
  for (const [position, file] of files.entries()) {
    const patch = byFile.get(position);
    if (file.isBinary || patch === undefined) continue;
    if (patch.length > diffLimits.fileBytes) isCut = true;
    else file.patch = patch;
  }
  return isCut;
}
