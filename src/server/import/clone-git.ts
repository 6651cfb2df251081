import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpawnChild } from '#server/spawn.ts';
import { createFileWriter } from './file-writer.ts';
import type { FileWriter } from './file-writer.ts';
import { createFolderPlan } from './folder-plan.ts';
import type { PlannedFile, PlannedFolder } from './folder-plan.ts';
import { findRepository } from './git-address.ts';
import type { NetworkEdge, ResolvedRepository } from './git-address.ts';
import { gitEnd, startGit, watchSize } from './git-child.ts';
import type { GitRoom } from './git-child.ts';
import { readObjects } from './git-objects.ts';
import type { ImportLimits } from './import-limits.ts';
import { refuseImport } from './refuse-import.ts';

const LISTING_BYTES = 64 * 1024 * 1024;

export interface CloneInput {
  url: string;
  /** Empty, and nobody else's. */
  intoFolder: string;
  /** Where git works; thrown away by the caller. */
  workFolder: string;
  projectId: string;
  spawnChild: SpawnChild;
  limits: ImportLimits;
  edge: NetworkEdge;
  signal: AbortSignal;
}

/**
 * Writes the files of a public repository's latest commit into a folder. Git only fetches and reads out objects, confined and without
 * a work tree, so there is nothing for a hook, a filter, a submodule or a link to act on; the files are written by us.
 *
 * @returns The names of what was left out: links, submodules, private names.
 * @throws AppError `import_…`; the signal's reason when aborted. What is in the folder then is to be thrown away.
 */
export async function cloneGit(input: CloneInput): Promise<string[]> {
  const { limits, edge } = input;
  const deadline = AbortSignal.timeout(limits.gitMs);
  const signal = AbortSignal.any([input.signal, deadline]);
  try {
    const ca = edge.caFile === undefined ? {} : { ca: await readFile(edge.caFile, 'utf8') };
    const repository = await findRepository(input.url, { ...edge, ...ca }, signal);
    const room: GitRoom = {
      spawnChild: input.spawnChild,
      projectId: input.projectId,
      folder: input.workFolder,
      caFile: edge.caFile,
      signal,
    };
    await fetchLatest(room, repository, limits);
    const plan = await planTree(room, limits);
    const writer = createFileWriter(input.intoFolder, limits);
    for (const folder of plan.folders) await writer.addFolder(folder);
    await writeBlobs(room, plan.files, writer);
    return plan.leftOut;
  } catch (error) {
    input.signal.throwIfAborted();
    if (deadline.aborted) throw refuseImport('import_git_slow', undefined, { cause: error });
    throw error;
  }
}

const gitDirOf = (room: GitRoom) => join(room.folder, 'repository.git');

async function fetchLatest(room: GitRoom, { url, addresses }: ResolvedRepository, limits: ImportLimits): Promise<void> {
  const pin = `${url.hostname}:${url.port || 443}:${addresses.map((address) => (address.includes(':') ? `[${address}]` : address)).join(',')}`;
  const clone = ['clone', '--quiet', '--bare', '--depth=1', '--no-tags', '--single-branch', '--template='];
  const child = await startGit(room, ['-c', `http.curloptResolve=${pin}`, ...clone, '--', url.href, gitDirOf(room)]);
  child.process.stdout?.resume();
  const [{ succeeded, complaint }, isTooLarge] = await Promise.all([gitEnd(child), watchSize(child, gitDirOf(room), limits.bytes)]);
  room.signal.throwIfAborted();
  if (isTooLarge) throw refuseImport('import_too_large');
  if (!succeeded) throw refuseImport('import_git_failed', undefined, { cause: new Error(complaint) });
}

/** Which files the commit has, from its listing alone: a tree that repeats itself a million times ends at the limit. */
async function planTree(room: GitRoom, limits: ImportLimits): Promise<PlannedFolder<string>> {
  const child = await startGit(room, [`--git-dir=${gitDirOf(room)}`, 'ls-tree', '-r', '-z', '-l', '--full-tree', 'HEAD']);
  const ended = gitEnd(child);
  const plan = createFolderPlan<string>(limits);
  try {
    for await (const line of zeroSeparated(child.process.stdout as AsyncIterable<Buffer>)) addTreeEntry(plan, line);
  } catch (error) {
    await child.stop(0);
    throw error;
  }
  const { succeeded, complaint } = await ended;
  room.signal.throwIfAborted();
  if (!succeeded) throw refuseImport('import_empty', undefined, { cause: new Error(complaint) });
  return plan.finish();
}

function addTreeEntry(plan: ReturnType<typeof createFolderPlan<string>>, line: Buffer): void {
  const tab = line.indexOf(0x09);
  const [mode, , hash = '', size = ''] = line.subarray(0, tab).toString('latin1').split(/ +/);
  const name = decodeName(line.subarray(tab + 1));
  if (mode !== '100644' && mode !== '100755' && mode !== '100664') return plan.leaveOut(name);
  plan.addFile(name, { isExecutable: mode === '100755', sizeBytes: Number(size), source: hash });
}

function decodeName(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refuseImport('import_name_unreadable', bytes.toString('latin1'), { cause });
  }
}

async function* zeroSeparated(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > LISTING_BYTES) throw refuseImport('import_too_many_files');
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0)) {
      yield rest.subarray(0, end);
      rest = rest.subarray(end + 1);
    }
  }
}

async function writeBlobs(room: GitRoom, files: readonly PlannedFile<string>[], writer: FileWriter): Promise<void> {
  const wanted = Map.groupBy(files, ({ source }) => source);
  const child = await startGit(room, [
    `--git-dir=${gitDirOf(room)}`,
    'cat-file',
    '--batch',
    '--batch-all-objects',
    '--unordered',
    '--buffer',
  ]);
  const ended = gitEnd(child);
  try {
    await readObjects(child.process.stdout as AsyncIterable<Buffer>, async (hash) => {
      const targets = await Promise.all((wanted.get(hash) ?? []).map(({ path, isExecutable }) => writer.create(path, isExecutable)));
      wanted.delete(hash);
      return {
        write: async (chunk) => {
          for (const target of targets) await target.write(chunk);
        },
        close: async () => void (await Promise.all(targets.map((target) => target.close()))),
      };
    });
  } catch (error) {
    await child.stop(0);
    throw error;
  }
  const { succeeded, complaint } = await ended;
  room.signal.throwIfAborted();
  if (!succeeded || wanted.size > 0) throw refuseImport('import_git_failed', undefined, { cause: new Error(complaint) });
}
