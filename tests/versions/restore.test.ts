import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { RestoreStep } from '#server/versions/restore.ts';
import { journalFile } from '#server/versions/restore-journal.ts';
import { setupVersions } from './setup.ts';

// Real git, a dozen short processes a test: on a busy machine they take their time.
vi.setConfig({ testTimeout: 60_000 });

test('going back makes a new version, and going back again undoes it', async () => {
  const { versions, projectDir, put, remove, record, files } = setupVersions();
  put('index.astro', 'one');
  put('about.astro', 'about');
  const first = await record('First');
  const firstFiles = files();
  put('index.astro', 'two');
  put('blog/new.astro', 'new');
  remove('about.astro');
  const second = await record('Second');
  const secondFiles = files();

  const restored = await versions.restoreVersion(projectDir, first, 'Restored “First”');
  expect(files()).toEqual(firstFiles);
  expect(restored).toMatchObject({ target: first, before: second, removed: ['blog/new.astro'], kept: [] });
  await versions.restoreVersion(projectDir, restored.before, 'Undid the restore');
  expect(files()).toEqual(secondFiles);
  const { versions: all } = await versions.listVersions(projectDir, 10);
  expect(all.map(({ title, kind }) => [kind, title])).toEqual([
    ['restore', 'Undid the restore'],
    ['restore', 'Restored “First”'],
    ['turn', 'Second'],
    ['turn', 'First'],
  ]);
  expect(all[1]).toMatchObject({ hash: restored.after, restoredFrom: first });
  expect(all.map(({ treeHash }) => treeHash)).toEqual([all[2]!.treeHash, all[3]!.treeHash, all[2]!.treeHash, all[3]!.treeHash]);
});

test('what was not recorded yet is recorded first', async () => {
  const { versions, projectDir, put, record, files } = setupVersions();
  put('a.txt', 'one');
  const first = await record();
  put('a.txt', 'by hand');
  put('mine.txt', 'mine');
  const edited = files();
  const { before, removed } = await versions.restoreVersion(projectDir, first, 'Restored');
  expect(removed).toEqual(['mine.txt']);
  expect((await versions.findVersion(projectDir, before))?.title).toBe('Edited by hand');
  await versions.restoreVersion(projectDir, before, 'Back');
  expect(files()).toEqual(edited);
});

test('to the version that is there already changes nothing and adds nothing', async () => {
  const { versions, projectDir, put, record } = setupVersions();
  put('a.txt');
  const hash = await record();
  expect(await versions.restoreVersion(projectDir, hash, 'Restored')).toEqual({
    target: hash,
    before: hash,
    after: hash,
    removed: [],
    kept: [],
  });
  expect((await versions.listVersions(projectDir, 10)).versions).toHaveLength(1);
});

test('renames, modes, links, binaries, odd names, empty folders, a file for a folder and a folder for a file', async () => {
  const { versions, projectDir, put, remove, link, record, files, at } = setupVersions();
  put('page.txt', 'text');
  put('tool', 'x', 0o755);
  put('image.bin', Buffer.from([0, 255, 1]));
  put('folder/inner/file.txt');
  put('file', 'a file');
  put('-rf', 'dash');
  put('line\nbreak', 'odd');
  put('ünï/日本.txt', 'unicode');
  link('link', 'page.txt');
  mkdirSync(at('empty/deep'), { recursive: true });
  mkdirSync(at('same-empty'));
  const first = await record('First');
  const firstFiles = files();

  remove('page.txt');
  put('renamed.txt', 'text');
  remove('tool');
  put('tool', 'x', 0o644);
  put('image.bin', Buffer.from([1, 0, 255, 7]));
  remove('folder');
  put('folder', 'now a file');
  remove('file');
  put('file/inner', 'now a folder');
  remove('link');
  put('link', 'now a file');
  remove('line\nbreak');
  remove('empty');
  put('empty', 'was a folder');
  mkdirSync(at('other/empty'), { recursive: true });
  const second = await record('Second');
  const secondFiles = files();
  for (const [hash, expected] of [
    [first, firstFiles],
    [second, secondFiles],
    [first, firstFiles],
  ] as const) {
    await versions.restoreVersion(projectDir, hash, 'Restored');
    expect(files()).toEqual(expected);
  }
});

test('ignored files stay as they are', async () => {
  const { versions, projectDir, put, record, at } = setupVersions();
  put('.gitignore', 'dist/\n*.log\n');
  put('a.txt', 'one');
  const first = await record();
  put('a.txt', 'two');
  put('dist/index.html', 'built');
  put('debug.log', 'log');
  put('.env', 'SECRET=1');
  put('node_modules/x/index.js', 'x');
  put('lib/.git/HEAD', 'ref');
  put('lib/code.js', 'code');
  const { removed } = await versions.restoreVersion(projectDir, first, 'Restored');
  expect(removed).toEqual(['lib/code.js']);
  for (const path of ['dist/index.html', 'debug.log', '.env', 'node_modules/x/index.js', 'lib/.git/HEAD'])
    expect(existsSync(at(path))).toBe(true);
  expect(readFileSync(at('a.txt'), 'utf8')).toBe('one');
});

