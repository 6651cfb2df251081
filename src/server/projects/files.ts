import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import type { AppErrorCode } from '#server/errors.ts';
import { files } from '#server/files/files.ts';
import type { ReadFile } from '#server/files/files.ts';
import { FilesError } from '#server/files/files-error.ts';
import type { ListedEntry } from '#server/files/list-files.ts';
import type { FileMatch } from '#server/files/search-files.ts';
import type { ProjectsContext } from './context.ts';
import { checkPackages, namesPackages } from './packages.ts';
import { recordEdits } from './record-version.ts';
import type { EditWatch } from './record-version.ts';
import { findLiveTurn, getOwnedProject, projectDirectory } from './rows.ts';

export const WriteProjectFile = z
  .object({
    content: z.string().optional(),
    encoding: z.enum(['utf8', 'base64']).default('utf8'),
    kind: z.enum(['file', 'folder']).default('file'),
    /** Hash of what the writer saw; null = nothing was there. Left out: whatever is there is replaced. */
    baseHash: z.string().max(64).nullable().optional(),
  })
  .refine(({ kind, content }) => kind === 'folder' || content !== undefined, {
    path: ['content'],
    message: 'Send the content of the file.',
  });
export const RenameProjectFile = z.object({ path: z.string().min(1).max(2_048) });
export const SearchFiles = z.object({ q: z.string().min(1).max(200).optional(), download: z.stringbool().optional() });

/** A file as text, or only named when it is none. */
export interface FileView {
  path: string;
  hash: string;
  sizeBytes: number;
  isBinary: boolean;
  /** Null when it is binary. */
  content: string | null;
}

export type WriteResult = { state: 'written'; hash: string } | { state: 'changed'; current: FileView | null };

/** What a person can do with the files of a project. All throw `project_not_found`, `file_not_found`, `file_path_invalid`, `file_private`. */
export interface ProjectFiles {
  read(
    ownerId: string,
    projectId: string,
    path: string,
  ): Promise<{ folder: { entries: ListedEntry[]; isCut: boolean } } | { file: FileView }>;
  /** @throws AppError `file_not_found` for a folder. */
  download(ownerId: string, projectId: string, path: string): Promise<Buffer>;
  /** @throws AppError `file_too_large`, `file_in_the_way`. */
  write(ownerId: string, projectId: string, path: string, input: z.output<typeof WriteProjectFile>): WriteResult;
  /** @throws AppError `file_exists`, `file_in_the_way`. */
  rename(ownerId: string, projectId: string, from: string, to: string): void;
  /** What is removed is in a version first. */
  remove(ownerId: string, projectId: string, path: string): Promise<void>;
  search(ownerId: string, projectId: string, query: string): Promise<{ matches: FileMatch[]; isCut: boolean }>;
}

export function createProjectFiles(context: ProjectsContext, watch: EditWatch): ProjectFiles {
  const folderOf = (ownerId: string, projectId: string) => {
    const project = getOwnedProject(context.db, ownerId, projectId);
    return { id: project.id, projectDir: projectDirectory(context.dataDir, project) };
  };
  function changed(projectId: string, ...paths: string[]): void {
    watch.edited(projectId);
    if (paths.some(namesPackages)) void checkPackages(context, projectId);
    context.events.announce('files.changed', projectId, { projectId, paths });
  }
  return {
    async read(ownerId, projectId, path) {
      const { projectDir } = folderOf(ownerId, projectId);
      const found = await refusing(() => files.read(projectDir, path));
      return 'file' in found ? { file: viewFile(found.file) } : found;
    },
    async download(ownerId, projectId, path) {
      const { projectDir } = folderOf(ownerId, projectId);
      const found = await refusing(() => files.read(projectDir, path));
      if (!('file' in found)) throw new AppError('file_not_found');
      return found.file.content;
    },
    write(ownerId, projectId, path, { content = '', encoding, kind, baseHash }) {
      const { id, projectDir } = folderOf(ownerId, projectId);
      if (kind === 'folder') {
        refusing(() => files.createFolder(projectDir, path));
        changed(id, path);
        return { state: 'written', hash: '' };
      }
      const outcome = refusing(() => files.write(projectDir, path, { content: Buffer.from(content, encoding), base: baseHash }));
      if (outcome.state === 'changed') return { state: 'changed', current: outcome.current ? viewFile(outcome.current) : null };
      changed(id, path);
      return outcome;
    },
    rename(ownerId, projectId, from, to) {
      const { id, projectDir } = folderOf(ownerId, projectId);
      refusing(() => files.rename(projectDir, from, to));
      changed(id, from, to);
    },
    async remove(ownerId, projectId, path) {
      const { id, projectDir } = folderOf(ownerId, projectId);
      if (findLiveTurn(context.db, id)?.state !== 'running') await recordEdits(context, id);
      refusing(() => files.remove(projectDir, path));
      changed(id, path);
    },
    search: (ownerId, projectId, query) => refusing(() => files.search(folderOf(ownerId, projectId).projectDir, query)),
  };
}

function viewFile({ path, content, hash }: ReadFile): FileView {
  const text = asText(content);
  return { path, hash, sizeBytes: content.length, isBinary: text === null, content: text };
}

function asText(content: Buffer): string | null {
  if (content.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return null;
  }
}

const refusals: Record<FilesError['code'], AppErrorCode> = {
  bad_path: 'file_path_invalid',
  private: 'file_private',
  not_found: 'file_not_found',
  not_a_file: 'file_in_the_way',
  not_a_folder: 'file_in_the_way',
  exists: 'file_exists',
  too_large: 'file_too_large',
};

/** What the engine refuses, as a refusal for people. */
function refusing<T>(work: () => T): T {
  const rethrow = (error: unknown): never => {
    throw error instanceof FilesError ? new AppError(refusals[error.code], { cause: error }) : error;
  };
  try {
    const result = work();
    return result instanceof Promise ? (result.catch(rethrow) as T) : result;
  } catch (error) {
    return rethrow(error);
  }
}
