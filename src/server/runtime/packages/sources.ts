import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanManifest } from './manifest.ts';
import type { CleanManifest } from './manifest.ts';

const MANIFEST_BYTES = 1024 * 1024;
const LOCKFILE_BYTES = 16 * 1024 * 1024;
/** Changes when the same sources have to be installed again. */
const LAYOUT = 'packages-2';

/** Lockfiles that pnpm reads or can turn into its own, the first one found counts. */
export const lockfileNames = ['pnpm-lock.yaml', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock'] as const;
export type LockfileName = (typeof lockfileNames)[number];

/** What a site asks for. `fingerprint` is the same as long as the same packages are asked for. */
export type PackageSources =
  | { state: 'read'; fingerprint: string; manifest: CleanManifest; lockfile: { name: LockfileName; content: Buffer } | undefined }
  | { state: 'missing' }
  | { state: 'invalid' | 'unsupported'; detail: string };

/** Reads `package.json` and the lockfile of a folder whose owner may have planted links, fifos or endless files. */
export async function readPackageSources(folder: string): Promise<PackageSources> {
  const text = await readPlain(join(folder, 'package.json'), MANIFEST_BYTES);
  if (!text) return { state: 'missing' };
  const cleaned = cleanManifest(text.toString('utf8'));
  if (cleaned.state !== 'clean') return cleaned;
  const lockfile = await readLockfile(folder);
  const hash = createHash('sha256').update(`${LAYOUT}\n${JSON.stringify(cleaned.manifest)}\n${lockfile?.name ?? ''}\n`);
  if (lockfile) hash.update(lockfile.content);
  return { state: 'read', fingerprint: hash.digest('hex'), manifest: cleaned.manifest, lockfile };
}

async function readLockfile(folder: string) {
  for (const name of lockfileNames) {
    const content = await readPlain(join(folder, name), LOCKFILE_BYTES);
    // Keys of a lockfile become paths in the store that all sites share.
    if (content && !/(?:^|[\s'"/@:])\.\.[/\\]/m.test(content.toString('latin1'))) return { name, content };
  }
  return undefined;
}

async function readPlain(file: string, limitBytes: number): Promise<Buffer | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined);
  if (!handle) return undefined;
  try {
    const stat = await handle.stat();
    return stat.isFile() && stat.size <= limitBytes ? await handle.readFile() : undefined;
  } finally {
    await handle.close();
  }
}
