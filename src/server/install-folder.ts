import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Where doce is installed: the folder that holds `drizzle/` and `templates/`. Found upwards from this module, because the
 * same code runs from `src/server` and from the build in `dist/server`.
 *
 * @throws Error when it was moved away from its folders.
 */
export function installFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'drizzle', 'meta', '_journal.json'))) return folder;
    if (folder === dirname(folder)) throw new Error('doce cannot find its own files. Run it from the folder it was installed in.');
  }
}
