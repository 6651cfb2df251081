import { setImmediate as nextTick } from 'node:timers/promises';
import { openFolderPath, readContained } from '#server/contained-folder.ts';
import type { ContainedFolder } from '#server/contained-folder.ts';
import { listFolder } from './list-files.ts';

export const searchLimits = { matches: 500, fileBytes: 1024 * 1024, timeMs: 5_000, lineLength: 300 };

export interface FileMatch {
  path: string;
  /** From 1; 0 when the name matches. */
  line: number;
  /** From 1, in UTF-16 units. */
  column: number;
  /** The line, shortened. */
  text: string;
}

/** Files whose name or text contains `query`, letter case aside. */
export async function searchFolder(root: ContainedFolder, query: string): Promise<{ matches: FileMatch[]; isCut: boolean }> {
  const wanted = query.toLowerCase();
  const deadlineMs = Date.now() + searchLimits.timeMs;
  const { entries, isCut } = await listFolder(root, []);
  const matches: FileMatch[] = [];
  for (const { path, kind } of entries) {
    if (kind !== 'file') continue;
    if (matches.length >= searchLimits.matches || Date.now() > deadlineMs)
      return { matches: matches.slice(0, searchLimits.matches), isCut: true };
    const inName = path.toLowerCase().indexOf(wanted);
    if (inName >= 0) matches.push({ path, line: 0, column: inName + 1, text: path });
    matches.push(...matchLines(path, readText(root, path), wanted));
    await nextTick();
  }
  return { matches: matches.slice(0, searchLimits.matches), isCut: isCut || matches.length > searchLimits.matches };
}

function matchLines(path: string, text: string, wanted: string): FileMatch[] {
  if (!text.toLowerCase().includes(wanted)) return [];
  return text.split('\n').flatMap((line, index) => {
    const at = line.toLowerCase().indexOf(wanted);
    if (at < 0) return [];
    const from = Math.max(0, at - 80);
    return [{ path, line: index + 1, column: at + 1, text: line.slice(from, from + searchLimits.lineLength).trim() }];
  });
}

function readText(root: ContainedFolder, path: string): string {
  const names = path.split('/');
  try {
    const folder = openFolderPath(root, names.slice(0, -1));
    try {
      const content = readContained(folder, names.at(-1) as string, searchLimits.fileBytes)?.content;
      return !content || content.includes(0) ? '' : content.toString('utf8');
    } finally {
      folder.close();
    }
  } catch {
    return '';
  }
}
