import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#server/errors.ts';
import type { Log } from '#server/log.ts';
import type { PackagesFailure } from './packages/failure.ts';
import { hasModules, installPackages } from './packages/install.ts';
import type { InstallOptions } from './packages/install.ts';
import { readPackageSources } from './packages/sources.ts';

const NOT_COPIED = new Set(['node_modules', '.astro', 'dist']);

export interface PrepareInput {
  projectDir: string;
  projectId: string;
  /** Name of a folder in the templates folder. */
  template: string;
  signal: AbortSignal;
  onLog(line: string): void;
  /** Packages have to be installed: from here on it may take minutes. */
  onInstalling?(): void;
}

/** `outdated`: what is asked for can't be installed; `hasPackages`: what was installed before is still there and may do. */
export type PrepareOutcome = { state: 'ready'; wasInstalled: boolean } | ({ state: 'outdated'; hasPackages: boolean } & PackagesFailure);

export interface WorkspaceOptions extends InstallOptions {
  templatesDir: string;
  log: Log;
}

/**
 * Leaves `<projectDir>/workspace` with the template's files and the packages they ask for. Does only what is missing: a
 * workspace appears by a rename, and an install counts once `<projectDir>/install.json` names what it was made from.
 *
 * @throws AppError `template_not_found`, `storage_full`.
 */
export async function prepareWorkspace(options: WorkspaceOptions, input: PrepareInput): Promise<PrepareOutcome> {
  const workspace = join(input.projectDir, 'workspace');
  try {
    if (!existsSync(workspace)) await copyTemplate(findTemplate(options.templatesDir, input.template), workspace, input.projectDir);
    input.signal.throwIfAborted();
    return await installWanted(options, input, workspace);
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

/** Does nothing when what is asked for is what was installed last. */
async function installWanted(options: WorkspaceOptions, input: PrepareInput, workspace: string): Promise<PrepareOutcome> {
  if (await arePackagesCurrent(input.projectDir)) return { state: 'ready', wasInstalled: false };
  input.onInstalling?.();
  const outcome = await installPackages(options, {
    projectId: input.projectId,
    folder: workspace,
    home: join(input.projectDir, 'home'),
    logFile: join(input.projectDir, 'logs', 'install.log'),
    signal: input.signal,
    onLog: input.onLog,
  });
  if (outcome.state === 'installed') {
    await writeFile(stampOf(input.projectDir), outcome.fingerprint, { mode: 0o600 });
    return { state: 'ready', wasInstalled: true };
  }
  options.log.info({ projectId: input.projectId, code: outcome.code, detail: outcome.detail }, 'packages could not be installed');
  return { state: 'outdated', code: outcome.code, detail: outcome.detail, hasPackages: hasModules(workspace) };
}

/** Whether `workspace/node_modules` is what its `package.json` and lockfile ask for. */
export async function arePackagesCurrent(projectDir: string): Promise<boolean> {
  const workspace = join(projectDir, 'workspace');
  if (!hasModules(workspace)) return false;
  const [sources, stamp] = await Promise.all([readPackageSources(workspace), readFile(stampOf(projectDir), 'utf8').catch(() => undefined)]);
  return sources.state === 'read' && sources.fingerprint === stamp;
}

const stampOf = (projectDir: string) => join(projectDir, 'install.json');
