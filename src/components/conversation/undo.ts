import type { TurnView, VersionView } from '#server/projects/views.ts';

/** What stands under the latest answer. */
export type Undo =
  /** It can be undone: `hash` is the version before it. */
  | { state: 'possible'; hash: string; number: number }
  /** It was. `redoHash` is what was there before; `removed` went with it and is kept in version `keptIn`. */
  | { state: 'undone'; number: number; redoHash: string; removed: string[]; keptIn: number | undefined };

/**
 * @param versions Of the project, newest first; those of the latest turn and after it suffice.
 * @returns Undefined when the turn changed nothing, or there is nothing before it.
 */
export function undoOf(turn: Pick<TurnView, 'id'>, versions: readonly VersionView[]): Undo | undefined {
  const made = versions.find(({ turnId, kind }) => turnId === turn.id && kind === 'turn');
  const before = made && versions.find(({ number }) => number === made.number - 1);
  const now = versions[0];
  if (!made || !before || !now) return undefined;
  if (now.number === made.number || now.restore?.restoredFrom !== before.hash) {
    return { state: 'possible', hash: before.hash, number: before.number };
  }
  const kept = versions.find(({ hash }) => hash === now.restore?.before);
  // What the turn itself had made is no loss to anybody; what came after it may be.
  const isOwnWork = kept?.hash === made.hash || kept?.restore?.restoredFrom === made.hash;
  const removed = isOwnWork ? [] : now.restore.removed;
  return { state: 'undone', number: before.number, redoHash: kept?.hash ?? made.hash, removed, keptIn: kept?.number };
}

/** The version that a turn ended with. Where the turn changed nothing it is an older one. */
export function versionOf(turn: Pick<TurnView, 'versionHash'>, versions: readonly VersionView[]): VersionView | undefined {
  return versions.find(({ hash }) => hash === turn.versionHash);
}
