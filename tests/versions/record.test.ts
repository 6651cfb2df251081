import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { setupVersions } from './setup.ts';

// Real git, a dozen short processes a test: on a busy machine they take their time.
vi.setConfig({ testTimeout: 60_000 });

test('a version is what changed since the one before, and nothing is recorded twice', async () => {
  const { versions, projectDir, put, clock } = setupVersions();
  put('src/pages/index.astro', 'one\ntwo\n');
  const first = await versions.recordVersion(projectDir, { title: 'Started', kind: 'start' });
  expect(first).toMatchObject({ files: 1, added: 2, removed: 0 });
  expect(await versions.recordVersion(projectDir, { title: 'Nothing', kind: 'turn' })).toBeUndefined();
  clock.advance(1_234);
  put('src/pages/index.astro', 'one\n2\nthree\n');
  const second = await versions.recordVersion(projectDir, { title: 'Make it\nthree lines', kind: 'turn', turnId: 'turn_1' });
  expect(second).toMatchObject({ files: 1, added: 2, removed: 1 });
  expect(await versions.latestVersion(projectDir)).toEqual({
    hash: second!.hash,
    treeHash: expect.stringMatching(/^[0-9a-f]{40}$/),
    title: 'Make it three lines',
    kind: 'turn',
    turnId: 'turn_1',
    restoredFrom: undefined,
    emptyFolders: [],
    createdAtMs: clock.now(),
  });
});

test('the list pages from the newest to the first', async () => {
  const { versions, projectDir, put, record } = setupVersions();
  const hashes: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    put('a.txt', `${index}`);
    hashes.unshift(await record(`Change ${index}`));
  }
  const first = await versions.listVersions(projectDir, 3);
  const rest = await versions.listVersions(projectDir, 3, first.nextCursor);
  expect([...first.versions, ...rest.versions].map(({ hash }) => hash)).toEqual(hashes);
  expect(rest.nextCursor).toBeUndefined();
  await expect(versions.listVersions(projectDir, 3, '0'.repeat(40))).rejects.toMatchObject({ code: 'version_not_found' });
  expect(await versions.findVersion(projectDir, '--output=/tmp/x')).toBeUndefined();
});

test('every kind of entry comes back byte for byte', async () => {
  const world = setupVersions();
  const { versions, projectDir, put, link, record, files } = world;
  put('plain.txt', 'a\r\nb\n');
  put('empty.txt', '');
  put('image.png', Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256)));
  put('run.sh', '#!/bin/sh\n', 0o755);
  put('-n', 'leading dash');
  put('new\nline "quoted" \\ back', 'odd');
  put('naïve/日本語 .txt', 'unicode');
  put(' leading and trailing ', 'spaces');
  put(':(glob)*', 'pathspec');
  put('src/empty/deep/x');
  world.remove('src/empty/deep/x');
  link('to-file', 'plain.txt');
  link('dangling', '../../outside');
  const before = files();
  const hash = await record();
  const folder = join(projectDir, 'checkout');
  await versions.checkout(projectDir, hash, folder);
  expect((await import('./setup.ts')).snapshot(folder)).toEqual(before);
  expect(world.git('fsck', '--strict').status).toBe(0);
});

test('what a version never holds: ignored files, packages, secrets, repositories', async () => {
  const { versions, projectDir, put, record } = setupVersions();
  put('.gitignore', 'dist/\n*.log\n!keep.log\n');
  put('src/.gitignore', '/local\n');
  put('src/local', 'x');
  put('src/deep/local', 'x');
  put('dist/index.html', 'x');
  put('a.log', 'x');
  put('keep.log', 'x');
  put('.env', 'KEY=1');
  put('.env.production', 'KEY=1');
  put('.env.example', 'KEY=');
  put('node_modules/astro/package.json', '{}');
  put('packages/a/node_modules/b/index.js', 'x');
  put('.git/config', 'x');
  put('vendor/lib/.git/HEAD', 'ref: refs/heads/main');
  put('vendor/lib/index.js', 'x');
  const tree = await versions.listVersionTree(projectDir, await record());
  expect(tree.map(({ path }) => path)).toEqual(
    ['.env.example', '.gitignore', 'keep.log', 'src/.gitignore', 'src/deep/local', 'vendor/lib/index.js'].sort(),
  );
});

