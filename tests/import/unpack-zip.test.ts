import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { importLimits } from '#server/import/import-limits.ts';
import { inspectZip, unpackZip } from '#server/import/unpack-zip.ts';
import { makeZip, packageJson } from './zip.ts';
import type { ZipEntry } from './zip.ts';

function setup(zip: Buffer | readonly ZipEntry[], limits: Partial<typeof importLimits> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'doce-zip-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'site.zip');
  const into = join(folder, 'aside', 'files');
  mkdirSync(into, { recursive: true });
  writeFileSync(file, Buffer.isBuffer(zip) ? zip : makeZip(zip));
  const all = { ...importLimits, ...limits };
  const written = () => readdirSync(into, { recursive: true, encoding: 'utf8' }).sort();
  return {
    folder,
    into,
    written,
    inspect: () => inspectZip(file, all),
    unpack: (signal = new AbortController().signal) => unpackZip(file, into, all, signal),
  };
}

const page = { name: 'src/pages/index.astro', content: '<h1>Hello</h1>\n' };

test('a site is unpacked as it was packed, folders and executables included', async () => {
  const run = { name: 'bin/run', content: '#!/bin/sh\n', mode: 0o100755 };
  const { unpack, inspect, into, written } = setup([packageJson(), page, run, { name: 'empty/', mode: 0o040755 }]);
  expect(await inspect()).toEqual({ kind: 'astro', leftOut: [] });
  expect(await unpack()).toEqual([]);
  expect(written()).toEqual(['bin', 'bin/run', 'empty', 'package.json', 'src', 'src/pages', 'src/pages/index.astro']);
  expect(readFileSync(join(into, page.name), 'utf8')).toBe(page.content);
  expect(statSync(join(into, 'bin/run')).mode & 0o111).toBe(0o111);
  expect(statSync(join(into, page.name)).mode & 0o7111).toBe(0);
});

test('the one folder around everything is taken off, and what a Mac adds is dropped', async () => {
  const around = [packageJson(), page].map((entry) => ({ ...entry, name: `site-main/${entry.name}` }));
  const added = [
    { name: '__MACOSX/._package.json', content: 'x' },
    { name: 'site-main/.DS_Store', content: 'x' },
  ];
  const { unpack, inspect, written } = setup([{ name: 'site-main/', mode: 0o040755 }, ...around, ...added]);
  expect((await inspect()).kind).toBe('astro');
  expect(await unpack()).toEqual([]);
  expect(written()).toContain('package.json');
  expect(written().join()).not.toMatch(/MACOSX|DS_Store|site-main/);
});

test('repositories, packages and secrets within are left out, and named', async () => {
  const entries = ['.git/config', 'sub/.GIT/hooks/post-checkout', 'node_modules/x/index.js', '.env', '.env.example'];
  const { unpack, written } = setup([packageJson(), ...entries.map((name) => ({ name, content: 'x' }))]);
  expect(await unpack()).toEqual(['.git', 'sub/.GIT', 'node_modules', '.env']);
  expect(written()).toEqual(['.env.example', 'package.json']);
});

