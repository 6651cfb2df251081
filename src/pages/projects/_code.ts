import { readCodeQuery } from '../../components/files/code-view.ts';
import type { CodeView } from '../../components/files/code-view.ts';
import { buildTree } from '../../components/files/file-tree.ts';
import { AppError } from '#server/errors.ts';
import type { ProjectFiles } from '#server/projects/files.ts';
import type { ProjectView } from '#server/projects/views.ts';

const QUERY_LENGTH = 200;

interface Of {
  files: ProjectFiles;
  ownerId: string;
  project: ProjectView;
}

/** Reads what the Code tab shows for an address. @param withSource Also the text of the open file, for readers without scripts. */
export async function readCode(of: Of, words: URLSearchParams, withSource: boolean): Promise<CodeView> {
  const { files, ownerId, project } = of;
  const query = readCodeQuery(words);
  const folder = await foreseen(() => files.read(ownerId, project.id, ''));
  const listed = 'folder' in folder ? folder.folder : { entries: [], isCut: false };
  const found = query.q ? await foreseen(() => files.search(ownerId, project.id, query.q!.slice(0, QUERY_LENGTH))) : undefined;
  return {
    project,
    query,
    tree: buildTree(listed.entries),
    isCut: listed.isCut,
    problem: 'problem' in folder ? folder.problem : undefined,
    found: found && 'matches' in found ? found : undefined,
    source: withSource && query.file ? await readSource(of, query.file) : undefined,
  };
}

async function readSource({ files, ownerId, project }: Of, path: string): Promise<CodeView['source']> {
  const found = await foreseen(() => files.read(ownerId, project.id, path));
  if ('file' in found) return found.file;
  return 'problem' in found ? found : { problem: 'That is a folder. Choose a file in it.' };
}

async function foreseen<T extends object>(read: () => Promise<T>): Promise<T | { problem: string }> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AppError) return { problem: error.message };
    throw error;
  }
}
