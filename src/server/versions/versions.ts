import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Clock } from '#server/clock.ts';
import type { Log } from '#server/log.ts';
import { startArchive } from './archive.ts';
import { readBlob } from './blobs.ts';
import type { VersionKind } from './commit-message.ts';
import { diffCommits } from './diff.ts';
import type { Difference } from './diff.ts';
import { findGit } from './git.ts';
import { putBack } from './put-back.ts';
import { pack, record, tidy } from './record.ts';
import { isHash, NOW_REF, readHead, readLog, removeStaleLocks, requireVersion } from './repository.ts';
import type { StoredVersion } from './repository.ts';
import { finishRestore, restore } from './restore.ts';
import type { Restored, RestoreStep } from './restore.ts';
import { journalFile } from './restore-journal.ts';
import { readTree } from './tree.ts';
import type { EntryMode } from './tree.ts';
import { VersionsError } from './versions-error.ts';

export interface RecordedVersion {
  hash: string;
  /** Against the version before. */
  files: number;
  added: number;
  removed: number;
}

export interface RecordVersion {
  title: string;
  kind: Exclude<VersionKind, 'restore'>;
  turnId?: string;
}

/**
 * The history of every project's files, in `<projectDir>/versions.git`, outside the workspace. Calls for one project run one after
 * the other. Everything may throw VersionsError `git_missing` or `git_failed`.
 */
export interface Versions {
  /** @returns undefined when nothing changed since the latest version. @throws VersionsError, see `scanWorkspace`. */
  recordVersion(projectDir: string, input: RecordVersion): Promise<RecordedVersion | undefined>;
  /** The latest; undefined before the first. */
  latestVersion(projectDir: string): Promise<StoredVersion | undefined>;
  /** As `latestVersion`, of a project nobody works on: reads one file. */
  latestHash(projectDir: string): string | undefined;
  hasVersions(projectDir: string): boolean;
  /** Newest first. @param cursor Of the page before. @throws VersionsError `version_not_found` for a bad cursor. */
  listVersions(projectDir: string, limit: number, cursor?: string): Promise<{ versions: StoredVersion[]; nextCursor: string | undefined }>;
  findVersion(projectDir: string, hash: string): Promise<StoredVersion | undefined>;
  /** Lines and files that a version changed. @throws VersionsError `version_not_found`. */
  countChanges(projectDir: string, hash: string): Promise<RecordedVersion>;
  /**
   * What changes on the way from one version (null: from nothing) to another, or to the workspace as it is.
   *
   * @throws VersionsError `version_not_found`.
   */
  diffVersions(projectDir: string, from: string | null, to: string | 'now', options?: { patches?: boolean }): Promise<Difference>;
  /** @throws VersionsError `version_not_found`, `file_not_found` (also for a folder or a link). */
  readVersionFile(projectDir: string, hash: string, path: string): Promise<Buffer>;
  /** @throws VersionsError `version_not_found`. */
  listVersionTree(projectDir: string, hash: string): Promise<{ path: string; mode: EntryMode }[]>;
  /** Writes the files of a version into `folder`, which must be absent or empty and nobody else's. @throws VersionsError `version_not_found`. */
  checkout(projectDir: string, hash: string, folder: string): Promise<void>;
  /** A ZIP of a version's files; with `history`, also of a git bundle of every version up to it. @throws VersionsError `version_not_found`. */
  archive(projectDir: string, hash: string, options?: { history?: boolean }): Promise<Readable>;
  /** See {@link restore}. */
  restoreVersion(projectDir: string, hash: string, title: string): Promise<Restored>;
  /** Goes on with a restore that was cut off by the end of the host. Undefined when there is none. */
  finishRestore(projectDir: string): Promise<Restored | undefined>;
  /** Makes a history small, when that is worth it; what it says stays the same. @returns Whether it did. */
  pack(projectDir: string): Promise<boolean>;
  /** Whether versions can be kept here, and else what to do, in one line. */
  check(): string | undefined;
}

export interface VersionsOptions {
  clock: Clock;
  log: Log;
  /** Seam for tests that kill a restore. */
  atRestoreStep?(step: RestoreStep): void;
}