test.each<[string, ZipEntry, string]>([
  ['a path that climbs', { name: '../evil', content: 'x' }, 'import_bad_path'],
  ['a path that climbs within', { name: 'a/../../evil', content: 'x' }, 'import_bad_path'],
  ['a path that climbs with backslashes', { name: '..\\..\\evil', content: 'x' }, 'import_bad_path'],
  ['an absolute path', { name: '/etc/cron.d/evil', content: 'x' }, 'import_bad_path'],
  ['a path on a drive', { name: 'C:\\Windows\\evil', content: 'x' }, 'import_bad_path'],
  ['a share', { name: '\\\\host\\share\\evil', content: 'x' }, 'import_bad_path'],
  ['a path with nothing between slashes', { name: 'a//b', content: 'x' }, 'import_bad_path'],
  ['a path of dots', { name: './evil', content: 'x' }, 'import_bad_path'],
  ['a NUL in a name', { name: 'safe.txt\0.sh', content: 'x' }, 'import_bad_path'],
  ['a line break in a name', { name: 'a\nb', content: 'x' }, 'import_bad_path'],
  ['text that turns its direction', { name: 'exe.\u202Egnp', content: 'x' }, 'import_bad_path'],
  ['a name that is too long', { name: 'a'.repeat(256), content: 'x' }, 'import_bad_path'],
  ['a path that is too long', { name: 'abcdefghi/'.repeat(103) + 'x', content: 'x' }, 'import_bad_path'],
  ['a path that is too deep', { name: 'a/'.repeat(41) + 'x', content: 'x' }, 'import_bad_path'],
  ['an empty name', { name: '', content: 'x' }, 'import_bad_path'],
  ['a symbolic link', { name: 'link', content: '/etc/passwd', mode: 0o120777 }, 'import_link'],
  ['a symbolic link that calls itself a folder', { name: 'link/', content: '/etc', mode: 0o120777 }, 'import_link'],
  ['a character device', { name: 'null', mode: 0o020666 }, 'import_link'],
  ['a block device', { name: 'disk', mode: 0o060666 }, 'import_link'],
  ['a fifo', { name: 'pipe', mode: 0o010666 }, 'import_link'],
  ['a socket', { name: 'socket', mode: 0o140666 }, 'import_link'],
  ['an encrypted file', { name: 'secret', content: 'x', flags: 0x801 }, 'import_zip_encrypted'],
  ['an unknown compression', { name: 'packed', content: 'x', method: 14 }, 'import_zip_method'],
  ['a name that says UTF-8 and is not', { name: Buffer.from([0x61, 0xff, 0xfe]), content: 'x' }, 'import_name_unreadable'],
])('%s is refused before anything is written', async (_what, entry, code) => {
  const { inspect, unpack, written } = setup([packageJson(), entry]);
  await expect(inspect()).rejects.toMatchObject({ code });
  await expect(unpack()).rejects.toMatchObject({ code });
  expect(written()).toEqual([]);
});

test.each<[string, string[]]>([
  ['the same name twice', ['a.txt', 'a.txt']],
  ['names that differ in capital letters', ['Readme.md', 'README.md']],
  ['folders that differ in capital letters', ['Src/a.txt', 'src/b.txt']],
  ['names that differ in how an accent is written', ['caf\u00e9.md', 'cafe\u0301.md']],
  ['a file where a folder would have to be', ['a', 'a/b']],
  ['a folder where a file is', ['a/b', 'a']],
])('%s is refused', async (_what, names) => {
  const { inspect, unpack, written } = setup([packageJson(), ...names.map((name) => ({ name, content: 'x' }))]);
  await expect(inspect()).rejects.toMatchObject({ code: 'import_name_clash' });
  await expect(unpack()).rejects.toMatchObject({ code: 'import_name_clash' });
  expect(written()).toEqual([]);
});

test('names in the old code page are read as such', async () => {
  const { unpack, written } = setup([packageJson(), { name: Buffer.from([0x63, 0x61, 0x66, 0x82]), content: 'x', flags: 0 }]);
  await unpack();
  expect(written()).toEqual(['café', 'package.json']);
});

test('a file more than allowed is refused, the allowed number is not', async () => {
  const files = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `f/${n}`, content: 'x', method: 0 }));
  expect(importLimits).toMatchObject({ files: 10_000, bytes: 200 * 1024 * 1024, ratio: 100, gitMs: 60_000 });
  const ok = setup([packageJson(), ...files(99)], { files: 100 });
  expect((await ok.inspect()).kind).toBe('astro');
  const many = setup([packageJson(), ...files(100)], { files: 100 });
  await expect(many.inspect()).rejects.toMatchObject({ code: 'import_too_many_files' });
  await expect(many.unpack()).rejects.toMatchObject({ code: 'import_too_many_files' });
});

test('a list of nothing but folders ends at a limit too', async () => {
  const folders = Array.from({ length: 60 }, (_, n) => ({ name: `d${n}/`, mode: 0o040755, method: 0 }));
  await expect(setup([packageJson(), ...folders], { files: 10 }).inspect()).rejects.toMatchObject({ code: 'import_too_many_files' });
});

test('a bomb that admits its size is refused from its list', async () => {
  const bomb = { name: 'zeros', content: Buffer.alloc(4 * 1024 * 1024) };
  const { inspect } = setup([packageJson(), bomb]);
  await expect(inspect()).rejects.toMatchObject({ code: 'import_too_dense' });
});

test('a bomb that hides its size is stopped while it unpacks', async () => {
  const bomb = { name: 'zeros', content: Buffer.alloc(4 * 1024 * 1024), size: 100 };
  const { inspect, unpack, into } = setup([packageJson(), bomb]);
  expect((await inspect()).kind).toBe('astro');
  await expect(unpack()).rejects.toMatchObject({ code: expect.stringMatching(/^import_(zip_damaged|too_dense)$/) });
  expect(existsSync(join(into, 'zeros')) ? statSync(join(into, 'zeros')).size : 0).toBeLessThan(1024 * 1024);
});

