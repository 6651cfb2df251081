import { createHash } from 'node:crypto';
import type { Db } from '#server/db/open.ts';
import type { Project } from '#server/db/schema.ts';
import { createHider } from '#server/hidden-values.ts';
import type { Release } from '#server/releases/release.ts';
import { dataFolderOf } from '#server/releases/store.ts';
import type { SiteStart } from '#server/runtime/site-servers.ts';
import type { Settings } from '#server/settings/settings.ts';
import { readEnvironment, secretsIn } from './environment.ts';
import { projectDirectory } from './rows.ts';

export interface SiteProgramOptions {
  db: Db;
  dataDir: string;
  settings: Settings;
  /** Where browsers find a published site. */
  origin(slug: string): string;
}

/** A release that runs, with the project's variables as they are at this moment. */
export type NamedProgram = Pick<SiteStart, 'projectId' | 'projectDir' | 'release' | 'program' | 'hide'>;

/**
 * Names the process by what it runs and with which variables: with others it is another one.
 *
 * @throws AppError `environment_unreadable`.
 */
export function readProgram(options: SiteProgramOptions, project: Project, release: Release): NamedProgram {
  const env = readEnvironment(options, project.id);
  const projectDir = projectDirectory(options.dataDir, project);
  const { appFolder, args, worksInData, env: own } = release.server!;
  const publicHost = new URL(options.origin(project.slug)).host;
  return {
    projectId: project.id,
    projectDir,
    release: `${digits(release.hash)}-${digits(createHash('sha256').update(JSON.stringify(env)).digest('hex'))}`,
    program: { appFolder, args, worksInData, dataFolder: dataFolderOf(projectDir), env: { ...own, ...env }, publicHost },
    hide: createHider(secretsIn(env)),
  };
}

const digits = (hash: string): string => hash.slice(0, 16);
