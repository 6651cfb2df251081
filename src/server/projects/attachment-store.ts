import { and, eq, inArray } from 'drizzle-orm';
import { nanoid } from 'nanoid';
import { constants, existsSync, mkdirSync, renameSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { turns } from '#server/db/conversation-tables.ts';
import { projects } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import { syncFolder } from '#server/sync-folder.ts';
import { attachmentLimits, attachmentsOf, describeAttachment, readAttachments } from './attachments.ts';
import type { Attachment, NewAttachment, SentAttachments } from './attachments.ts';
import type { ProjectsContext } from './context.ts';
import { uploadsFolder } from './import-rows.ts';
import { findProject, findTurn, projectDirectory } from './rows.ts';

/** Files of a turn that has no row yet. They are on the disk, and wait for the project they belong to. */
export interface StagedAttachments {
  /** Of the turn they are for. */
  turnId: string;
  list: Attachment[];
  /** Makes them the project's. Call before the row that names them is committed. */
  place(projectDir: string): void;
}

/** What comes with prompts, as files below the project's folder, beside the workspace and out of its reach. */
export interface ProjectAttachments {
  /**
   * Writes what came with a prompt to the disk and has `work` store the prompt. Without files `work` gets undefined.
   *
   * @throws AppError `too_many_attachments`, `attachments_too_large`, `attachment_name_invalid`, `attachment_unreadable`; what `work` throws.
   */
  staged<T>(sent: SentAttachments | undefined, work: (staged: StagedAttachments | undefined) => T): Promise<T>;
  /**
   * What came with an earlier prompt of the project.
   *
   * @throws AppError `turn_not_found`, `attachment_unreadable`.
   */
  ofTurn(projectId: string, turnId: string): Promise<File[]>;
  /** Removes files whose turn was never stored. Call at boot, before anything is received. @returns How many turns' files. */
  removeOrphans(): Promise<number>;
}

const folderOf = (projectDir: string) => join(projectDir, 'attachments');

export function createProjectAttachments(context: ProjectsContext): ProjectAttachments {
  return {
    async staged(sent, work) {
      const files = await readAttachments(sent);
      if (files.length === 0) return work(undefined);
      const turnId = nanoid();
      // Uploads that nobody waits for are removed at boot.
      const folder = join(uploadsFolder(context.dataDir), `${turnId}.attachments`);
      try {
        await writeFiles(folder, files);
        return work({ turnId, list: files.map(describeAttachment), place: (projectDir) => place(folder, projectDir, turnId) });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async ofTurn(projectId, turnId) {
      const turn = findTurn(context.db, turnId);
      const project = turn?.projectId === projectId ? findProject(context.db, projectId) : undefined;
      if (!turn || !project) throw new AppError('turn_not_found');
      const projectDir = projectDirectory(context.dataDir, project);
      const read = async (attachment: Attachment) =>
        new File([new Uint8Array(await readStored(projectDir, turnId, attachment))], attachment.name);
      return Promise.all(attachmentsOf(turn).map(read)).catch((cause: unknown) => {
        throw new AppError('attachment_unreadable', { cause });
      });
    },
    async removeOrphans() {
      const rows = context.db.select({ id: projects.id, pathOnDisk: projects.pathOnDisk }).from(projects).all();
      let removed = 0;
      for (const row of rows) {
        const projectDir = projectDirectory(context.dataDir, row);
        // Of a thousand projects few have any, and whoever starts the host waits for this.
        if (existsSync(folderOf(projectDir))) removed += await removeOrphansOf(context, row.id, projectDir);
      }
      return removed;
    },
  };
}

/** @throws ErrnoException when the file is gone. */
export async function readStored(projectDir: string, turnId: string, { name }: Attachment): Promise<Buffer> {
  const file = await open(join(folderOf(projectDir), turnId, name), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size } = await file.stat();
    if (size > attachmentLimits.bytes) throw new Error('A stored attachment has grown.');
    return await readFile(file);
  } finally {
    await file.close();
  }
}

async function writeFiles(folder: string, files: readonly NewAttachment[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { name, content } of files) {
    const file = await open(join(folder, name), 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  }
  syncFolder(folder);
}

function place(staged: string, projectDir: string, turnId: string): void {
  const folder = folderOf(projectDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  renameSync(staged, join(folder, turnId));
  for (const changed of [folder, projectDir, dirname(projectDir)]) syncFolder(changed);
}

async function removeOrphansOf(context: ProjectsContext, projectId: string, projectDir: string): Promise<number> {
  const names = await readdir(folderOf(projectDir)).catch(() => []);
  const known = context.db
    .select({ id: turns.id })
    .from(turns)
    .where(and(eq(turns.projectId, projectId), inArray(turns.id, names)))
    .all();
  const orphans = names.filter((name) => !known.some(({ id }) => id === name));
  await Promise.all(orphans.map((name) => rm(join(folderOf(projectDir), name), { recursive: true, force: true })));
  return orphans.length;
}
