import type { ListedEntry } from '#server/files/list-files.ts';

export interface TreeNode {
  name: string;
  path: string;
  kind: ListedEntry['kind'];
  children: TreeNode[];
}

/** Entries, a folder before what it holds, as a tree: folders first, then files, each by name. */
export function buildTree(entries: readonly Pick<ListedEntry, 'path' | 'kind'>[]): TreeNode[] {
  const top: TreeNode[] = [];
  const folders = new Map<string, TreeNode>();
  for (const { path, kind } of entries) {
    const slash = path.lastIndexOf('/');
    const node: TreeNode = { name: path.slice(slash + 1), path, kind, children: [] };
    if (kind === 'folder') folders.set(path, node);
    (folders.get(path.slice(0, Math.max(slash, 0)))?.children ?? top).push(node);
  }
  for (const nodes of [top, ...[...folders.values()].map(({ children }) => children)]) nodes.sort(byKindAndName);
  return top;
}

function byKindAndName(a: TreeNode, b: TreeNode): number {
  const rank = ({ kind }: TreeNode) => (kind === 'folder' ? 0 : 1);
  return rank(a) - rank(b) || a.name.localeCompare(b.name, 'en');
}

/** Whether a folder is open at first: the one with the pages, and those above the open file. */
export function opensFirst(folder: string, openPath: string | undefined): boolean {
  return folder === 'src' || folder === 'src/pages' || openPath?.startsWith(`${folder}/`) === true;
}
