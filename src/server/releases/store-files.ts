import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compress } from './compress.ts';
import { placeOf } from './release.ts';
import type { ReleaseFile } from './release.ts';

export interface OutputLimits {
  files: number;
  fileBytes: number;
  totalBytes: number;
}
export const outputLimits: OutputLimits = { files: 20_000, fileBytes: 100 * 1024 * 1024, totalBytes: 1024 * 1024 * 1024 };

export type OutputErrorCode = 'no_pages' | 'output_too_large' | 'package_not_shared';

/** The output of a build is not a site that can be served; `code` says why. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly code: OutputErrorCode;
  constructor(code: OutputErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a build left may be anything; a link or a pipe is not followed. */
export async function readRegularFile(file: string, path: string, mostBytes: number): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > mostBytes) throw new OutputError('output_too_large', `${path} is too large.`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Puts a file for browsers into a draft, with its compressed copies. */
export async function storeFile(draft: string, path: string, content: Buffer): Promise<ReleaseFile> {
  const copies = await compress(path, content);
  await write(join(draft, placeOf(path)), content);
  if (copies.br) await write(join(draft, placeOf(path, 'br')), copies.br);
  if (copies.gzip) await write(join(draft, placeOf(path, 'gzip')), copies.gzip);
  return {
    path,
    sizeBytes: content.length,
    hash: createHash('sha256').update(content).digest('hex'),
    ...(copies.br ? { br: copies.br.length } : {}),
    ...(copies.gzip ? { gzip: copies.gzip.length } : {}),
  };
}

async function write(file: string, content: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, content, { mode: 0o600 });
}
