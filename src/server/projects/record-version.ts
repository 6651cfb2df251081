import type { Turn } from '#server/db/conversation-tables.ts';
import type { ProjectImport } from '#server/db/import-tables.ts';
import type { RecordVersion } from '#server/versions/versions.ts';
import type { ProjectsContext } from './context.ts';
import { findImport } from './import-rows.ts';
import { findLiveTurn, findProject, projectDirectory } from './rows.ts';
import type { TurnState } from './views.ts';
import { syncVersionRows } from './version-rows.ts';

const QUIET_MS = 30_000;

const endWords: Partial<Record<TurnState, string>> = { stopped: 'Stopped: ', failed: 'Failed: ', needs_attention: 'Interrupted: ' };

/**
 * Records what a turn left, however it ended, before its end is stored: a host that dies in between finds the turn still running
 * and comes here again.
 *
 * @returns The version that holds the state after the turn; undefined when there is none, which never keeps a turn from ending.
 */
export async function recordTurn(context: ProjectsContext, turn: Turn, end: TurnState): Promise<string | undefined> {
  return record(context, turn.projectId, { title: `${endWords[end] ?? ''}${turn.text}`, kind: 'turn', turnId: turn.id });
}

/** Records what was brought in as the project's first version. Does nothing when it has one. */
export async function recordImport(context: ProjectsContext, projectId: string, origin: ProjectImport): Promise<void> {
  const project = findProject(context.db, projectId);
  if (!project || context.versions.hasVersions(projectDirectory(context.dataDir, project))) return;
  await record(context, projectId, importNote(origin));
}

const importNote = ({ origin }: ProjectImport) => ({ title: `Imported from ${origin}`, kind: 'import' }) as const;

/** Records what was edited since the latest version; the first version of a project is the template it was made from, or the import. */
export async function recordEdits(context: ProjectsContext, projectId: string): Promise<string | undefined> {
  const project = findProject(context.db, projectId);
  if (!project?.preparedAtMs || project.status === 'deleting') return undefined;
  const isFirst = !context.versions.hasVersions(projectDirectory(context.dataDir, project));
  const brought = findImport(context.db, projectId);
  const first = brought ? importNote(brought) : ({ title: `Started from the template “${project.template}”`, kind: 'start' } as const);
  return record(context, projectId, isFirst ? first : { title: 'Edited by hand', kind: 'hand-edit' });
}

async function record(context: ProjectsContext, projectId: string, input: RecordVersion): Promise<string | undefined> {
  const project = findProject(context.db, projectId);
  if (!project) return undefined;
  const projectDir = projectDirectory(context.dataDir, project);
  try {
    const recorded = await context.versions.recordVersion(projectDir, input);
    await syncVersionRows(context, projectId);
    return recorded?.hash ?? (await context.versions.latestVersion(projectDir))?.hash;
  } catch (error) {
    context.log.error({ error, projectId, kind: input.kind }, 'a version could not be recorded');
    return undefined;
  }
}

/** Waits for the end of a run of edits, so that ten saves are one version. */
export interface EditWatch {
  /** A file of the project was changed by a person. */
  edited(projectId: string): void;
  /** Records what waits, because the host is stopping. */
  flush(): Promise<void>;
}

export function createEditWatch(context: ProjectsContext, quietMs = QUIET_MS): EditWatch {
  const waiting = new Map<string, NodeJS.Timeout>();
  async function settle(projectId: string): Promise<void> {
    clearTimeout(waiting.get(projectId));
    waiting.delete(projectId);
    // While the agent writes, the edits become part of its turn's version.
    if (findLiveTurn(context.db, projectId)?.state !== 'running') await recordEdits(context, projectId);
  }
  return {
    edited(projectId) {
      clearTimeout(waiting.get(projectId));
      waiting.set(projectId, setTimeout(() => void settle(projectId), quietMs).unref());
    },
    flush: async () => void (await Promise.all([...waiting.keys()].map(settle))),
  };
}
