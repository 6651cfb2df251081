import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { gitEnd, runGit, startGit } from './git.ts';
import { VersionsError } from './versions-error.ts';

const TIMEOUT_MS = 120_000;
export const BUNDLE_NAME = 'history.bundle';

/** Begins to write a ZIP of a commit's files. The stream fails when git does. */
export async function startArchive(gitDir: string, hash: string, history: boolean): Promise<Readable> {
  const extras = history ? await mkdtemp(join(gitDir, 'doce-export-')) : undefined;
  const add = extras ? [`--add-file=${join(extras, BUNDLE_NAME)}`] : [];
  if (extras)
    await runGit(gitDir, ['bundle', 'create', '--quiet', join(extras, BUNDLE_NAME), 'refs/heads/main'], { timeoutMs: TIMEOUT_MS });
  const child = startGit(gitDir, ['archive', '--format=zip', ...add, hash], TIMEOUT_MS);
  child.stdin.end();
  void gitEnd(child).then(async ({ succeeded, complaint }) => {
    if (!succeeded) child.stdout.destroy(new VersionsError('git_failed', { cause: new Error(`git archive: ${complaint}`) }));
    if (extras) await rm(extras, { recursive: true, force: true });
  });
  // Whoever stops reading stops git as well.
  child.stdout.once('close', () => child.kill('SIGKILL'));
  return child.stdout;
}
