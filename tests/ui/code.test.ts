import { expect, test } from 'vitest';
import { parseDraft, reconcile, resume } from '../../src/client/code-document.ts';
import { codeAddress, fileUrl, readCodeQuery } from '../../src/components/files/code-view.ts';
import { buildTree, opensFirst } from '../../src/components/files/file-tree.ts';

const base = { hash: 'h1', text: 'one' };

test('a change underneath is taken over only when nothing was typed', () => {
  expect(reconcile(base, 'one', base)).toBe('keep');
  expect(reconcile(base, 'mine', base)).toBe('keep');
  expect(reconcile(base, 'one', { hash: 'h2', text: 'theirs' })).toBe('take');
  expect(reconcile(base, 'mine', { hash: 'h2', text: 'theirs' })).toBe('conflict');
  expect(reconcile(base, 'same', { hash: 'h2', text: 'same' })).toBe('settled');
});

test('a file that is gone is for the person to decide, typed or not', () => {
  expect(reconcile(base, 'mine', undefined)).toBe('conflict');
  expect(reconcile(base, 'one', undefined)).toBe('conflict');
});

test('typed text comes back after a reload, and asks when the file has changed meanwhile', () => {
  expect(resume(base, undefined)).toEqual({ text: 'one', state: 'clean' });
  expect(resume(base, { baseHash: 'h1', text: 'mine' })).toEqual({ text: 'mine', state: 'edited' });
  expect(resume(base, { baseHash: 'h0', text: 'mine' })).toEqual({ text: 'mine', state: 'conflict' });
  expect(resume(base, { baseHash: 'h0', text: 'one' })).toEqual({ text: 'one', state: 'clean' });
});

test('a draft that is none is no draft', () => {
  expect(parseDraft('')).toBeUndefined();
  expect(parseDraft('{"text":1}')).toBeUndefined();
  expect(parseDraft('null')).toBeUndefined();
  expect(parseDraft('{"baseHash":"h","text":""}')).toEqual({ baseHash: 'h', text: '' });
});

test('entries become a tree, folders first', () => {
  const tree = buildTree([
    { path: 'README.md', kind: 'file' },
    { path: 'src', kind: 'folder' },
    { path: 'src/b.ts', kind: 'file' },
    { path: 'src/pages', kind: 'folder' },
    { path: 'src/pages/index.astro', kind: 'file' },
    { path: 'empty', kind: 'folder' },
    { path: 'out', kind: 'link' },
  ]);
  expect(tree.map(({ name }) => name)).toEqual(['empty', 'src', 'out', 'README.md']);
  expect(tree[1]?.children.map(({ path }) => path)).toEqual(['src/pages', 'src/b.ts']);
  expect(opensFirst('src/pages/blog', 'src/pages/blog/a.md')).toBe(true);
  expect(opensFirst('public', 'publican.md')).toBe(false);
});

test('an address names a file, whatever its name holds', () => {
  const address = codeAddress('my-site', { file: 'src/a b/ö&?.md', line: '3' });
  expect(readCodeQuery(new URL(address, 'http://x').searchParams)).toEqual({ file: 'src/a b/ö&?.md', line: '3', q: undefined });
  expect(fileUrl('p1', 'src/[id]/50%.astro')).toBe('/api/projects/p1/files/src/%5Bid%5D/50%25.astro');
});
