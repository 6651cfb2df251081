import type { Stats } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What has to be equal for a file to be the one whose hash is known: size, mtime, ctime, inode, mode. */
export type StatKey = string;

export function statKey(stat: Stats): StatKey {
  return `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs} ${stat.ino} ${stat.mode}`;
}

/** Path → key and hash of the files whose content was read before. Losing it costs time, nothing else. */
export type StatCache = ReadonlyMap<string, { key: StatKey; hash: string }>;

/** A file that changed this shortly before it was read might change again within the same tick of its clock (git: racy). */
const RACY_MS = 200;

export const isRacy = (stat: Stats, nowMs: number): boolean => Math.max(stat.ctimeMs, stat.mtimeMs) > nowMs - RACY_MS;

export async function loadStatCache(gitDir: string): Promise<StatCache> {
  try {
    const rows = JSON.parse(await readFile(cacheFile(gitDir), 'utf8')) as [string, StatKey, string][];
    return new Map(rows.map(([path, key, hash]) => [path, { key, hash }]));
  } catch {
    return new Map();
  }
}

export async function saveStatCache(gitDir: string, cache: StatCache): Promise<void> {
  const draft = `${cacheFile(gitDir)}.new`;
  await writeFile(draft, JSON.stringify([...cache].map(([path, { key, hash }]) => [path, key, hash])), { mode: 0o600 });
  await rename(draft, cacheFile(gitDir));
}

const cacheFile = (gitDir: string) => join(gitDir, 'doce-stat.json');
