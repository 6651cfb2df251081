import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addressOf, findFile } from '#server/releases/release.ts';
import { createReleaseStore } from '#server/releases/store.ts';
import { setupStore } from './setup.ts';

const released = (projectDir: string) => readdirSync(join(projectDir, 'releases')).sort();

test('equal content is one release, whatever order and time it was written in', async () => {
  const { projectDir, place } = setupStore();
  const first = await place({ 'index.html': '<h1>Bread</h1>', 'a/b.txt': 'b' });
  const second = await place({ 'a/b.txt': 'b', 'index.html': '<h1>Bread</h1>' });
  expect(second).toBe(first);
  expect(released(projectDir)).toEqual([first.hash]);
});

test('another content, or the same at another path, is another release', async () => {
  const { place } = setupStore();
  const hashes = [
    (await place({ 'index.html': 'one' })).hash,
    (await place({ 'index.html': 'two' })).hash,
    (await place({ 'index.html': 'one', 'about.html': '' })).hash,
    (await place({ 'index.html': '', 'about.html': 'one' })).hash,
  ];
  expect(new Set(hashes).size).toBe(4);
});

test('a release is found again by another process, and what was never complete is not', async () => {
  const { projectDir, place } = setupStore();
  const { hash, files } = await place({ 'index.html': 'x'.repeat(2_000), '404.html': 'none' });
  const reopened = await createReleaseStore().open(projectDir, hash);
  expect(reopened).toMatchObject({ hash, pageCount: 1, sizeBytes: 2_004 });
  expect([...reopened!.files]).toEqual([...files]);
  rmSync(join(projectDir, 'releases', hash, 'release.json'));
  expect(await createReleaseStore().open(projectDir, hash)).toBeUndefined();
  expect(await createReleaseStore().open(projectDir, '../releases')).toBeUndefined();
});

test('links, hidden files and empty folders stay behind; .well-known goes along', async () => {
  const { projectDir, store, writeOutput } = setupStore();
  const folder = writeOutput({ 'index.html': 'x', '.env': 'KEY=1', '.well-known/security.txt': 'mail', 'a/.htaccess': 'no' });
  symlinkSync('/etc/passwd', join(folder, 'passwd.html'));
  symlinkSync('/etc', join(folder, 'etc'));
  mkdirSync(join(folder, 'empty'));
  const release = await store.place(projectDir, folder, new AbortController().signal);
  expect([...release.files.keys()]).toEqual(['.well-known/security.txt', 'index.html']);
});

test('no page, too many files or too large a file is refused, and leaves nothing', async () => {
  const { projectDir, place } = setupStore({ files: 3, fileBytes: 100, totalBytes: 150 });
  await expect(place({ 'readme.txt': 'x' })).rejects.toMatchObject({ code: 'no_pages' });
  await expect(place({ 'index.html': 'x', 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' })).rejects.toMatchObject({ code: 'output_too_large' });
  await expect(place({ 'index.html': 'x'.repeat(101) })).rejects.toMatchObject({ code: 'output_too_large' });
  await expect(place({ 'index.html': 'x'.repeat(99), 'a.txt': 'a'.repeat(99) })).rejects.toMatchObject({ code: 'output_too_large' });
  expect(released(projectDir)).toEqual([]);
});

test('an aborted placing leaves nothing', async () => {
  const { projectDir, place } = setupStore();
  await expect(place({ 'index.html': 'x' }, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  expect(released(projectDir)).toEqual([]);
});

test('pruning keeps what it is told and what is in use, and clears drafts of a dead host away', async () => {
  const { projectDir, store, place } = setupStore();
  const [kept, used, old] = [await place({ 'index.html': '1' }), await place({ 'index.html': '2' }), await place({ 'index.html': '3' })];
  mkdirSync(join(projectDir, 'releases', '.draft-dead'));
  used.users += 1;
  await store.prune(projectDir, () => new Set([kept.hash]));
  expect(released(projectDir)).toEqual([kept.hash, used.hash].sort());
  expect(await store.open(projectDir, old.hash)).toBeUndefined();
  used.users -= 1;
  await store.prune(projectDir, () => new Set([kept.hash]));
  expect(released(projectDir)).toEqual([kept.hash]);
  await store.prune(projectDir, () => undefined);
  expect(released(projectDir)).toEqual([kept.hash]);
});

test('what a dead host left half made is gone once the next release is there', async () => {
  const { projectDir, place } = setupStore();
  mkdirSync(join(projectDir, 'releases', '.draft-dead', 'app'), { recursive: true });
  const { hash } = await place({ 'index.html': '1' });
  expect(released(projectDir)).toEqual([hash]);
});

test('a project without releases has nothing to prune', async () => {
  const { projectDir, store } = setupStore();
  await store.prune(projectDir, () => new Set());
  expect(existsSync(join(projectDir, 'releases'))).toBe(false);
});

test('compressed copies are made of text that gets smaller, and of nothing else', async () => {
  const { place } = setupStore();
  const noise = Buffer.from(Array.from({ length: 4_000 }, (_, index) => (index * 7919 * index) % 251));
  const { files } = await place({ 'index.html': 'word '.repeat(500), 'small.css': 'a{}', 'photo.jpg': noise });
  expect(files.get('index.html')).toMatchObject({ br: expect.any(Number) as number, gzip: expect.any(Number) as number });
  expect(files.get('small.css')).not.toHaveProperty('br');
  expect(files.get('photo.jpg')).not.toHaveProperty('gzip');
});

test.each([
  ['/', 'index.html'],
  ['/about', 'about/index.html'],
  ['/about/', 'about/index.html'],
  ['/team', 'team.html'],
  ['/team/', 'team.html'],
  ['/team.html', 'team.html'],
  ['/caf%C3%A9/', 'café/index.html'],
  ['/a b.txt', 'a b.txt'],
  ['/a%20b.txt', 'a b.txt'],
])('%s means %s', async (address, path) => {
  const { place } = setupStore();
  const site = { 'index.html': '1', 'about/index.html': '2', 'team.html': '3', 'café/index.html': '4', 'a b.txt': '5' };
  expect(findFile(await place(site), address)?.path).toBe(path);
});

test.each([
  '/../index.html',
  '/..%2findex.html',
  '//index.html',
  '/%00',
  '/%',
  '/a\\..\\index.html',
  '/site/index.html',
  '/release.json',
  '',
])('%j means nothing', async (address) => {
  const { place } = setupStore();
  expect(findFile(await place({ 'index.html': '1' }), address)).toBeUndefined();
});

test('the address of a page leads to it', async () => {
  const { place } = setupStore();
  const release = await place({ 'index.html': '1', 'about/index.html': '2', 'a ä?/b#.html': '3' });
  for (const path of release.files.keys()) expect(findFile(release, addressOf(path))?.path).toBe(path);
});

test('a file that a build wrote as something else is not read', async () => {
  const { projectDir, store, writeOutput } = setupStore();
  const folder = writeOutput({ 'index.html': 'x' });
  writeFileSync(join(projectDir, 'secret'), 'secret');
  rmSync(join(folder, 'index.html'));
  symlinkSync(join(projectDir, 'secret'), join(folder, 'index.html'));
  await expect(store.place(projectDir, folder, new AbortController().signal)).rejects.toMatchObject({ code: 'no_pages' });
});
