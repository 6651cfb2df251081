import { z } from 'zod';
import { refuseImport } from './refuse-import.ts';

/** `astro`: an Astro site. `package`: anything else that says how it is developed. */
export type SiteKind = 'astro' | 'package';

export const MANIFEST_BYTES = 1024 * 1024;

const Names = z.record(z.string(), z.unknown()).optional().catch(undefined);
const Manifest = z.object({ dependencies: Names, devDependencies: Names, scripts: Names });

/**
 * What kind of site the files are.
 *
 * @param manifest Text of the `package.json` at the top; undefined when there is none.
 * @throws AppError `import_no_package`, `import_plain_html`, `import_package_unreadable`, `import_no_dev_script`.
 */
export function detectSite(manifest: string | undefined, paths: readonly string[]): SiteKind {
  if (manifest === undefined)
    throw refuseImport(paths.some((path) => /^[^/]+\.html?$/i.test(path)) ? 'import_plain_html' : 'import_no_package');
  const parsed = Manifest.safeParse(parseJson(manifest));
  if (!parsed.success) throw refuseImport('import_package_unreadable');
  const { dependencies, devDependencies, scripts } = parsed.data;
  if (Object.hasOwn({ ...dependencies, ...devDependencies }, 'astro')) return 'astro';
  if (typeof scripts?.['dev'] === 'string' && scripts['dev'].trim() !== '') return 'package';
  throw refuseImport('import_no_dev_script');
}

function parseJson(text: string): unknown {
  try {
    // Some editors begin a file with a byte order mark; npm and pnpm read past it.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
