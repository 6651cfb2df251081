import { putBack, WorkspaceChanged } from './put-back.ts';
import type { KeptEntry } from './put-back.ts';
import { record } from './record.ts';
import type { Recorded } from './record.ts';
import { isHash, readHead, requireVersion } from './repository.ts';
import { readJournal, removeJournal, writeJournal } from './restore-journal.ts';
import type { RestoreJournal } from './restore-journal.ts';
import type { StatKey } from './stat-cache.ts';
import { foldersAbove, readTree, sameEntry } from './tree.ts';
import type { Tree } from './tree.ts';
import { VersionsError } from './versions-error.ts';

const TRIES = 5;

/** Where a restore stands; each is a point after which the host may be killed. */
export type RestoreStep = 'recorded' | 'journalled' | 'changed' | 'put-back' | 'stored' | 'done';

export interface RestoreInput {
  gitDir: string;
  workspace: string;
  nowMs(): number;
  atStep?(step: RestoreStep): void;
}

export interface Restored {
  target: string;
  /** The version that holds what was there before. */
  before: string;
  /** The version that holds the outcome; equal to `before` when nothing was different. */
  after: string;
  /** Files that were there and that the version did not know; they are in `before`. */
  removed: string[];
  /** Entries that no version can hold and that stood in the way. */
  kept: KeptEntry[];
}

/**
 * Goes back to a version: records what is there, writes down the intent, makes the workspace equal, records the outcome. Killed at
 * any point, it leaves either nothing begun or a journal from which `finishRestore` goes on.
 *
 * @throws VersionsError `version_not_found`, `workspace_busy`.
 */
export async function restore(input: RestoreInput, hash: string, title: string, turnId?: string): Promise<Restored> {
  const { gitDir } = input;
  await finishRestore(input);
  // A history without this version is left as it is; for another, looking at both sides takes as long as one.
  if (!isHash(hash) || !readHead(gitDir)) throw new VersionsError('version_not_found');
  const reading = readTarget(gitDir, hash);
  const [target, now] = await Promise.all([reading, recordNow(input, reading, 'Edited by hand')]);
  input.atStep?.('recorded');
  const journal = { target: target.hash, before: now.head as string, title, turnId, kept: [] };
  await writeJournal(gitDir, journal);
  input.atStep?.('journalled');
  return complete(input, journal, { target, before: now.tree, now });
}

/** Ends a restore that was cut off. Undefined when there is none. */
export async function finishRestore(input: RestoreInput): Promise<Restored | undefined> {
  const journal = await readJournal(input.gitDir);
  if (!journal) return undefined;
  const [target, before] = await Promise.all([readTarget(input.gitDir, journal.target), readTree(input.gitDir, journal.before)]);
  return complete(input, journal, { target, before, now: await lookAt(input, target.tree, before) });
}

interface Target {
  hash: string;
  tree: Tree;
  treeHash: string;
  emptyFolders: readonly string[];
}

/** Where to, what there was, and what is there now. */
interface Way {
  target: Target;
  before: Tree;
  now: Recorded;
}

async function readTarget(gitDir: string, hash: string): Promise<Target> {
  const reading = readTree(gitDir, hash);
  // Whether it is a version at all is the first thing to know of it.
  reading.catch(() => {});
  const { emptyFolders, treeHash } = await requireVersion(gitDir, hash);
  return { hash, tree: await reading, treeHash, emptyFolders };
}

async function complete(input: RestoreInput, journal: RestoreJournal, way: Way): Promise<Restored> {
  const { gitDir, workspace } = input;
  const written = new Map<string, { key: StatKey; hash: string }>();
  await apply(input, journal, way, written);
  input.atStep?.('put-back');
  const note = {
    title: journal.title,
    kind: 'restore' as const,
    atMs: input.nowMs(),
    restoredFrom: journal.target,
    turnId: journal.turnId,
  };
  const after = await record({ gitDir, workspace, note, written, since: way.now, like: way.target });
  input.atStep?.('stored');
  await removeJournal(gitDir);
  input.atStep?.('done');
  const removed = [...way.before.keys()].filter((path) => !way.target.tree.has(path));
  return { target: journal.target, before: journal.before, after: after.head as string, removed, kept: journal.kept };
}

async function apply(
  input: RestoreInput,
  journal: RestoreJournal,
  { target, before, now: first }: Way,
  written: Map<string, { key: StatKey; hash: string }>,
): Promise<void> {
  let now = first;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await putBack({
        gitDir: input.gitDir,
        workspace: input.workspace,
        now: now.scan,
        target: target.tree,
        emptyFolders: target.emptyFolders,
        onWritten: (path, known) => void written.set(path, known),
        onKept: (kept) => void journal.kept.push(kept),
        onChange: () => input.atStep?.('changed'),
      });
    } catch (error) {
      if (!(error instanceof WorkspaceChanged)) throw error;
      if (attempt === TRIES) throw new VersionsError('workspace_busy', { cause: error });
      now = await lookAt(input, target.tree, before);
    }
  }
}

/**
 * Looks at a workspace that is half way between two versions. What is of neither was written since, so it is recorded before
 * anything may replace it.
 */
async function lookAt(input: RestoreInput, target: Tree, before: Tree): Promise<Recorded> {
  const { gitDir, workspace } = input;
  const note = { title: 'A restore in progress', kind: 'hand-edit' as const, atMs: input.nowMs() };
  const force = forced(target, before);
  const seen = await record({ gitDir, workspace, note, force, ref: 'refs/doce/now' });
  const isOfNeither = [...seen.scan.entries].some(
    ([path, entry]) => !sameEntry(target.get(path), entry) && !sameEntry(before.get(path), entry),
  );
  return isOfNeither ? recordNow(input, { tree: target }, 'Edited during a restore', before) : seen;
}

function recordNow(
  input: RestoreInput,
  target: Pick<Target, 'tree'> | Promise<Pick<Target, 'tree'>>,
  title: string,
  before: Tree = new Map(),
): Promise<Recorded> {
  const { gitDir, workspace } = input;
  const note = { title, kind: 'hand-edit' as const, atMs: input.nowMs() };
  const force = Promise.resolve(target).then(({ tree }) => forced(tree, before));
  return record({ gitDir, workspace, note, force });
}

/** Ignored files that stand where the version has one, or where it has a folder, are recorded before they are replaced. */
function forced(...trees: Tree[]): Set<string> {
  return new Set(trees.flatMap((tree) => [...tree.keys()].flatMap((path) => [path, ...foldersAbove(path)])));
}
