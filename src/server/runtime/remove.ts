import { lstatSync } from 'node:fs';
import { chmod, lstat, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Deletes a project's folder, whatever its code did to it. Safe to repeat after a crash.
 *
 * @throws Error when `projectDir` is not directly inside `<dataDir>/projects`.
 */
export async function removeProjectFolder(dataDir: string, projectDir: string): Promise<void> {
  const projects = join(resolve(dataDir), 'projects');
  const name = basename(projectDir);
  if (dirname(resolve(projectDir)) !== projects || !/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    throw new Error('Only a folder of a project can be removed.');
  }
  const stat = lstatSync(projectDir, { throwIfNoEntry: false });
  const grave = join(projects, `.removing-${name}`);
  await removeTree(grave);
  if (!stat) return;
  if (stat.isSymbolicLink() || (await realpath(projectDir)) !== join(await realpath(projects), name)) {
    throw new Error('The folder of a project must not be a link.');
  }
  await rename(projectDir, grave);
  await removeTree(grave);
}

/** Deletes a folder of project code, whatever it did to permissions. */
export async function removeTree(folder: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 };
  try {
    await rm(folder, options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    await openUp(folder);
    await rm(folder, options);
  }
}

/** Project code can take its own folders' permissions away; never follows links. */
async function openUp(folder: string): Promise<void> {
  const stat = await lstat(folder).catch(() => undefined);
  if (!stat?.isDirectory()) return;
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openUp(join(folder, entry.name));
  }
}
