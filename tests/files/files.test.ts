import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { files } from '#server/files/files.ts';
import { FilesError } from '#server/files/files-error.ts';

function setup() {
  const projectDir = mkdtempSync(join(tmpdir(), 'doce-files-'));
  onTestFinished(() => rmSync(projectDir, { recursive: true, force: true }));
  mkdirSync(join(projectDir, 'workspace'));
  writeFileSync(join(projectDir, 'secret.txt'), 'host secret');
  const at = (path: string) => join(projectDir, 'workspace', path);
  return {
    projectDir,
    at,
    put(path: string, content: string | Buffer = path, mode = 0o644) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content, { mode });
    },
    link: (path: string, target: string) => symlinkSync(target, at(path)),
    write: (path: string, content: string, base?: string | null) => files.write(projectDir, path, { content: Buffer.from(content), base }),
    async read(path: string) {
      const found = await files.read(projectDir, path);
      if (!('file' in found)) throw new Error('a folder');
      return { text: found.file.content.toString(), hash: found.file.hash };
    },
    async list(path = '') {
      const found = await files.read(projectDir, path);
      return 'folder' in found
        ? found.folder.entries.map((entry) => `${entry.path}${entry.kind === 'folder' ? '/' : entry.kind === 'link' ? '@' : ''}`)
        : [];
    },
  };
}

const codeOf = async (work: () => unknown) => {
  try {
    await work();
    return 'nothing';
  } catch (error) {
    return error instanceof FilesError ? error.code : error;
  }
};

test('the tree holds everything but packages, repositories and secrets', async () => {
  const { put, link, list, projectDir, at } = setup();
  for (const path of ['src/pages/index.astro', 'a b/ü.txt', '.gitignore', '.env.example', 'empty/x']) put(path);
  for (const path of ['.env', '.env.local', '.git/config', 'sub/.git/HEAD', 'node_modules/a/b.js', 'src/node_modules/c.js', '.ENV'])
    put(path);
  rmSync(at('empty/x'));
  link('out', '../secret.txt');
  spawnSync('mkfifo', [at('pipe')]);
  expect(await list()).toEqual([
    '.env.example',
    '.gitignore',
    'a b/',
    'a b/ü.txt',
    'empty/',
    'out@',
    'src/',
    'src/pages/',
    'src/pages/index.astro',
    'sub/',
  ]);
  expect(await list('src')).toEqual(['src/pages/', 'src/pages/index.astro']);
  expect(await codeOf(() => files.read(projectDir, 'nowhere'))).toBe('not_found');
});

test.each([
  ['../secret.txt', 'bad_path'],
  ['src/../../secret.txt', 'bad_path'],
  ['/etc/passwd', 'bad_path'],
  ['./a', 'bad_path'],
  ['a//b', 'bad_path'],
  ['a/', 'bad_path'],
  ['a\0b', 'bad_path'],
  ['a\nb', 'bad_path'],
  ['a\\..\\b', 'bad_path'],
  ['x'.repeat(300), 'bad_path'],
  ['.git/config', 'private'],
  ['sub/.GIT/hooks/post-commit', 'private'],
  ['.env', 'private'],
  ['a/.env.production', 'private'],
  ['node_modules/astro/package.json', 'private'],
])('%j is refused for every operation', async (path, code) => {
  const { projectDir, write, put } = setup();
  put('a.txt');
  expect(await codeOf(() => files.read(projectDir, path))).toBe(code);
  expect(await codeOf(() => write(path, 'x'))).toBe(code);
  expect(await codeOf(() => files.remove(projectDir, path))).toBe(code);
  expect(await codeOf(() => files.createFolder(projectDir, path))).toBe(code);
  expect(await codeOf(() => files.rename(projectDir, 'a.txt', path))).toBe(code);
  expect(await codeOf(() => files.rename(projectDir, path, 'b.txt'))).toBe(code);
  expect(readFileSync(join(projectDir, 'secret.txt'), 'utf8')).toBe('host secret');
});

test('links are never followed, neither at the end nor on the way', async () => {
  const { projectDir, link, write, at } = setup();
  mkdirSync(join(projectDir, 'outside'));
  writeFileSync(join(projectDir, 'outside/file.txt'), 'outside');
  link('file', '../secret.txt');
  link('folder', '../outside');
  expect(await codeOf(() => files.read(projectDir, 'file'))).toBe('not_a_file');
  expect(await codeOf(() => files.read(projectDir, 'folder/file.txt'))).toBe('not_found');
  expect(await codeOf(() => write('file', 'x'))).toBe('not_a_file');
  expect(await codeOf(() => write('folder/file.txt', 'x'))).toBe('not_a_folder');
  expect(await codeOf(() => write('folder/deep/new.txt', 'x'))).toBe('not_a_folder');
  expect(await codeOf(() => files.remove(projectDir, 'folder/file.txt'))).toBe('not_found');
  files.remove(projectDir, 'folder');
  expect(existsSync(at('folder'))).toBe(false);
  expect(readFileSync(join(projectDir, 'secret.txt'), 'utf8')).toBe('host secret');
  expect(readFileSync(join(projectDir, 'outside/file.txt'), 'utf8')).toBe('outside');
});

