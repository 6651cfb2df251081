import type { ProjectView } from '#server/projects/views.ts';
import type { FileView } from '#server/projects/files.ts';
import type { FileMatch } from '#server/files/search-files.ts';
import type { TreeNode } from './file-tree.ts';

/** What the Code tab shows for one address. */
export interface CodeView {
  project: Pick<ProjectView, 'id' | 'slug'>;
  query: CodeQuery;
  tree: TreeNode[];
  isCut: boolean;
  /** Why there are no files to see. */
  problem: string | undefined;
  /** Of a search. */
  found: { matches: FileMatch[]; isCut: boolean } | undefined;
  /** The file that is open, when the page is read without scripts: an editor fetches it by itself. */
  source: FileView | { problem: string } | undefined;
}

export interface CodeQuery {
  file?: string | undefined;
  line?: string | undefined;
  q?: string | undefined;
}

/** More than this is not edited in a browser; below the limit of a request's body. */
export const EDITABLE_BYTES = 500_000;

/** The address of the tab with other words in it. */
export function codeAddress(slug: string, query: CodeQuery): string {
  const words = new URLSearchParams({ view: 'code' });
  for (const [name, value] of Object.entries(query)) if (value) words.set(name, value);
  return `/projects/${slug}?${words}`;
}

export function readCodeQuery(words: URLSearchParams): CodeQuery {
  const word = (name: string) => words.get(name)?.trim() || undefined;
  return { file: word('file'), line: word('line'), q: word('q') };
}

/** The API's address of a file. */
export const fileUrl = (projectId: string, path: string) =>
  `/api/projects/${projectId}/files/${path.split('/').map(encodeURIComponent).join('/')}`;