test('an ignored file in the way of the version is recorded before it is replaced', async () => {
  const { versions, projectDir, put, remove, record, at } = setupVersions();
  put('notes.txt', 'old notes');
  put('data/list.txt', 'old list');
  const first = await record();
  remove('notes.txt');
  remove('data');
  put('.gitignore', 'notes.txt\ndata\n');
  await record();
  put('notes.txt', 'precious');
  put('data', 'precious too');
  const { before, kept } = await versions.restoreVersion(projectDir, first, 'Restored');
  expect(readFileSync(at('notes.txt'), 'utf8')).toBe('old notes');
  expect(readFileSync(at('data/list.txt'), 'utf8')).toBe('old list');
  expect(kept).toEqual([]);
  expect((await versions.readVersionFile(projectDir, before, 'notes.txt')).toString()).toBe('precious');
  expect((await versions.readVersionFile(projectDir, before, 'data')).toString()).toBe('precious too');
});

test('what no version can hold is moved aside by name', async () => {
  const { versions, projectDir, put, remove, record, at } = setupVersions();
  put('build', 'a file');
  put('pipe', 'a file');
  put('deep/file', 'a file');
  const first = await record();
  remove('build');
  remove('pipe');
  remove('deep');
  put('.gitignore', 'build/*\n');
  await record();
  put('build/output.js', 'ignored');
  spawnSync('mkfifo', [at('pipe'), at('deep')]);
  const { kept } = await versions.restoreVersion(projectDir, first, 'Restored');
  expect(kept.sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: 'build', movedTo: 'build.kept' },
    { path: 'deep', movedTo: 'deep.kept' },
    { path: 'pipe', movedTo: 'pipe.kept' },
  ]);
  expect(readFileSync(at('build.kept/output.js'), 'utf8')).toBe('ignored');
  expect(readFileSync(at('build'), 'utf8')).toBe('a file');
});

test('a link planted where a folder was leads nothing outside the workspace', async () => {
  const { versions, projectDir, put, remove, link, record, at } = setupVersions();
  const outside = join(projectDir, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'page.txt'), 'not yours');
  put('src/page.txt', 'one');
  put('src/gone.txt', 'one');
  const first = await record();
  remove('src');
  link('src', '../outside');
  await versions.restoreVersion(projectDir, first, 'Restored');
  expect(readFileSync(join(outside, 'page.txt'), 'utf8')).toBe('not yours');
  expect(existsSync(join(outside, 'gone.txt'))).toBe(false);
  expect(readFileSync(at('src/page.txt'), 'utf8')).toBe('one');
});

/** A project between two versions that differ in every way, and a restore to the first that ends at a step. */
async function interrupted(stop: (step: RestoreStep) => boolean) {
  const world = setupVersions();
  const { put, remove, record, link, files } = world;
  put('same.txt');
  put('changed.txt', 'one');
  put('folder/file.txt', 'one');
  put('file', 'one');
  put('removed-later.txt', 'one');
  const first = await record('First');
  const firstFiles = files();
  put('changed.txt', 'two');
  remove('folder');
  link('folder', 'same.txt');
  remove('file');
  put('file/inner.txt', 'two');
  remove('removed-later.txt');
  put('added-later.txt', 'two');
  put('by-hand.txt', 'not recorded yet');
  const secondFiles = files();
  class Killed extends Error {}
  const dying = world.boot({
    atRestoreStep(step) {
      if (stop(step)) throw new Killed(step);
    },
  });
  const outcome = await dying.restoreVersion(world.projectDir, first, 'Restored').catch((error: unknown) => error);
  return { ...world, first, firstFiles, secondFiles, died: outcome instanceof Killed };
}

/** Every single change of the workspace is a point at which the host may die. */
const changes = Array.from({ length: 12 }, (_, index) => index);
const points: [string, () => (step: RestoreStep) => boolean][] = [
  ...(['recorded', 'journalled', 'put-back', 'stored', 'done'] as const).map((name): (typeof points)[number] => [
    name,
    () => (step) => step === name,
  ]),
  ...changes.map((count): (typeof points)[number] => [
    `change ${count + 1}`,
    () => {
      let left = count;
      return (step) => step === 'changed' && left-- === 0;
    },
  ]),
];

