import { and, eq, inArray } from 'drizzle-orm';
import type { Db, Tx } from '#server/db/open.ts';
import { projects } from '#server/db/schema.ts';
import type { Project } from '#server/db/schema.ts';
import { AppError, isAppErrorCode } from '#server/errors.ts';
import type { ImportErrorCode } from '#server/import/refuse-import.ts';
import type { ProjectStatus } from './views.ts';

/**
 * From which states each state may be entered. `starting` and `stopping` may be entered again: asking twice is no error.
 *
 *     created ─► starting ─► running ─► stopping ─► stopped ─► starting …
 *        └──────────┴── error ◄──┘          any ─► deleting (final)
 */
const legalSources: Record<ProjectStatus, readonly ProjectStatus[]> = {
  created: [],
  starting: ['created', 'starting', 'running', 'stopped', 'error'],
  running: ['starting'],
  stopping: ['created', 'starting', 'running', 'stopping', 'error'],
  stopped: ['created', 'starting', 'running', 'stopping', 'error'],
  error: ['created', 'starting', 'running', 'stopping', 'stopped'],
  deleting: ['created', 'starting', 'running', 'stopping', 'stopped', 'error', 'deleting'],
};

/** Why a project is in `error`, for people: what happened and what to do. Codes are permanent. */
const errorMessages: Record<string, string> = {
  preview_exited: 'The preview could not start. Look at the line that failed, then ask doce to fix it or start it again.',
  preview_timeout: 'The preview did not answer in time. Start it again.',
  preview_crashed:
    'The preview kept stopping, so doce gave up on it. Look at the line that failed, then ask doce to fix it or start it again.',
  packages_unavailable: 'The packages are not here and the registry does not answer. Try again once this machine is online.',
  package_unknown: 'The site asks for a package or version that does not exist. Correct package.json, then try again.',
  packages_unsupported:
    'The site asks for a package in a folder or a catalogue, and only packages of a registry can be installed. Change package.json, then try again.',
  packages_too_large: 'The packages of this site take more space than one site may. Remove some from package.json, then try again.',
  packages_timed_out: 'Installing the packages took too long and was ended. Try again; what has arrived is kept.',
  packages_failed: 'The packages could not be installed. Look at the lines below, correct package.json, then try again.',
  manifest_invalid: 'The file package.json cannot be read. Correct it, then try again.',
  template_not_found: 'The template of this project is no longer there. Delete the project and create it again.',
  storage_full: 'The disk is full. Free some space, then start it again; nothing was lost.',
  prepare_failed: 'The files of this project could not be put in place. Start it again.',
};

const statusWords: Record<ProjectStatus, string> = {
  created: 'Preparing the files',
  starting: 'Starting the preview',
  running: 'Preview is live',
  stopping: 'Stopping',
  stopped: 'Asleep',
  error: 'The preview failed',
  deleting: 'Being deleted',
};

/** @param errorCode Why, when it is `error`. */
export const describeStatus = (status: ProjectStatus, errorCode?: string | null): string =>
  status === 'error' && errorCode && isImportCode(errorCode) ? 'The import failed' : statusWords[status];
export const describeError = (code: string): string =>
  errorMessages[code] ?? (isImportCode(code) ? new AppError(code).message : 'Something went wrong. Start it again.');
export const isErrorCode = (code: string): boolean => code in errorMessages || isImportCode(code);
const isImportCode = (code: string): code is ImportErrorCode => code.startsWith('import_') && isAppErrorCode(code);

type StatusPatch = Partial<Pick<Project, 'devPort' | 'deletedAt' | 'errorCode' | 'errorDetail'>>;

/**
 * The only way a project changes state: one compare-and-set over the legal transitions, so that a late `running` can't
 * overwrite `deleting`. Leaving `error` clears its reason.
 *
 * @returns Whether the change was made.
 */
export function changeStatus(tx: Db | Tx, projectId: string, to: ProjectStatus, patch: StatusPatch = {}): boolean {
  const reason = to === 'error' ? {} : { errorCode: null, errorDetail: null };
  const result = tx
    .update(projects)
    .set({ status: to, ...reason, ...patch })
    .where(and(eq(projects.id, projectId), inArray(projects.status, [...legalSources[to]])))
    .run();
  return result.changes === 1;
}
