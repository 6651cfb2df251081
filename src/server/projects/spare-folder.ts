import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Says of a folder that no project owns it yet. Nothing without it is ever cleared away: a row can be missing for other reasons. */
const MARK = 'spare';
const GRAVE = '.removing-';

const folderOf = (dataDir: string, id: string) => join(dataDir, 'projects', id);

/** Makes the folder of a spare, marked as one. */
export function makeSpareFolder(dataDir: string, id: string): string {
  const folder = folderOf(dataDir, id);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, MARK), '', { mode: 0o600 });
  return folder;
}

/** The folder belongs to a project. */
export function unmarkSpareFolder(dataDir: string, id: string): void {
  rmSync(join(folderOf(dataDir, id), MARK), { force: true });
}

/** Ids of folders that are marked, or whose removal was cut short. */
export function listSpareFolders(dataDir: string): string[] {
  const projects = join(dataDir, 'projects');
  if (!existsSync(projects)) return [];
  return readdirSync(projects).flatMap((name) => {
    const id = name.startsWith(GRAVE) ? name.slice(GRAVE.length) : name;
    const isLeft = id === name ? existsSync(join(projects, id, MARK)) : !existsSync(join(projects, id));
    return isLeft ? [id] : [];
  });
}