test('a .gitignore that comes later ends nothing: what a version holds stays part of the next', async () => {
  const { versions, projectDir, put, record } = setupVersions();
  put('notes.txt', 'one');
  await record();
  put('.gitignore', 'notes.txt\n');
  put('notes.txt', 'two');
  const hash = await record();
  expect((await versions.readVersionFile(projectDir, hash, 'notes.txt')).toString()).toBe('two');
});

test('settings, attributes and filters of a workspace do nothing', async () => {
  const world = setupVersions();
  const { versions, projectDir, put, record, at } = world;
  put('.gitattributes', '* text=auto eol=crlf ident filter=evil diff=evil merge=evil export-ignore working-tree-encoding=UTF-16\n');
  put('.gitmodules', '[submodule "x"]\n\tpath = sub\n\turl = ext::touch pwned\n');
  put(
    '.git/config',
    `[filter "evil"]\n\tclean = touch ${at('pwned')}\n\tsmudge = touch ${at('pwned')}\n[core]\n\tfsmonitor = touch ${at('pwned')}\n`,
  );
  put('.git/hooks/post-commit', `#!/bin/sh\ntouch ${at('pwned')}\n`, 0o755);
  put('$Id$.txt', 'unix\n$Id$\n');
  const hash = await record();
  put('$Id$.txt', 'unix\n$Id$\nmore\n');
  const { files } = await versions.diffVersions(projectDir, hash, 'now');
  expect(files).toMatchObject([{ path: '$Id$.txt', isBinary: false, added: 1 }]);
  await versions.restoreVersion(projectDir, hash, 'Restored');
  expect(readFileSync(at('$Id$.txt'), 'utf8')).toBe('unix\n$Id$\n');
  expect(world.files()).not.toHaveProperty('pwned');
  const zip = await versions.archive(projectDir, hash);
  const bytes = Buffer.concat(await zip.toArray());
  expect(bytes.includes('$Id$.txt')).toBe(true);
});

test('links are recorded as links, and nothing beyond them is read', async () => {
  const world = setupVersions();
  const { versions, projectDir, link, record, put } = world;
  writeFileSync(join(projectDir, 'secret.txt'), 'host secret');
  link('secret', '../secret.txt');
  link('up', '..');
  put('real.txt');
  const hash = await record();
  expect(await versions.listVersionTree(projectDir, hash)).toEqual([
    { path: 'real.txt', mode: '100644' },
    { path: 'secret', mode: '120000' },
    { path: 'up', mode: '120000' },
  ]);
  await expect(versions.readVersionFile(projectDir, hash, 'secret')).rejects.toMatchObject({ code: 'file_not_found' });
  expect(world.git('grep', '--text', 'host secret', hash).stdout).toBe('');
});

test('a fifo or a name that is not UTF-8 is left out and holds nothing up', async () => {
  const { versions, projectDir, put, record, at } = setupVersions();
  put('page.txt');
  expect(spawnSync('mkfifo', [at('pipe'), at('.gitignore')]).status).toBe(0);
  writeFileSync(Buffer.concat([Buffer.from(`${at('')}`), Buffer.from([0xff, 0xfe])]), 'x');
  expect((await versions.listVersionTree(projectDir, await record())).map(({ path }) => path)).toEqual(['page.txt']);
});

test('a change is seen although size and times were put back', async () => {
  const { put, record, at, versions, projectDir } = setupVersions();
  put('a.txt', 'aaaa');
  await record();
  const { utimesSync, statSync } = await import('node:fs');
  const { atime, mtime } = statSync(at('a.txt'));
  writeFileSync(at('a.txt'), 'bbbb');
  utimesSync(at('a.txt'), atime, mtime);
  const hash = await record();
  expect((await versions.readVersionFile(projectDir, hash, 'a.txt')).toString()).toBe('bbbb');
});