test('a workspace that is a link itself is refused', async () => {
  const { projectDir } = setup();
  rmSync(join(projectDir, 'workspace'), { recursive: true });
  symlinkSync('/etc', join(projectDir, 'workspace'));
  expect(await codeOf(() => files.read(projectDir, 'hostname'))).toBe('not_found');
});

test('a fifo or a device holds nothing up', async () => {
  const { projectDir, at, write } = setup();
  spawnSync('mkfifo', [at('pipe')]);
  expect(await codeOf(() => files.read(projectDir, 'pipe'))).toBe('not_a_file');
  expect(await codeOf(() => write('pipe', 'x'))).toBe('not_a_file');
  expect((await files.search(projectDir, 'pipe')).matches).toEqual([]);
});

test('a write names what it replaces, and is refused with what is there when that has changed', async () => {
  const { write, read, put } = setup();
  expect(write('src/new/page.txt', 'one', null)).toMatchObject({ state: 'written' });
  const { hash } = await read('src/new/page.txt');
  put('src/new/page.txt', 'by the agent');
  expect(write('src/new/page.txt', 'two', hash)).toMatchObject({
    state: 'changed',
    current: { path: 'src/new/page.txt', content: Buffer.from('by the agent') },
  });
  expect(write('src/new/page.txt', 'two', null)).toMatchObject({ state: 'changed' });
  expect(write('gone.txt', 'two', hash)).toEqual({ state: 'changed', current: undefined });
  expect((await read('src/new/page.txt')).text).toBe('by the agent');
  const outcome = write('src/new/page.txt', 'two', (await read('src/new/page.txt')).hash);
  expect(outcome).toEqual({ state: 'written', hash: (await read('src/new/page.txt')).hash });
  expect(write('src/new/page.txt', 'three')).toMatchObject({ state: 'written' });
});

test('a saved file keeps being executable, and leaves nothing beside it', async () => {
  const { put, write, at, list } = setup();
  put('run.sh', 'x', 0o755);
  write('run.sh', 'y');
  expect(statSync(at('run.sh')).mode & 0o777).toBe(0o755);
  expect(await list()).toEqual(['run.sh']);
});

test('create, rename, remove', async () => {
  const { projectDir, put, list, at } = setup();
  put('a.txt');
  put('folder/deep/b.txt');
  files.createFolder(projectDir, 'new/folder');
  files.rename(projectDir, 'a.txt', 'new/place/a.txt');
  files.rename(projectDir, 'folder', 'moved');
  expect(await list()).toEqual(['moved/', 'moved/deep/', 'moved/deep/b.txt', 'new/', 'new/folder/', 'new/place/', 'new/place/a.txt']);
  expect(await codeOf(() => files.rename(projectDir, 'moved/deep/b.txt', 'new/place/a.txt'))).toBe('exists');
  expect(await codeOf(() => files.rename(projectDir, 'moved', 'moved/deep/inside'))).toBe('bad_path');
  expect(files.remove(projectDir, 'moved')).toBe(true);
  put('new/node_modules/x');
  expect(files.remove(projectDir, 'new')).toBe(false);
  expect(existsSync(at('new/node_modules/x'))).toBe(true);
});

test('a file that is too large is neither read nor written', async () => {
  const { projectDir, put } = setup();
  put('large.bin', Buffer.alloc(10 * 1024 * 1024 + 1));
  expect(await codeOf(() => files.read(projectDir, 'large.bin'))).toBe('too_large');
  expect(await codeOf(() => files.write(projectDir, 'other.bin', { content: Buffer.alloc(10 * 1024 * 1024 + 1) }))).toBe('too_large');
});

test('search finds names and lines, and stays out of binaries and private folders', async () => {
  const { projectDir, put, link } = setup();
  put('src/Bread.astro', 'one\n  the BREAD of today\n');
  put('image.bin', Buffer.from('bread\0bread'));
  put('node_modules/bread.js', 'bread');
  link('bread-link', '../secret.txt');
  expect(await files.search(projectDir, 'bread')).toEqual({
    matches: [
      { path: 'src/Bread.astro', line: 0, column: 5, text: 'src/Bread.astro' },
      { path: 'src/Bread.astro', line: 2, column: 7, text: 'the BREAD of today' },
    ],
    isCut: false,
  });
  expect((await files.search(projectDir, 'host secret')).matches).toEqual([]);
});
