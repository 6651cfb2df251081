import { createHash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { cp, lstat, mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#server/errors.ts';
import type { Log } from '#server/log.ts';
import type { SpawnChild } from '#server/spawn.ts';
import { installPackages as linkPackages } from './install.ts';
import type { InstallOutcome } from './install.ts';
import { warmStore } from './store.ts';

const LOCKFILE_BYTES = 16 * 1024 * 1024;
const NOT_COPIED = new Set(['node_modules', '.astro', 'dist']);

export interface PrepareInput {
  projectDir: string;
  projectId: string;
  /** Name of a folder in the templates folder. */
  template: string;
  signal: AbortSignal;
  onLog(line: string): void;
}

export interface WorkspaceOptions {
  storeDir: string;
  templatesDir: string;
  spawnChild: SpawnChild;
  log: Log;
}

/**
 * Leaves `<projectDir>/workspace` with the template's files and its packages linked. Does only what is missing: a
 * workspace appears by a rename, and an install counts once `<projectDir>/install.json` names its lockfile.
 *
 * @throws AppError `template_not_found`, `packages_unavailable` (store cold and no registry), `storage_full`.
 */
export async function prepareWorkspace(options: WorkspaceOptions, input: PrepareInput): Promise<void> {
  const workspace = join(input.projectDir, 'workspace');
  try {
    if (!existsSync(workspace)) await copyTemplate(findTemplate(options.templatesDir, input.template), workspace, input.projectDir);
    input.signal.throwIfAborted();
    await installPackages(options, input, workspace);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new AppError('storage_full', { cause: error });
    throw error;
  }
}

function findTemplate(templatesDir: string, template: string): string {
  const folder = join(templatesDir, template);
  if (!/^[a-z0-9-]{1,48}$/.test(template) || !existsSync(join(folder, 'package.json'))) throw new AppError('template_not_found');
  return folder;
}

async function copyTemplate(template: string, workspace: string, projectDir: string): Promise<void> {
  await mkdir(projectDir, { recursive: true, mode: 0o700 });
  for (const name of await readdir(projectDir)) {
    if (name.startsWith('.workspace-')) await rm(join(projectDir, name), { recursive: true, force: true });
  }
  const draft = join(projectDir, `.workspace-${process.pid}-${Date.now().toString(36)}`);
  await cp(template, draft, { recursive: true, filter: (path) => path === template || !NOT_COPIED.has(basename(path)) });
  await rename(draft, workspace);
}

async function installPackages(options: WorkspaceOptions, input: PrepareInput, workspace: string): Promise<void> {
  const stampFile = join(input.projectDir, 'install.json');
  const lockHash = await hashLockfile(workspace);
  const hasPackages = existsSync(join(workspace, 'node_modules', 'astro', 'package.json'));
  const stamp = await readFile(stampFile, 'utf8').catch(() => undefined);
  if (hasPackages && stamp === lockHash) return;

  await dropForeignModules(workspace);
  let outcome = await install(options, input, workspace);
  if (outcome.state === 'cold') {
    const warmed = await warmStore({ ...options, template: input.template, signal: input.signal });
    if (warmed.state === 'cold') throw new AppError('packages_unavailable', { cause: new Error(warmed.detail) });
    outcome = await install(options, input, workspace);
  }
  if (outcome.state === 'installed') return writeFile(stampFile, lockHash, { mode: 0o600 });
  if (outcome.output.includes('ENOSPC')) throw new AppError('storage_full');
  // A project whose manifest was edited can't be installed from its lockfile; what was installed before may still run.
  if (stamp !== undefined && existsSync(join(workspace, 'node_modules', 'astro', 'package.json'))) return;
  throw new AppError('packages_unavailable', { cause: new Error(outcome.output) });
}

/** Project code may have planted a link where a fifo, a device or somebody else's file would be read. */
async function hashLockfile(workspace: string): Promise<string> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(join(workspace, 'pnpm-lock.yaml'), flags).catch(() => undefined);
  if (!file) return 'none';
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > LOCKFILE_BYTES) return 'none';
    return createHash('sha256')
      .update(await file.readFile())
      .digest('hex');
  } finally {
    await file.close();
  }
}

async function dropForeignModules(workspace: string): Promise<void> {
  const modules = join(workspace, 'node_modules');
  const stat = await lstat(modules).catch(() => undefined);
  if (stat && !stat.isDirectory()) await rm(modules, { force: true });
}

function install(options: WorkspaceOptions, input: PrepareInput, workspace: string): Promise<InstallOutcome> {
  return linkPackages(options, {
    projectId: input.projectId,
    folder: workspace,
    home: join(input.projectDir, 'home'),
    logFile: join(input.projectDir, 'logs', 'install.log'),
    signal: input.signal,
    onLog: input.onLog,
  });
}
