import { join } from 'node:path';
import { z } from 'zod';

const Size = z.number().int().min(0);
export const ReleaseFile = z.object({
  /** Relative, with slashes, as it was built. */
  path: z.string(),
  sizeBytes: Size,
  /** SHA-256 of its content, hex. */
  hash: z.string(),
  /** Sizes of the compressed copies, where there are any. */
  br: Size.optional(),
  gzip: Size.optional(),
});
export type ReleaseFile = z.infer<typeof ReleaseFile>;

/** How a release that is a program is run: with Node, confined, from the folder `app`. */
const ReleaseProgram = z.object({
  args: z.array(z.string()).min(1),
  env: z.record(z.string(), z.string()),
  worksInData: z.boolean(),
  /** Folder in `app` of what the program gives to anyone as it is. */
  publicFolder: z.string().optional(),
  sizeBytes: Size,
  /** Packages by name, each with its place in the store. */
  links: z.record(z.string(), z.string()),
});
export type ReleaseProgram = z.infer<typeof ReleaseProgram>;

export const ReleaseManifest = z.object({ hash: z.string(), files: z.array(ReleaseFile), server: ReleaseProgram.optional() });
export type ReleaseManifest = z.infer<typeof ReleaseManifest>;

export type Encoding = 'identity' | 'br' | 'gzip';

/** A built site that no one changes any more. What is not in `files` does not exist, whatever lies in the folder. */
export interface Release {
  /** SHA-256 over the sorted paths and contents: equal sites have equal hashes. */
  hash: string;
  folder: string;
  files: ReadonlyMap<string, ReleaseFile>;
  /** Of a release that is a program; its `files` are only its hashed assets then. */
  server: (ReleaseProgram & { appFolder: string }) | undefined;
  /** Null for a program: it makes its pages when they are asked for. */
  pageCount: number | null;
  sizeBytes: number;
  /** Answers that are being given from it. */
  users: number;
}

const FOLDERS: Record<Encoding, string> = { identity: 'site', br: 'br', gzip: 'gzip' };
export const RELEASE_HASH = /^[0-9a-f]{64}$/;
/** Assets below it have a hash of their content in their name. */
export const HASHED_ASSETS = '/_astro/';
export const isPage = (path: string) => path.endsWith('.html');

/** Where a file's bytes are, within the folder of its release. */
export function placeOf(path: string, encoding: Encoding = 'identity'): string {
  return `${FOLDERS[encoding]}/${path}`;
}

export function toRelease(folder: string, manifest: ReleaseManifest): Release {
  return {
    hash: manifest.hash,
    folder,
    files: new Map(manifest.files.map((file) => [file.path, file])),
    server: manifest.server && { ...manifest.server, appFolder: join(folder, 'app') },
    pageCount: manifest.server ? null : manifest.files.filter(({ path }) => isPage(path) && path !== '404.html').length,
    sizeBytes: manifest.server?.sizeBytes ?? manifest.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    users: 0,
  };
}

/**
 * The file that an address means: itself, `about` as `about.html` or `about/index.html`, `about/` as `about/index.html` or
 * `about.html`. Looked up in the list of files, never on the disk, so that no address leads out of the release.
 *
 * @param urlPath The path of a request, encoded, without its query.
 */
export function findFile(release: Release, urlPath: string): ReleaseFile | undefined {
  const path = decodePath(urlPath);
  if (path === undefined) return undefined;
  const bare = path.replace(/\/$/, '');
  const tried = path === bare ? [path, `${path}.html`, `${path}/index.html`] : [`${path}index.html`, `${bare}.html`];
  for (const candidate of path === '' ? ['index.html'] : tried) {
    const file = release.files.get(candidate);
    if (file) return file;
  }
  return undefined;
}

function decodePath(urlPath: string): string | undefined {
  if (!urlPath.startsWith('/')) return undefined;
  try {
    return decodeURIComponent(urlPath.slice(1));
  } catch {
    return undefined;
  }
}

/** The address under which a page is usually linked: `/about/` for `about/index.html`. */
export function addressOf(path: string): string {
  const address = path.replace(/(^|\/)index\.html$/, '$1');
  return `/${address.split('/').map(encodeURIComponent).join('/')}`;
}
