import { eq } from 'drizzle-orm';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import { z } from 'zod';
import { projectImports } from '#server/db/import-tables.ts';
import type { ProjectImport } from '#server/db/import-tables.ts';
import type { Project } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import { parseGitUrl, repositoryName } from '#server/import/git-address.ts';
import type { ProjectsContext } from './context.ts';
import { findImport, hasUpload, uploadFile, uploadsFolder } from './import-rows.ts';
import { insertProject } from './insert-project.ts';
import { enqueuePrepare } from './jobs.ts';
import { recordImport } from './record-version.ts';
import { findProject, projectDirectory } from './rows.ts';

const NAME_LENGTH = 60;
const IMPORT_TEMPLATE = 'import';

const Name = z.string().trim().max(NAME_LENGTH).optional();
export const ImportFromGit = z.object({
  gitUrl: z.string().trim().min(1, 'Give the address of the repository.').max(1_000),
  name: Name,
});
export const ImportUpload = z.object({
  /** Of the project; else the file's. */
  name: Name,
  /** What the file is called where it comes from. */
  filename: z.string().trim().max(255).optional(),
});

/** Projects made of what is there already. */
export interface ProjectImports {
  /** Folder for uploads on their way; made when it is not there. */
  prepareUploads(): Promise<string>;
  /**
   * Makes a project of a ZIP in that folder, which becomes the project's or is removed.
   *
   * @returns The new project's id.
   * @throws AppError `import_…` for what can be seen without unpacking.
   */
  fromUpload(ownerId: string, file: string, input: z.output<typeof ImportUpload>): Promise<string>;
  /** @returns The new project's id. @throws AppError `import_git_…` when there is no public repository. */
  fromGit(ownerId: string, input: z.output<typeof ImportFromGit>): Promise<string>;
  /** Removes uploads that no project waits for. Call at boot, before anything is received. */
  removeOrphans(): Promise<number>;
}

export function createProjectImports(context: ProjectsContext): ProjectImports {
  const folder = uploadsFolder(context.dataDir);
  return {
    async prepareUploads() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    async fromUpload(ownerId, file, { name, filename }) {
      const projectId = nanoid();
      try {
        await context.importer.inspectZip(file);
        await rename(file, uploadFile(context.dataDir, projectId));
        const origin = cleanName(filename) || 'a ZIP';
        createRow(context, ownerId, { projectId, source: 'zip', origin, name: name || cleanName(origin.replace(/\.zip$/i, '')) });
        return projectId;
      } catch (error) {
        await rm(file, { force: true });
        await rm(uploadFile(context.dataDir, projectId), { force: true });
        throw error;
      }
    },
    async fromGit(ownerId, { gitUrl, name }) {
      const url = parseGitUrl(gitUrl);
      await context.importer.inspectGit(url.href);
      const projectId = nanoid();
      createRow(context, ownerId, { projectId, source: 'git', origin: url.href, name: name || cleanName(repositoryName(url)) });
      return projectId;
    },
    async removeOrphans() {
      const names = await readdir(folder).catch(() => []);
      const orphans = names.filter((name) => !isAwaited(context, name));
      await Promise.all(orphans.map((name) => rm(join(folder, name), { recursive: true, force: true })));
      return orphans.length;
    },
  };
}

/**
 * Part of the jobs that prepare a project: an imported one gets its workspace, its first version, and its row what was found. Safe to
 * repeat from any point; the upload goes last.
 *
 * @throws AppError `import_…`, `storage_full`; the signal's reason.
 */
export async function importFiles(context: ProjectsContext, project: Project, signal: AbortSignal): Promise<void> {
  const row = findImport(context.db, project.id);
  if (!row) return;
  const projectDir = projectDirectory(context.dataDir, project);
  const workspaceStands = existsSync(join(projectDir, 'workspace'));
  if (row.importedAtMs !== null && workspaceStands) return;
  if (row.source === 'zip' && !workspaceStands && !hasUpload(context.dataDir, project.id)) throw new AppError('import_upload_lost');
  const from = row.source === 'zip' ? { zip: uploadFile(context.dataDir, project.id) } : { git: row.origin };
  const { kind, leftOut } = await context.importer.fill({ projectId: project.id, projectDir, from, signal });
  await recordImport(context, project.id, row);
  noteImport(context, row, { kind, leftOutJson: JSON.stringify(leftOut) });
  await rm(uploadFile(context.dataDir, project.id), { force: true });
}

function noteImport(context: ProjectsContext, { projectId }: ProjectImport, found: Pick<ProjectImport, 'kind' | 'leftOutJson'>): void {
  context.db.transaction(
    (tx) => {
      const importedAtMs = context.clock.now();
      tx.update(projectImports)
        .set({ ...found, importedAtMs })
        .where(eq(projectImports.projectId, projectId))
        .run();
      context.events.record(tx, 'project.changed', projectId);
    },
    { behavior: 'immediate' },
  );
}

interface NewImport extends Pick<ProjectImport, 'projectId' | 'source' | 'origin'> {
  name: string;
}

/** The project, where it comes from and its first job, in one transaction. No turn: nobody asked the agent for anything. */
function createRow(context: ProjectsContext, ownerId: string, { projectId, source, origin, name: wanted }: NewImport): void {
  const name = wanted.slice(0, NAME_LENGTH).trim() || 'Imported site';
  const nowMs = context.clock.now();
  context.db.transaction(
    (tx) => {
      insertProject(tx, {
        ...{ id: projectId, ownerUserId: ownerId, createdAt: new Date(nowMs), name },
        ...{ prompt: `Imported from ${origin}`, template: IMPORT_TEMPLATE },
        model: context.settings.readSettings(ownerId).defaultModel,
      });
      tx.insert(projectImports).values({ projectId, source, origin, createdAtMs: nowMs }).run();
      enqueuePrepare(context, tx, projectId);
      context.events.record(tx, 'project.changed', projectId);
    },
    { behavior: 'immediate' },
  );
}

function isAwaited(context: ProjectsContext, fileName: string): boolean {
  const projectId = /^([\w-]+)\.zip$/.exec(fileName)?.[1] ?? '';
  const row = findImport(context.db, projectId);
  return row !== undefined && row.importedAtMs === null && findProject(context.db, projectId)?.deletedAt === null;
}

/** A name from outside, as one line without anything that steers. */
function cleanName(text: string | undefined): string {
  return (text ?? '')
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, ' ')
    .trim();
}