export function createVersions({ clock, log, atRestoreStep }: VersionsOptions): Versions {
  const inLine = createLines();
  const unlocked = new Set<string>();

  /** One call at a time for each project; the first clears what a killed git left. */
  function work<T>(projectDir: string, action: (gitDir: string, workspace: string) => Promise<T>): Promise<T> {
    return inLine(projectDir, async () => {
      const gitDir = join(projectDir, 'versions.git');
      if (!unlocked.has(projectDir)) await removeStaleLocks(gitDir);
      unlocked.add(projectDir);
      return action(gitDir, join(projectDir, 'workspace'));
    });
  }

  const restoreInput = (gitDir: string, workspace: string) => ({
    gitDir,
    workspace,
    nowMs: clock.now,
    ...(atRestoreStep ? { atStep: atRestoreStep } : {}),
  });

  async function count(gitDir: string, parent: string | undefined, hash: string): Promise<RecordedVersion> {
    const { files } = await diffCommits(gitDir, parent, hash, false);
    const sum = (field: 'added' | 'removed') => files.reduce((total, file) => total + file[field], 0);
    return { hash, files: files.length, added: sum('added'), removed: sum('removed') };
  }

  /** Nobody waits for it but the next call, and its failure is nobody's but the log's. */
  const tidyLater = (projectDir: string) =>
    void work(projectDir, tidy).catch((error: unknown) => log.warn({ error }, 'a history could not be packed'));

  return {
    recordVersion: (projectDir, input) =>
      work(projectDir, async (gitDir, workspace) => {
        const { head, isNew, parent } = await record({ gitDir, workspace, note: { ...input, atMs: clock.now() } });
        if (!head || !isNew) return undefined;
        tidyLater(projectDir);
        return count(gitDir, parent, head);
      }),
    latestVersion: (projectDir) =>
      work(projectDir, async (gitDir) => {
        const head = readHead(gitDir);
        return head ? (await readLog(gitDir, head, 1))[0] : undefined;
      }),
    latestHash: (projectDir) => readHead(join(projectDir, 'versions.git')),
    hasVersions: (projectDir) => readHead(join(projectDir, 'versions.git')) !== undefined,
    listVersions: (projectDir, limit, cursor) =>
      work(projectDir, async (gitDir) => {
        const start = cursor === undefined ? readHead(gitDir) : (await requireVersion(gitDir, cursor)).hash;
        if (!start) return { versions: [], nextCursor: undefined };
        const versions = await readLog(gitDir, start, limit + 1);
        return { versions: versions.slice(0, limit), nextCursor: versions[limit]?.hash };
      }),
    findVersion: (projectDir, hash) =>
      work(projectDir, async (gitDir) => {
        if (!isHash(hash)) return undefined;
        return requireVersion(gitDir, hash).catch((error: unknown) => {
          if (error instanceof VersionsError && error.code === 'version_not_found') return undefined;
          throw error;
        });
      }),
    countChanges: (projectDir, hash) =>
      work(projectDir, async (gitDir) => {
        await requireVersion(gitDir, hash);
        const [, parent] = await readLog(gitDir, hash, 2);
        return count(gitDir, parent?.hash, hash);
      }),
    diffVersions: (projectDir, from, to, { patches = true } = {}) =>
      work(projectDir, async (gitDir, workspace) => {
        if (from !== null) await requireVersion(gitDir, from);
        const note = { title: 'Now', kind: 'hand-edit' as const, atMs: clock.now() };
        const until =
          to === 'now' ? (await record({ gitDir, workspace, note, ref: NOW_REF })).head : (await requireVersion(gitDir, to)).hash;
        return diffCommits(gitDir, from ?? undefined, until as string, patches);
      }),
    readVersionFile: (projectDir, hash, path) =>
      work(projectDir, async (gitDir) => {
        await requireVersion(gitDir, hash);
        const entry = (await readTree(gitDir, hash)).get(path);
        if (!entry || entry.mode === '120000') throw new VersionsError('file_not_found');
        return readBlob(gitDir, entry.hash);
      }),
    listVersionTree: (projectDir, hash) =>
      work(projectDir, async (gitDir) => {
        await requireVersion(gitDir, hash);
        return [...(await readTree(gitDir, hash))].map(([path, { mode }]) => ({ path, mode }));
      }),
    checkout: (projectDir, hash, folder) =>
      work(projectDir, async (gitDir) => {
        const { emptyFolders } = await requireVersion(gitDir, hash);
        const target = await readTree(gitDir, hash);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const now = { entries: new Map(), emptyFolders: [], skipped: [] };
        await putBack({ gitDir, workspace: folder, now, target, emptyFolders, onKept: () => {}, onChange: () => {} });
      }),
    archive: (projectDir, hash, { history = false } = {}) =>
      work(projectDir, async (gitDir) => {
        await requireVersion(gitDir, hash);
        return startArchive(gitDir, hash, history);
      }),
    restoreVersion: (projectDir, hash, title) =>
      work(projectDir, async (gitDir, workspace) => {
        const restored = await restore(restoreInput(gitDir, workspace), hash, title);
        tidyLater(projectDir);
        return restored;
      }),
    async finishRestore(projectDir) {
      if (!existsSync(journalFile(join(projectDir, 'versions.git')))) return undefined;
      return work(projectDir, (gitDir, workspace) => finishRestore(restoreInput(gitDir, workspace)));
    },
    pack: (projectDir) => work(projectDir, pack),
    check: () => (findGit() ? undefined : new VersionsError('git_missing').message),
  };
}

/** Runs actions of one key one after the other. */
function createLines() {
  const last = new Map<string, Promise<unknown>>();
  return function inLine<T>(key: string, action: () => Promise<T>): Promise<T> {
    const result = (last.get(key) ?? Promise.resolve()).then(action, action);
    const settled: Promise<void> = result.then(forget, forget);
    last.set(key, settled);
    function forget() {
      if (last.get(key) === settled) last.delete(key);
    }
    return result;
  };
}