test('entries that share one body count each time', async () => {
  const body = Buffer.alloc(300_000, 'abcdefghijklmnopqrstuvwxyz0123456789');
  const one = { name: 'b0', content: body };
  const offset = makeZip([packageJson()]).indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  const shared = Array.from({ length: 50 }, (_, n) => ({ ...one, name: `b${n + 1}`, offset }));
  const { unpack } = setup([packageJson(), one, ...shared]);
  await expect(unpack()).rejects.toMatchObject({ code: expect.stringMatching(/^import_(too_dense|zip_damaged)$/) });
});

test('more bytes than allowed are refused, from the list and from what comes out', async () => {
  const random = Buffer.from(Array.from({ length: 40_000 }, (_, n) => (n * 7919) % 251));
  const big = { name: 'big.bin', content: random, method: 0 };
  await expect(setup([packageJson(), big], { bytes: 30_000 }).inspect()).rejects.toMatchObject({ code: 'import_too_large' });
  await expect(setup([packageJson(), big], { bytes: 30_000 }).unpack()).rejects.toMatchObject({ code: 'import_too_large' });
});

test.each<[string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('<!doctype html><title>not a zip</title>')],
  ['a tar', Buffer.concat([Buffer.from('package.json'.padEnd(257, '\0')), Buffer.from('ustar\0'), Buffer.alloc(800)])],
  ['the first half of a ZIP', makeZip([packageJson(), page]).subarray(0, 120)],
])('%s is no ZIP', async (_what, bytes) => {
  await expect(setup(bytes).inspect()).rejects.toMatchObject({ code: 'import_not_a_zip' });
  await expect(setup(bytes).unpack()).rejects.toMatchObject({ code: 'import_not_a_zip' });
});

test('a directory that is not one is damage', async () => {
  const zip = makeZip([packageJson(), page]);
  zip.writeUInt32LE(0xdeadbeef, zip.indexOf(Buffer.from('PK\x01\x02', 'latin1')));
  await expect(setup(zip).inspect()).rejects.toMatchObject({ code: 'import_zip_damaged' });
});

test.each<[string, ZipEntry]>([
  ['a checksum that does not fit', { ...page, checksum: 1 }],
  ['a size that does not fit', { ...page, size: 3 }],
  ['a stored size that does not fit', { ...page, method: 0, size: 3 }],
])('%s is damage', async (_what, entry) => {
  await expect(setup([packageJson(), entry]).unpack()).rejects.toMatchObject({ code: 'import_zip_damaged' });
});

test('damaged contents are damage', async () => {
  const zip = makeZip([packageJson(), { name: 'a.txt', content: 'a text that is packed well, well, well, well' }]);
  zip.fill(0xff, zip.indexOf('a.txt') + 5, zip.indexOf('a.txt') + 20);
  await expect(setup(zip).unpack()).rejects.toMatchObject({ code: 'import_zip_damaged' });
});

test('an abort ends the unpacking', async () => {
  const { unpack } = setup([packageJson(), page]);
  await expect(unpack(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
});

test.each<[string, ZipEntry[], string]>([
  ['no files', [{ name: 'a/', mode: 0o040755 }], 'import_empty'],
  ['no package.json', [page], 'import_no_package'],
  [
    'plain HTML',
    [
      { name: 'index.html', content: '<p>' },
      { name: 'a/b.css', content: '' },
    ],
    'import_plain_html',
  ],
  ['a package.json that is no JSON', [{ name: 'package.json', content: '{' }, page], 'import_package_unreadable'],
  ['a package.json that is a list', [{ name: 'package.json', content: '[]' }, page], 'import_package_unreadable'],
  ['a package.json without anything to start', [packageJson({ scripts: { build: 'x' } })], 'import_no_dev_script'],
  ['a package.json of 2 MiB', [{ name: 'package.json', content: `"${'x'.repeat(2 ** 21)}"`, method: 0 }], 'import_package_unreadable'],
])('%s is refused by name', async (_what, entries, code) => {
  await expect(setup(entries).inspect()).rejects.toMatchObject({ code });
});

test('a package with a dev script is a site of the second kind', async () => {
  const { inspect } = setup([packageJson({ scripts: { dev: 'vite' }, devDependencies: { vite: '8' } })]);
  expect((await inspect()).kind).toBe('package');
});
