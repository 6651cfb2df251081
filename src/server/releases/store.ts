import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerOutput } from './build-output.ts';
import { RELEASE_HASH, ReleaseManifest, toRelease } from './release.ts';
import type { Release, ReleaseFile } from './release.ts';
import { OutputError, outputLimits, readRegularFile, storeFile } from './store-files.ts';
import type { OutputLimits } from './store-files.ts';
import { fillServerDraft } from './store-server.ts';

/** What the published servers of a project keep; no release, so it outlives them all. */
export const dataFolderOf = (projectDir: string) => join(projectDir, 'site-data');

const MANIFEST = 'release.json';
const DRAFT = '.draft-';
const PARALLEL = 4;

/** A project's releases on disk, by content: `<projectDir>/releases/<hash>`. */
export interface ReleaseStore {
  /**
   * Copies a build's output into the store, with compressed copies. It appears by one rename; equal content is the same
   * release. Only regular files are taken: links, and files whose name begins with a dot (except `.well-known`), stay behind.
   *
   * @throws OutputError when there is no page in it or it is too large.
   */
  place(projectDir: string, outputFolder: string, signal: AbortSignal): Promise<Release>;
  /** The same for a program. See {@link fillServerDraft}. */
  placeServer(projectDir: string, output: ServerOutput, storeDir: string, signal: AbortSignal): Promise<Release>;
  /** Undefined when it is not there, or was never complete. Opened once; the same object until it is removed. */
  open(projectDir: string, hash: string): Promise<Release | undefined>;
  /**
   * Removes every release but those, and whatever a dead host left half made; one that is in use goes the next time. Never at
   * the same time as a `place` in the same project.
   *
   * @param keep Asked when it is this one's turn; undefined = remove nothing.
   */
  prune(projectDir: string, keep: () => ReadonlySet<string> | undefined): Promise<void>;
}

export function createReleaseStore(limits: OutputLimits = outputLimits): ReleaseStore {
  const opened = new Map<string, Release>();
  const inLine = createLines();

  async function read(folder: string): Promise<Release | undefined> {
    try {
      return toRelease(folder, ReleaseManifest.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'))));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async function openRelease(projectDir: string, hash: string): Promise<Release | undefined> {
    if (!RELEASE_HASH.test(hash)) return undefined;
    const folder = join(projectDir, 'releases', hash);
    const known = opened.get(folder);
    if (known) return known;
    const release = await read(folder);
    if (!release) return undefined;
    // Two at a time may have looked; whoever was first is counted on.
    const first = opened.get(folder) ?? release;
    opened.set(folder, first);
    return first;
  }

  const make = (projectDir: string, fill: (draft: string) => Promise<ReleaseManifest>) =>
    inLine(projectDir, async () => {
      const releases = join(projectDir, 'releases');
      const draft = join(releases, `${DRAFT}${randomBytes(8).toString('hex')}`);
      await dropDrafts(releases);
      await mkdir(draft, { recursive: true, mode: 0o700 });
      try {
        const manifest = await fill(draft);
        await writeFile(join(draft, MANIFEST), JSON.stringify(manifest), { mode: 0o600 });
        await moveIntoPlace(draft, join(releases, manifest.hash));
        return (await openRelease(projectDir, manifest.hash))!;
      } finally {
        await rm(draft, { recursive: true, force: true });
      }
    });

  return {
    place: (projectDir, outputFolder, signal) =>
      make(projectDir, async (draft) => {
        const files = await copyFiles(outputFolder, draft, await listFiles(outputFolder, limits), { limits, signal });
        return { hash: hashOf(files), files };
      }),
    placeServer: (projectDir, output, storeDir, signal) =>
      make(projectDir, (draft) => fillServerDraft({ output, draft, storeDir, dataFolder: dataFolderOf(projectDir), limits, signal })),
    open: openRelease,
    prune: (projectDir, keep) =>
      inLine(projectDir, async () => {
        const kept = keep();
        if (!kept) return;
        const releases = join(projectDir, 'releases');
        const names = await readdir(releases).catch(() => []);
        for (const name of names) {
          const folder = join(releases, name);
          if (kept.has(name) || (opened.get(folder)?.users ?? 0) > 0) continue;
          opened.delete(folder);
          await rm(folder, { recursive: true, force: true });
        }
      }),
  };
}

/** Runs work of one project one after the other. */
function createLines() {
  const last = new Map<string, Promise<unknown>>();
  return <T>(projectDir: string, work: () => Promise<T>): Promise<T> => {
    const mine = (last.get(projectDir) ?? Promise.resolve()).then(work, work);
    last.set(projectDir, mine);
    const leave = () => void (last.get(projectDir) === mine && last.delete(projectDir));
    mine.then(leave, leave);
    return mine;
  };
}

/** What a dead host left half made: a project's releases are made one after the other. */
async function dropDrafts(releases: string): Promise<void> {
  const names = await readdir(releases).catch(() => []);
  for (const name of names) if (name.startsWith(DRAFT)) await rm(join(releases, name), { recursive: true, force: true });
}

async function moveIntoPlace(draft: string, place: string): Promise<void> {
  try {
    await rename(draft, place);
  } catch (error) {
    // It is there already, with the same content.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function listFiles(folder: string, limits: OutputLimits): Promise<string[]> {
  const found: string[] = [];
  const walk = async (inner: string): Promise<void> => {
    for (const entry of await readdir(join(folder, inner), { withFileTypes: true })) {
      if (entry.name.startsWith('.') && entry.name !== '.well-known') continue;
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile()) found.push(path);
      if (found.length > limits.files) throw new OutputError('output_too_large', `The site has more than ${limits.files} files.`);
    }
  };
  await walk('');
  if (!found.some((path) => path.endsWith('.html'))) throw new OutputError('no_pages', 'The build made no page.');
  return found.sort();
}

async function copyFiles(
  from: string,
  draft: string,
  paths: string[],
  { limits, signal }: { limits: OutputLimits; signal: AbortSignal },
): Promise<ReleaseFile[]> {
  const files: ReleaseFile[] = [];
  const waiting = [...paths];
  let totalBytes = 0;
  const work = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      signal.throwIfAborted();
      const content = await readRegularFile(join(from, path), path, limits.fileBytes);
      totalBytes += content.length;
      if (totalBytes > limits.totalBytes) throw new OutputError('output_too_large', 'The site is too large.');
      files.push(await storeFile(draft, path, content));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Compressed copies do not count: another compressor would not make it another site. */
function hashOf(files: readonly ReleaseFile[]): string {
  const hash = createHash('sha256');
  for (const { path, hash: content } of files) hash.update(`${path}\0${content}\n`);
  return hash.digest('hex');
}
