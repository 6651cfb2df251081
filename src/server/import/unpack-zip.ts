import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { fromRandomAccessReaderPromise, getFileNameLowLevel } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { detectSite, MANIFEST_BYTES } from './detect-site.ts';
import type { SiteKind } from './detect-site.ts';
import { createFileWriter } from './file-writer.ts';
import { createFolderPlan } from './folder-plan.ts';
import type { PlannedFolder } from './folder-plan.ts';
import type { ImportLimits } from './import-limits.ts';
import { refuseImport } from './refuse-import.ts';
import { ZipReader } from './zip-reader.ts';

const FILE_TYPE = 0o170000;
const REGULAR_FILE = 0o100000;
const FOLDER = 0o040000;
const UTF8_FLAG = 0x800;
const METHODS = new Set([0, 8]);

/**
 * Looks at a ZIP without unpacking it: everything that its directory gives away is refused here, at once.
 *
 * @throws AppError `import_…`.
 */
export async function inspectZip(file: string, limits: ImportLimits): Promise<{ kind: SiteKind; leftOut: string[] }> {
  return withZip(file, async (zip) => {
    const plan = await planZip(zip, limits);
    if (sum(plan) > (await stat(file)).size * limits.ratio) throw refuseImport('import_too_dense');
    const manifest = plan.files.find(({ path }) => path === 'package.json');
    const text = manifest && (await readSmall(zip, manifest.source));
    return {
      kind: detectSite(
        text,
        plan.files.map(({ path }) => path),
      ),
      leftOut: plan.leftOut,
    };
  });
}

/**
 * Unpacks a ZIP into a folder that is empty and nobody else's. What the directory claims is checked against what comes out.
 *
 * @returns The names of what was left out.
 * @throws AppError `import_…`; the signal's reason when aborted. What is in the folder then is to be thrown away.
 */
export async function unpackZip(file: string, intoFolder: string, limits: ImportLimits, signal: AbortSignal): Promise<string[]> {
  const packedBytes = (await stat(file)).size;
  return withZip(file, async (zip) => {
    const plan = await planZip(zip, limits);
    const writer = createFileWriter(intoFolder, limits, packedBytes);
    for (const folder of plan.folders) await writer.addFolder(folder);
    for (const { path, isExecutable, source } of plan.files) {
      const target = await writer.create(path, isExecutable);
      try {
        await readEntry(zip, source, async (chunk) => {
          signal.throwIfAborted();
          await target.write(chunk);
        });
      } finally {
        await target.close();
      }
    }
    return plan.leftOut;
  });
}

async function withZip<T>(file: string, work: (zip: ZipFile) => Promise<T>): Promise<T> {
  const handle = await open(file, 'r');
  try {
    return await work(await openZip(handle));
  } finally {
    await handle.close();
  }
}

async function openZip(handle: FileHandle): Promise<ZipFile> {
  const { size } = await handle.stat();
  return fromRandomAccessReaderPromise(new ZipReader(handle), size, { autoClose: false, decodeStrings: false }).catch(notAZip);
}

function notAZip(cause: unknown): never {
  throw refuseImport('import_not_a_zip', undefined, { cause });
}

async function planZip(zip: ZipFile, limits: ImportLimits): Promise<PlannedFolder<Entry>> {
  const plan = createFolderPlan<Entry>(limits);
  try {
    for await (const entry of zip.eachEntry()) addEntry(plan, entry);
  } catch (cause) {
    if (isRefusal(cause)) throw cause;
    throw refuseImport('import_zip_damaged', undefined, { cause });
  }
  return plan.finish();
}

function addEntry(plan: ReturnType<typeof createFolderPlan<Entry>>, entry: Entry): void {
  const name = nameOf(entry);
  // The upper half holds the Unix mode, whatever system the archive claims to come from.
  const mode = entry.externalFileAttributes >>> 16;
  const type = mode & FILE_TYPE;
  if (type !== 0 && type !== REGULAR_FILE && type !== FOLDER) throw refuseImport('import_link', name);
  if (name.endsWith('/') || type === FOLDER) return plan.addFolder(name.replace(/\/$/, ''));
  if (entry.isEncrypted()) throw refuseImport('import_zip_encrypted');
  if (!METHODS.has(entry.compressionMethod)) throw refuseImport('import_zip_method', name);
  plan.addFile(name, { isExecutable: (mode & 0o111) !== 0, sizeBytes: entry.uncompressedSize, source: entry });
}

/**
 * UTF-8 where it is that, flagged or not (macOS never flags it); else the code page of old, which only an unflagged name can be in.
 * Backslashes are what some old tools of Windows write between folders (APPNOTE 4.4.17 forbids them).
 */
function nameOf(entry: Entry): string {
  const isFlagged = (entry.generalPurposeBitFlag & UTF8_FLAG) !== 0;
  try {
    const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(entry.fileNameRaw);
    return name.replaceAll('\\', '/');
  } catch (cause) {
    const guess = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
    if (isFlagged) throw refuseImport('import_name_unreadable', guess, { cause });
    return guess;
  }
}

/** What goes wrong with the archive is its damage; what goes wrong in `onChunk` travels as it is. */
async function readEntry(zip: ZipFile, entry: Entry, onChunk: (chunk: Buffer) => Promise<void> | void): Promise<void> {
  let checksum = 0;
  let bytes = 0;
  let ours: unknown;
  try {
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      checksum = crc32(chunk, checksum);
      bytes += chunk.length;
      await Promise.resolve(onChunk(chunk)).catch((error: unknown) => {
        ours = error;
        throw error;
      });
    }
  } catch (cause) {
    if (ours !== undefined) throw ours;
    throw refuseImport('import_zip_damaged', nameOf(entry), { cause });
  }
  if (checksum !== entry.crc32 || bytes !== entry.uncompressedSize) throw refuseImport('import_zip_damaged', nameOf(entry));
}

async function readSmall(zip: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > MANIFEST_BYTES) throw refuseImport('import_package_unreadable');
  const chunks: Buffer[] = [];
  await readEntry(zip, entry, (chunk) => void chunks.push(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

const sum = (plan: PlannedFolder<Entry>) => plan.files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
const isRefusal = (error: unknown) => error instanceof Error && error.name === 'AppError';
