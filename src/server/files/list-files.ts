import { opendirSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { setImmediate as nextTick } from 'node:timers/promises';
import { openSubfolder, PUT_PREFIX, statEntry } from '#server/contained-folder.ts';
import type { ContainedFolder } from '#server/contained-folder.ts';
import { isPrivateName } from '#server/private-names.ts';

export const listLimits = { entries: 20_000, depth: 64 };
const YIELD_EVERY = 500;

export interface ListedEntry {
  path: string;
  /** A link is listed and never followed. */
  kind: 'file' | 'folder' | 'link';
  sizeBytes: number;
  modifiedAtMs: number;
}

/** Everything below a folder that is not private, folders before what they hold; `isCut` when there is more. */
export async function listFolder(folder: ContainedFolder, path: readonly string[]): Promise<{ entries: ListedEntry[]; isCut: boolean }> {
  const entries: ListedEntry[] = [];
  let isCut = false;

  async function visit(current: ContainedFolder, at: readonly string[]): Promise<void> {
    for (const name of namesIn(current)) {
      if (entries.length >= listLimits.entries || at.length > listLimits.depth) return void (isCut = true);
      const stat = statEntry(current, name);
      const kind = stat && kindOf(stat);
      if (!stat || !kind) continue;
      const inner = [...at, name];
      entries.push({ path: inner.join('/'), kind, sizeBytes: kind === 'folder' ? 0 : stat.size, modifiedAtMs: Math.round(stat.mtimeMs) });
      if (entries.length % YIELD_EVERY === 0) await nextTick();
      if (kind === 'folder') await enter(current, name, inner);
    }
  }

  async function enter(current: ContainedFolder, name: string, inner: readonly string[]): Promise<void> {
    let next: ContainedFolder;
    try {
      next = openSubfolder(current, name);
    } catch {
      return;
    }
    await visit(next, inner).finally(() => next.close());
  }

  await visit(folder, path);
  return { entries, isCut };
}

/** Sorted; names that are private or not UTF-8 are left out. */
export function namesIn(folder: ContainedFolder): string[] {
  const names: string[] = [];
  const stream = opendirSync(folder.address);
  try {
    for (let child = stream.readSync(); child && names.length <= listLimits.entries; child = stream.readSync()) {
      const isShown = !isPrivateName(child.name) && !child.name.startsWith(PUT_PREFIX) && !/[\uFFFD\p{Cc}]/u.test(child.name);
      if (isShown) names.push(child.name);
    }
  } finally {
    stream.closeSync();
  }
  return names.sort((a, b) => (a < b ? -1 : 1));
}

function kindOf(stat: Stats): ListedEntry['kind'] | undefined {
  if (stat.isDirectory()) return 'folder';
  if (stat.isSymbolicLink()) return 'link';
  return stat.isFile() ? 'file' : undefined;
}
