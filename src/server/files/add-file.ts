import { putFile, readContained, statEntry } from '#server/contained-folder.ts';
import type { ContainedFolder } from '#server/contained-folder.ts';

/**
 * Puts content under the first of these names that is free or holds the very same content already; what is there stays as it is.
 *
 * @returns The name; undefined when all are taken.
 */
export function addFileAt(folder: ContainedFolder, names: readonly string[], content: Uint8Array): string | undefined {
  for (const name of names) {
    if (statEntry(folder, name)) {
      if (holds(folder, name, content)) return name;
      continue;
    }
    try {
      putFile(folder, name, content, { beforeRename: () => refuseTaken(folder, name) });
      return name;
    } catch (error) {
      if (!(error instanceof Taken)) throw error;
    }
  }
  return undefined;
}

class Taken extends Error {}

/** There is nothing between this look and the rename in which somebody could write. */
function refuseTaken(folder: ContainedFolder, name: string): void {
  if (statEntry(folder, name)) throw new Taken();
}

function holds(folder: ContainedFolder, name: string, content: Uint8Array): boolean {
  try {
    return readContained(folder, name, content.length)?.content.equals(content) ?? false;
  } catch {
    return false;
  }
}