test.each(points)('a restore that dies at “%s” is finished or never began', async (name, stop) => {
  const world = await interrupted(stop());
  if (name.startsWith('change') && !world.died) return expect(Number(name.slice(7))).toBeGreaterThan(8);
  expect(world.died).toBe(true);
  const next = world.boot({});
  const finished = await next.finishRestore(world.projectDir);
  const began = name !== 'recorded';
  expect(world.files()).toEqual(began ? world.firstFiles : world.secondFiles);
  if (name !== 'done') expect(finished !== undefined).toBe(began);
  expect(await next.finishRestore(world.projectDir)).toBeUndefined();
  expect(existsSync(journalFile(world.gitDir))).toBe(false);
  // Whatever was there before is in the history, and can be had again.
  const before =
    finished?.before ?? (await next.listVersions(world.projectDir, 10)).versions.find((each) => each.title === 'Edited by hand')!.hash;
  await next.restoreVersion(world.projectDir, before, 'Back');
  expect(world.files()).toEqual(world.secondFiles);
  if (began) await next.restoreVersion(world.projectDir, world.first, 'Again');
});

test('what is written after the crash and before the next start is not lost', async () => {
  let left = 2;
  const { boot, projectDir, put, at, firstFiles, files } = await interrupted((step) => step === 'changed' && left-- === 0);
  put('changed.txt', 'written in between');
  put('added-later.txt', 'written in between as well');
  const next = boot({});
  await next.finishRestore(projectDir);
  expect(files()).toEqual(firstFiles);
  const { versions: all } = await next.listVersions(projectDir, 10);
  const between = all.find(({ title }) => title === 'Edited during a restore')!;
  expect((await next.readVersionFile(projectDir, between.hash, 'changed.txt')).toString()).toBe('written in between');
  expect((await next.readVersionFile(projectDir, between.hash, 'added-later.txt')).toString()).toBe('written in between as well');
  expect(dirname(at('x'))).toContain('workspace');
});

test('a file that changes while the restore runs is recorded before it is replaced', async () => {
  const world = setupVersions();
  const { put, record, projectDir, files } = world;
  put('a.txt', 'one');
  put('z.txt', 'one');
  const first = await record();
  const firstFiles = files();
  put('a.txt', 'two');
  put('z.txt', 'two');
  let isWritten = false;
  const versions = world.boot({
    atRestoreStep(step) {
      if (step === 'changed' && !isWritten) {
        isWritten = true;
        put('z.txt', 'written meanwhile');
      }
    },
  });
  await versions.restoreVersion(projectDir, first, 'Restored');
  expect(files()).toEqual(firstFiles);
  const { versions: all } = await versions.listVersions(projectDir, 10);
  const meanwhile = all.find(({ title }) => title === 'Edited during a restore')!;
  expect((await versions.readVersionFile(projectDir, meanwhile.hash, 'z.txt')).toString()).toBe('written meanwhile');
});

test.skipIf(!existsSync('/proc/self/fd'))('what was replaced or removed is freed beside other work, and all of it', async () => {
  const world = setupVersions();
  const { put, record, projectDir } = world;
  for (let index = 0; index < 60; index += 1) put(`file-${index}`, 'one');
  put('large', Buffer.alloc(300_000));
  const first = await record();
  for (let index = 0; index < 60; index += 1) put(`file-${index}`, 'two');
  put('large', Buffer.alloc(300_000, 1));
  for (let index = 0; index < 20; index += 1) put(`later-${index}`);
  const nameless = () =>
    readdirSync('/proc/self/fd')
      .map((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`);
        } catch {
          return '';
        }
      })
      .filter((path) => path.startsWith(projectDir) && path.endsWith(' (deleted)'));
  let held: string[] = [];
  const versions = world.boot({ atRestoreStep: (step) => void (step === 'put-back' && (held = nameless())) });
  await versions.restoreVersion(projectDir, first, 'Restored');
  expect(held.length).toBeGreaterThan(70);
  expect(held.some((path) => path.includes('large'))).toBe(false);
  await vi.waitFor(() => expect(nameless()).toEqual([]));
});

test('an unknown version is refused and nothing is touched', async () => {
  const { versions, projectDir, put, record, files } = setupVersions();
  put('a.txt');
  await record();
  const before = files();
  for (const hash of ['0'.repeat(40), 'HEAD', '--help', '']) {
    await expect(versions.restoreVersion(projectDir, hash, 'x')).rejects.toMatchObject({ code: 'version_not_found' });
  }
  expect(files()).toEqual(before);
});

test('five thousand files go back and forth', async () => {
  const { versions, projectDir, put, record, remove, files } = setupVersions();
  for (let index = 0; index < 5_000; index += 1) put(`folder-${index % 50}/file-${index}.txt`, `${index}\n`);
  const first = await record();
  const firstFiles = files();
  for (let index = 0; index < 25; index += 1) remove(`folder-${index}`);
  put('new.txt');
  await versions.restoreVersion(projectDir, first, 'Restored');
  expect(files()).toEqual(firstFiles);
});
