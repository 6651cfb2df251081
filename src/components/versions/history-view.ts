import type { ProjectView, TurnState, VersionView } from '#server/projects/views.ts';
import type { Difference } from '#server/versions/diff.ts';

/** What the History tab shows for one address. */
export interface HistoryView {
  project: Pick<ProjectView, 'id' | 'slug'>;
  /** Newest first. */
  versions: readonly VersionView[];
  /** The latest; undefined before the first. */
  now: VersionView | undefined;
  query: HistoryQuery;
  nextCursor: string | undefined;
  /** Of the turns that made versions, by id. */
  turnStates: ReadonlyMap<string, TurnState>;
  /** Whether an answer is being written: going back stops it. */
  isBusy: boolean;
  shown: ShownVersion | undefined;
}

export interface ShownVersion {
  version: VersionView;
  /** The version that holds what was there before it was restored. */
  keptIn: VersionView | undefined;
  /** What it is compared with: what it changed itself, what is there now, or another version. */
  against: VersionView | 'itself' | 'now';
  /** Undefined with `problem`. */
  diff: Difference | undefined;
  /** Paths of everything it holds, when asked for. */
  files: readonly string[] | undefined;
  problem: string | undefined;
}

/** What the address says. */
export interface HistoryQuery {
  version?: string | undefined;
  against?: string | undefined;
  /** A file whose folded changes are asked for. */
  file?: string | undefined;
  /** Whether to list everything the version holds. */
  files?: boolean | undefined;
  cursor?: string | undefined;
  starred?: boolean | undefined;
}

/** The address of the tab with other words in it; undefined takes one out. */
export function historyAddress(slug: string, query: HistoryQuery): string {
  const words = new URLSearchParams({ view: 'history' });
  for (const [name, value] of Object.entries(query)) if (value) words.set(name, value === true ? 'yes' : value);
  return `/projects/${slug}?${words}`;
}

export function readHistoryQuery(words: URLSearchParams): HistoryQuery {
  const word = (name: string) => words.get(name) ?? undefined;
  return {
    version: word('version'),
    against: word('against'),
    file: word('file'),
    cursor: word('cursor'),
    ...(words.get('files') === 'yes' ? { files: true } : {}),
    ...(words.get('starred') === 'yes' ? { starred: true } : {}),
  };
}

const OPEN_LINES = 160;
const OPEN_IN_ALL = 500;

/** Which files of a diff are open at first: the small ones, as long as the page stays short; and the one that was asked for. */
export function openFiles(files: Difference['files'], asked: string | undefined): ReadonlySet<string> {
  const open = new Set<string>();
  let lines = 0;
  for (const { path, added, removed, patch } of files) {
    const size = added + removed;
    const isSmall = size <= OPEN_LINES && lines + size <= OPEN_IN_ALL && !path.endsWith('pnpm-lock.yaml');
    if (path !== asked && (!isSmall || patch === null)) continue;
    if (path !== asked) lines += size;
    open.add(path);
  }
  return open;
}
