import type { Project } from '#server/db/schema.ts';
import type { Turn } from '#server/db/conversation-tables.ts';
import { AppError } from '#server/errors.ts';
import { files } from '#server/files/files.ts';
import { FilesError } from '#server/files/files-error.ts';
import { readStored } from './attachment-store.ts';
import { attachmentsOf, numberedNames } from './attachments.ts';
import type { Attachment } from './attachments.ts';
import type { ProjectsContext } from './context.ts';
import { projectDirectory } from './rows.ts';

const FOLDER = 'attachments';
/** A site may have something else of that name: a file, or a link that leads who knows where. */
const FOLDERS_TRIED = 10;

/**
 * Copies what came with a prompt into its workspace, beside what is there and never over it. What lies there with the same content is
 * left, so a second time changes nothing.
 *
 * @returns The same files with the paths they have in the workspace.
 * @throws AppError `attachments_not_placed`, whatever kept them out.
 */
export async function deliverAttachments(context: ProjectsContext, project: Project, turn: Turn): Promise<Attachment[]> {
  const projectDir = projectDirectory(context.dataDir, project);
  try {
    const listed = attachmentsOf(turn);
    const contents = await Promise.all(listed.map((attachment) => readStored(projectDir, turn.id, attachment)));
    return listed.map((attachment, index) => ({ ...attachment, path: add(projectDir, attachment.name, contents[index]!) }));
  } catch (cause) {
    throw new AppError('attachments_not_placed', { cause });
  }
}

function add(projectDir: string, name: string, content: Uint8Array): string {
  for (const folder of numberedNames(FOLDER, FOLDERS_TRIED)) {
    try {
      return files.add(projectDir, folder, numberedNames(name), content);
    } catch (error) {
      if (!(error instanceof FilesError) || error.code !== 'not_a_folder') throw error;
    }
  }
  throw new Error('No folder of the workspace takes an attachment.');
}
