import { expect, test } from 'vitest';
import { undoOf, versionOf } from '../../src/components/conversation/undo.ts';
import { changeWords, describeVersion, listedPaths } from '../../src/components/versions/version-words.ts';
import type { VersionView } from '../../src/server/projects/views.ts';
import { makeVersion, versionHash } from '../support/views.ts';

const turn = { id: 't2' };
const start = makeVersion(1, { kind: 'start' });
const first = makeVersion(2, { turnId: 't1' });
const second = makeVersion(3, { turnId: 't2' });
const restored = (number: number, of: VersionView, before: VersionView, removed: string[] = []) =>
  makeVersion(number, {
    kind: 'restore',
    restore: { restoredFrom: of.hash, before: before.hash, stoppedTurnId: null, removed, kept: [] },
  });

test('the latest answer can be undone to the version before it', () => {
  expect(undoOf(turn, [second, first, start])).toEqual({ state: 'possible', hash: first.hash, number: 2 });
});

test('what was undone says so, and can be undone as well', () => {
  const back = restored(4, first, second, ['src/pages/about.astro']);
  expect(undoOf(turn, [back, second, first, start])).toEqual({
    state: 'undone',
    number: 2,
    redoHash: second.hash,
    removed: [],
    keptIn: 3,
  });
  const again = restored(5, second, back);
  expect(undoOf(turn, [again, back, second, first, start])).toMatchObject({ state: 'possible', hash: first.hash });
  const backOnceMore = restored(6, first, again, ['src/pages/about.astro']);
  expect(undoOf(turn, [backOnceMore, again, back, second, first, start])).toMatchObject({ state: 'undone', removed: [], keptIn: 5 });
});

test('files that a person made after the answer are named, with the version that keeps them', () => {
  const edits = makeVersion(4, { kind: 'hand-edit' });
  const back = restored(5, first, edits, ['public/menu.pdf']);
  expect(undoOf(turn, [back, edits, second, first, start])).toMatchObject({
    redoHash: edits.hash,
    removed: ['public/menu.pdf'],
    keptIn: 4,
  });
});

test('edits after it leave it to be undone; an answer that changed nothing cannot be', () => {
  const edits = makeVersion(4, { kind: 'hand-edit' });
  expect(undoOf(turn, [edits, second, first])).toMatchObject({ state: 'possible', number: 2 });
  expect(undoOf({ id: 't3' }, [second, first])).toBeUndefined();
  expect(undoOf(turn, [second])).toBeUndefined();
  expect(undoOf(turn, [])).toBeUndefined();
});

test('a turn knows its version by number', () => {
  expect(versionOf({ versionHash: versionHash(3) }, [second, first])?.number).toBe(3);
  expect(versionOf({ versionHash: null }, [second, first])).toBeUndefined();
});

test('a version says how it came to be, an unfinished answer honestly', () => {
  const stopped = makeVersion(1, { title: 'Stopped: add a page' });
  expect(describeVersion(stopped)).toEqual({ title: 'add a page', kind: 'Stopped answer', isUnfinished: true });
  expect(describeVersion(makeVersion(1, { title: 'Failed: x' }), 'failed').kind).toBe('Failed answer');
  expect(describeVersion(makeVersion(1, { title: 'add a page' }), 'completed')).toEqual({
    title: 'add a page',
    kind: 'Answer',
    isUnfinished: false,
  });
  expect(describeVersion(makeVersion(1, { kind: 'restore', title: 'Restored “Restored “add a page””' })).title).toBe(
    'Back to “add a page”',
  );
  expect(describeVersion(makeVersion(1, { kind: 'hand-edit', name: 'Before the launch' }))).toEqual({
    title: 'Before the launch',
    kind: 'Your edits',
    isUnfinished: false,
  });
});

test('changes and paths in words', () => {
  expect(changeWords({ files: 1, added: 12, removed: 1 })).toBe('1 file, 12 lines added, 1 line removed');
  expect(changeWords({ files: 0, added: 0, removed: 0 })).toBe('no files changed');
  expect(listedPaths(['a', 'b', 'c'])).toBe('a, b and c');
  expect(listedPaths(['a'])).toBe('a');
  expect(listedPaths(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d and 2 more');
});
