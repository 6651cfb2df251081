import { z } from 'zod';
import { readHistoryQuery } from '../../components/versions/history-view.ts';
import type { HistoryQuery, HistoryView, ShownVersion } from '../../components/versions/history-view.ts';
import { AppError } from '#server/errors.ts';
import { VersionHash } from '#server/projects/versions.ts';
import type { ProjectVersions } from '#server/projects/versions.ts';
import type { ProjectView, VersionView } from '#server/projects/views.ts';

const PAGE = 40;
const Cursor = z.coerce.number().int().positive().optional().catch(undefined);

interface Of {
  versions: ProjectVersions;
  ownerId: string;
  project: ProjectView;
}

/** Reads what the History tab shows for an address. What the address asks for and is not there is left out. */
export async function readHistory(of: Of, words: URLSearchParams): Promise<HistoryView> {
  const { versions, ownerId, project } = of;
  const query = readHistoryQuery(words);
  const page = { cursor: Cursor.parse(query.cursor), limit: PAGE, ...(query.starred ? { bookmarked: true } : {}) };
  const list = versions.list(ownerId, project.id, page);
  const now = versions.list(ownerId, project.id, { limit: 1 }).versions[0];
  const version = find(of, query.version);
  return {
    project,
    versions: list.versions,
    now,
    query: version ? query : { cursor: query.cursor, starred: query.starred },
    nextCursor: list.nextCursor,
    turnStates: new Map(project.turns.map(({ id, state }) => [id, state])),
    isBusy: project.turnState === 'running',
    shown: version && (await readShown(of, version, query)),
  };
}

async function readShown(of: Of, version: VersionView, query: HistoryQuery): Promise<ShownVersion> {
  const keptIn = version.restore?.before ? find(of, version.restore.before) : undefined;
  const against = query.against === 'now' ? 'now' : (find(of, query.against) ?? 'itself');
  const shown = { version, keptIn, against } as const;
  try {
    const files = query.files ? await readPaths(of, version) : undefined;
    return { ...shown, diff: await readDiff(of, version, against), files, problem: undefined };
  } catch (error) {
    if (error instanceof AppError) return { ...shown, diff: undefined, files: undefined, problem: error.message };
    throw error;
  }
}

async function readPaths({ versions, ownerId, project }: Of, { hash }: VersionView): Promise<string[]> {
  return (await versions.tree(ownerId, project.id, hash)).map(({ path }) => path);
}

/** From the older to the newer, whichever is being looked at. */
function readDiff({ versions, ownerId, project }: Of, version: VersionView, against: ShownVersion['against']) {
  const diff = (from: string, to?: string) => versions.diff(ownerId, project.id, from, to);
  if (against === 'itself') return diff(version.hash);
  if (against === 'now') return diff(version.hash, 'now');
  const [older, newer] = against.number < version.number ? [against, version] : [version, against];
  return diff(older.hash, newer.hash);
}

function find({ versions, ownerId, project }: Of, hash: string | undefined): VersionView | undefined {
  if (!VersionHash.safeParse(hash).success) return undefined;
  try {
    return versions.view(ownerId, project.id, hash as string);
  } catch (error) {
    if (error instanceof AppError && error.code === 'version_not_found') return undefined;
    throw error;
  }
}
