import type { VersionPreview } from '#server/db/version-tables.ts';
import type { ProjectsContext } from './context.ts';
import { previewLabel } from './version-preview-rows.ts';

/** A version's built site, as pages and the API show it. Times are ISO 8601 in UTC. */
export interface VersionPreviewView {
  versionHash: string;
  /** `none`: nobody asked for it, it was cancelled, or others were looked at since. */
  state: 'none' | VersionPreview['state'];
  /** Where it can be looked at; null unless `built`. */
  url: string | null;
  /** `needsServer`: it can't be shown as pages, only its files can be looked at. */
  error: { code: string; message: string; detail: string | null; needsServer: boolean } | null;
  /** The last lines of the build, while it runs or when it failed. */
  log: string[];
  startedAt: string | null;
}

const NEEDS_SERVER = new Set(['server_output', 'server_not_shown']);

/** Why a version can't be looked at, for people: what happened and what to do. Codes are permanent. */
const errorMessages: Record<string, string> = {
  build_failed: 'This version can’t be built; the lines below say why. Look at its files, or at another version.',
  build_timed_out: 'Building this version took too long and was ended. Look at its files, or try again.',
  build_out_of_memory: 'Building this version used more memory than it may. Look at its files instead.',
  dependency_missing: 'This version needs a package or file that is not there. Look at its files instead.',
  server_output: 'This version needs a server of its own, so only its files can be looked at.',
  server_not_shown: 'This version needs a server of its own, so only its files can be looked at.',
  script_unreadable: 'How this version is built can’t be told from its package.json. Look at its files instead.',
  packages_unavailable: 'The packages of this version could not be fetched. Connect to the internet and try again, or look at its files.',
  environment_unreadable: 'The project’s variables could not be read. Set them again in its settings, then try again.',
  check_secret: 'The pages of this version hold a secret, so they are not shown; the lines below say where. Look at its files instead.',
  no_pages: 'The build of this version made no page. Look at its files instead.',
  output_too_large: 'The built site of this version is too large. Look at its files instead.',
  storage_full: 'The disk is full. Free some space, then try again; nothing was lost.',
  interrupted: 'doce was stopped too often while this was being built. Try again.',
};

export function viewVersionPreview(
  context: ProjectsContext,
  project: { id: string; slug: string },
  hash: string,
  row: VersionPreview | undefined,
): VersionPreviewView {
  const build = context.production.building.get(project.id);
  const code = row?.state === 'failed' ? (row.errorCode ?? 'build_failed') : undefined;
  return {
    versionHash: hash,
    state: row?.state ?? 'none',
    url: row?.state === 'built' ? context.previewOrigin(previewLabel(project.slug, hash)) : null,
    error: code ? { code, message: describe(code), detail: row?.errorDetail ?? null, needsServer: NEEDS_SERVER.has(code) } : null,
    log: row?.log ? row.log.split('\n') : build?.id === hash ? [...build.log] : [],
    startedAt: row?.startedAtMs ? new Date(row.startedAtMs).toISOString() : null,
  };
}

const describe = (code: string): string => errorMessages[code] ?? 'Something went wrong. Try again.';
