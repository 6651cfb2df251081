import type { TurnState, VersionView } from '#server/projects/views.ts';
import { counted } from '../format.ts';

const LISTED = 4;

/** What the title says before the person's own words, where an answer did not end well. */
const END_WORDS = /^(Stopped|Failed|Interrupted): /;

export interface VersionWords {
  /** Its name, or what was asked for, without the words about its end. */
  title: string;
  /** How it came to be: "Answer", "Stopped answer", "Your edits". */
  kind: string;
  /** Whether the answer that made it did not end well. */
  isUnfinished: boolean;
}

/** @param turnState Of the turn that made it; without one the title tells. */
export function describeVersion(version: Pick<VersionView, 'title' | 'name' | 'kind'>, turnState?: TurnState): VersionWords {
  const said = END_WORDS.exec(version.title)?.[1];
  const title = version.name ?? (version.kind === 'restore' ? restoredTitle(version.title) : version.title.replace(END_WORDS, ''));
  const ends: Partial<Record<TurnState, string>> = { stopped: 'Stopped', failed: 'Failed', needs_attention: 'Interrupted' };
  const end = version.kind === 'turn' ? ((turnState && ends[turnState]) ?? said) : undefined;
  if (end) return { title, kind: `${end} answer`, isUnfinished: true };
  const kinds = { turn: 'Answer', 'hand-edit': 'Your edits', restore: 'Restored', start: 'Start', import: 'Imported' } as const;
  return { title, kind: kinds[version.kind], isUnfinished: false };
}

/** A restore of a restore names what both went back to, once. */
function restoredTitle(title: string): string {
  const words = title
    .replace(/^(Restored “)+/, '')
    .replace(/”+$/, '')
    .replace(END_WORDS, '');
  return `Back to “${words}”`;
}

/** "a.astro, b.css and 3 more". */
export function listedPaths(paths: readonly string[]): string {
  if (paths.length <= LISTED) return paths.length < 2 ? paths.join('') : `${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}`;
  return `${paths.slice(0, LISTED).join(', ')} and ${(paths.length - LISTED).toLocaleString('en-US')} more`;
}

/** "3 files +12 −4", in words for those who do not see the signs' colours. */
export function changeWords({ files, added, removed }: Pick<VersionView, 'files' | 'added' | 'removed'>): string {
  if (files === 0) return 'no files changed';
  return `${counted(files, 'file')}, ${counted(added, 'line')} added, ${counted(removed, 'line')} removed`;
}