test('differences name renames, binaries, modes and links, with patches', async () => {
  const { versions, projectDir, put, record, at, remove, link } = setupVersions();
  const text = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join('');
  put('old name.txt', text);
  put('image.bin', Buffer.from([0, 1, 2]));
  put('gone.txt', 'x\n');
  put('tool', 'x\n');
  put('kind', 'x\n');
  const first = await record();
  renameSync(at('old name.txt'), at('new\tname.txt'));
  writeFileSync(at('new\tname.txt'), `${text}last\n`);
  put('image.bin', Buffer.from([0, 1, 2, 3]));
  remove('gone.txt');
  remove('kind');
  link('kind', 'gone.txt');
  chmodSync(at('tool'), 0o755);
  put('added.txt', 'diff --git a/x b/x\n');
  const second = await record();
  const { files, isCut } = await versions.diffVersions(projectDir, first, second);
  expect(isCut).toBe(false);
  expect(
    Object.fromEntries(files.map((file) => [file.path, [file.status, file.previousPath, file.added, file.removed, file.isBinary]])),
  ).toEqual({
    'added.txt': ['added', null, 1, 0, false],
    'gone.txt': ['removed', null, 0, 1, false],
    'image.bin': ['changed', null, 0, 0, true],
    kind: ['changed', null, 1, 1, false],
    'new\tname.txt': ['renamed', 'old name.txt', 1, 0, false],
    tool: ['changed', null, 0, 0, false],
  });
  for (const file of files) {
    if (file.isBinary) expect(file.patch).toBeNull();
    else expect(file.patch).toContain(file.path === 'new\tname.txt' ? '+last' : file.path);
  }
  const back = await versions.diffVersions(projectDir, second, first, { patches: false });
  expect(back.files.every(({ patch }) => patch === null)).toBe(true);
});

test('a difference with now leaves no version behind', async () => {
  const { versions, projectDir, put, record } = setupVersions();
  put('a.txt', 'one\n');
  const hash = await record();
  expect((await versions.diffVersions(projectDir, hash, 'now')).files).toEqual([]);
  put('a.txt', 'two\n');
  expect((await versions.diffVersions(projectDir, hash, 'now')).files).toMatchObject([{ path: 'a.txt', added: 1, removed: 1 }]);
  expect((await versions.listVersions(projectDir, 10)).versions).toHaveLength(1);
});

test('locks of a git that was killed do not end the history', async () => {
  const { projectDir, put, record, gitDir, boot } = setupVersions();
  put('a.txt', 'one');
  await record();
  writeFileSync(join(gitDir, 'refs/heads/main.lock'), '');
  put('a.txt', 'two');
  const version = await boot().recordVersion(projectDir, { title: 'After', kind: 'turn' });
  expect(version).toMatchObject({ files: 1 });
});

test('too many files are refused, and the process goes on', async () => {
  const { versions, projectDir, put } = setupVersions();
  const { scanLimits } = await import('#server/versions/scan.ts');
  const limit = scanLimits.entries;
  scanLimits.entries = 20;
  try {
    for (let index = 0; index < 21; index += 1) put(`many/${index}`);
    await expect(versions.recordVersion(projectDir, { title: 'x', kind: 'turn' })).rejects.toMatchObject({ code: 'too_many_files' });
  } finally {
    scanLimits.entries = limit;
  }
});

test('without files there is no version', async () => {
  const { versions, projectDir, remove } = setupVersions();
  expect(await versions.recordVersion(projectDir, { title: 'x', kind: 'turn' })).toBeUndefined();
  expect(await versions.latestVersion(projectDir)).toBeUndefined();
  remove('');
  await expect(versions.recordVersion(projectDir, { title: 'x', kind: 'turn' })).rejects.toMatchObject({ code: 'workspace_missing' });
});
