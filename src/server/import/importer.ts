import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import type { SpawnChild } from '#server/spawn.ts';
import { cloneGit } from './clone-git.ts';
import { detectSite, MANIFEST_BYTES } from './detect-site.ts';
import type { SiteKind } from './detect-site.ts';
import { findRepository } from './git-address.ts';
import type { NetworkEdge } from './git-address.ts';
import { importLimits } from './import-limits.ts';
import type { ImportLimits } from './import-limits.ts';
import { refuseImport } from './refuse-import.ts';
import { inspectZip, unpackZip } from './unpack-zip.ts';

const LOOK_MS = 10_000;
const DRAFT = '.import-';
const REPORT = 'import.json';

const Report = z.object({ kind: z.enum(['astro', 'package']), leftOut: z.array(z.string()) });

/** What an import brought. */
export interface Imported {
  kind: SiteKind;
  /** What was not brought along, for people. */
  leftOut: string[];
}

export type ImportFrom = { zip: string } | { git: string };

export interface ImportInput {
  projectId: string;
  projectDir: string;
  from: ImportFrom;
  signal: AbortSignal;
}

/** Fills workspaces with what somebody else made. All refusals are AppErrors `import_…`. */
export interface Importer {
  /** What is wrong with an upload, as far as its directory tells: quick, and nothing is unpacked. */
  inspectZip(file: string): Promise<Imported>;
  /** Whether there is a repository that anybody may read, within ten seconds. */
  inspectGit(url: string): Promise<void>;
  /**
   * Leaves `<projectDir>/workspace` with the files. A workspace appears by a rename and is never touched once it is there, so this is safe
   * to repeat from any point.
   *
   * @throws AppError also `storage_full`; the signal's reason when aborted.
   */
  fill(input: ImportInput): Promise<Imported>;
}

export interface ImporterOptions extends NetworkEdge {
  spawnChild: SpawnChild;
  limits?: Partial<ImportLimits>;
}

export function createImporter({ spawnChild, limits: given, ...edge }: ImporterOptions): Importer {
  const limits = { ...importLimits, ...given };

  async function bring(input: ImportInput, draft: string): Promise<Imported> {
    const intoFolder = join(draft, 'files');
    const workFolder = join(draft, 'work');
    await mkdir(intoFolder);
    await mkdir(workFolder);
    const { projectId, from, signal } = input;
    const leftOut =
      'zip' in from
        ? await unpackZip(from.zip, intoFolder, limits, signal)
        : await cloneGit({ url: from.git, intoFolder, workFolder, projectId, spawnChild, limits, edge, signal });
    const kind = detectSite(await readManifest(intoFolder), await readdir(intoFolder));
    return { kind, leftOut };
  }

  return {
    inspectZip: (file) => inspectZip(file, limits),
    async inspectGit(url) {
      const signal = AbortSignal.timeout(LOOK_MS);
      const ca = edge.caFile === undefined ? {} : { ca: await readFile(edge.caFile, 'utf8') };
      try {
        await findRepository(url, { ...edge, ...ca }, signal);
      } catch (error) {
        if (error === signal.reason) throw refuseImport('import_git_unreachable', undefined, { cause: error });
        throw error;
      }
    },
    async fill(input) {
      const workspace = join(input.projectDir, 'workspace');
      try {
        await mkdir(input.projectDir, { recursive: true, mode: 0o700 });
        await removeDrafts(input.projectDir);
        if (existsSync(workspace)) return await readReport(input.projectDir);
        const draft = await mkdtemp(join(input.projectDir, DRAFT));
        try {
          const imported = await bring(input, draft);
          // Before the rename: who finds the workspace finds the report.
          await writeFile(join(input.projectDir, REPORT), JSON.stringify(imported), { mode: 0o600 });
          input.signal.throwIfAborted();
          await rename(join(draft, 'files'), workspace);
          return imported;
        } finally {
          await rm(draft, { recursive: true, force: true });
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new AppError('storage_full', { cause: error });
        throw error;
      }
    },
  };
}

async function removeDrafts(projectDir: string): Promise<void> {
  for (const name of await readdir(projectDir)) {
    if (name.startsWith(DRAFT)) await rm(join(projectDir, name), { recursive: true, force: true });
  }
}

async function readReport(projectDir: string): Promise<Imported> {
  return Report.parse(JSON.parse(await readFile(join(projectDir, REPORT), 'utf8')));
}

async function readManifest(folder: string): Promise<string | undefined> {
  const file = await open(join(folder, 'package.json')).catch(() => undefined);
  if (!file) return undefined;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return undefined;
    if (stat.size > MANIFEST_BYTES) throw refuseImport('import_package_unreadable');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
