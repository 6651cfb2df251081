import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseMessage } from './commit-message.ts';
import type { VersionNote } from './commit-message.ts';
import { runGit } from './git.ts';
import { VersionsError } from './versions-error.ts';

export const BRANCH = 'refs/heads/main';
/** Where the present state is put to be compared; never part of the history. */
export const NOW_REF = 'refs/doce/now';

const CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tlogAllRefUpdates = false
`;
/** Nothing that the workspace's own .gitattributes say may change a byte, hide a difference or leave a file out of an archive. */
const ATTRIBUTES = '* -text !eol !ident !filter !working-tree-encoding !diff !merge !export-ignore !export-subst\n';

export interface StoredVersion extends Omit<VersionNote, 'atMs'> {
  hash: string;
  /** Of the tree: equal files have an equal one. */
  treeHash: string;
  createdAtMs: number;
}

export const isHash = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);

/** Makes the repository, whole or not at all, unless it is there. */
export async function createRepository(gitDir: string): Promise<void> {
  if (existsSync(join(gitDir, 'HEAD'))) return;
  const draft = `${gitDir}.new`;
  await rm(draft, { recursive: true, force: true });
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'info']) {
    await mkdir(join(draft, folder), { recursive: true, mode: 0o700 });
  }
  await writeFile(join(draft, 'config'), CONFIG);
  await writeFile(join(draft, 'info', 'attributes'), ATTRIBUTES);
  await writeFile(join(draft, 'HEAD'), `ref: ${BRANCH}\n`);
  await rename(draft, gitDir);
}

/** Removes the locks of a git that was killed. Only for a host that has just begun: nobody else writes here. */
export async function removeStaleLocks(gitDir: string): Promise<void> {
  for (const folder of ['', 'refs/heads', 'refs/doce']) {
    const names = await readdir(join(gitDir, folder)).catch(() => []);
    for (const name of names) if (name.endsWith('.lock')) await rm(join(gitDir, folder, name), { force: true });
  }
}

/** The latest version; undefined before the first. */
export function readHead(gitDir: string): string | undefined {
  try {
    const hash = readFileSync(join(gitDir, BRANCH), 'utf8').trim();
    if (isHash(hash)) return hash;
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return undefined;
}

/**
 * Versions from `start` back, newest first.
 *
 * @param start Of a version that exists.
 */
export async function readLog(gitDir: string, start: string, limit: number): Promise<StoredVersion[]> {
  const { output } = await runGit(gitDir, ['log', '--first-parent', '-z', '--format=%H%n%T%n%B', `--max-count=${limit}`, start, '--']);
  return output
    .toString('utf8')
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => {
      const { atMs, ...note } = parseMessage(record.slice(82));
      return { hash: record.slice(0, 40), treeHash: record.slice(41, 81), createdAtMs: atMs, ...note };
    });
}

/** @throws VersionsError `version_not_found` when the history has no such version. */
export async function requireVersion(gitDir: string, hash: string): Promise<StoredVersion> {
  const head = readHead(gitDir);
  if (!head || !isHash(hash)) throw new VersionsError('version_not_found');
  try {
    const [[version]] = await Promise.all([readLog(gitDir, hash, 1), runGit(gitDir, ['merge-base', '--is-ancestor', hash, head])]);
    return version as StoredVersion;
  } catch (error) {
    if ((error as VersionsError).code === 'git_missing') throw error;
    throw new VersionsError('version_not_found', { cause: error });
  }
}
