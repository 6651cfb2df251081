import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A restore that has begun to change the workspace: written before the first change, removed after the last. */
const RestoreJournal = z.object({
  /** The version to go back to. */
  target: z.string(),
  /** The version that holds what was there before. */
  before: z.string(),
  title: z.string(),
  turnId: z.string().optional(),
  kept: z.array(z.object({ path: z.string(), movedTo: z.string() })),
});
export type RestoreJournal = z.infer<typeof RestoreJournal>;

export async function readJournal(gitDir: string): Promise<RestoreJournal | undefined> {
  try {
    return RestoreJournal.parse(JSON.parse(await readFile(journalFile(gitDir), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** On the disk for good when it resolves. */
export async function writeJournal(gitDir: string, journal: RestoreJournal): Promise<void> {
  const draft = `${journalFile(gitDir)}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(journal));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, journalFile(gitDir));
}

export const removeJournal = (gitDir: string): Promise<void> => rm(journalFile(gitDir), { force: true });

export const journalFile = (gitDir: string): string => join(gitDir, 'doce-restore.json');
