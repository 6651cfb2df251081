import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_BYTES = 32;

/**
 * The key with which Astro seals what pages hand to server islands, one for all builds of a project: equal sources give equal
 * programs, and a page that was loaded before a switch goes on working after it. See https://docs.astro.build/en/guides/server-islands/.
 */
export async function siteKey(projectDir: string): Promise<string> {
  const file = join(projectDir, 'site.key');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known && Buffer.from(known, 'base64').length === KEY_BYTES) return known;
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, randomBytes(KEY_BYTES).toString('base64'), { mode: 0o600 });
  try {
    if (known !== undefined) await rm(file, { force: true });
    // Whoever comes first wins.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, 'utf8');
}
