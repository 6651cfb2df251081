import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeByRules, parseIgnoreRules } from '#server/versions/ignore-rules.ts';

let repository: string;
beforeAll(() => {
  repository = mkdtempSync(join(tmpdir(), 'doce-ignore-'));
  spawnSync('git', ['init', '-q', repository]);
});
afterAll(() => rmSync(repository, { recursive: true, force: true }));

/**
 * What git itself says of each path; a trailing slash asks about a folder. Folders are made and asked for by their bare name:
 * given a slash, `check-ignore` answers for a file without a name inside of the folder, which no walk of git's meets.
 */
function askGit(rules: string, paths: string[]): boolean[] {
  const ignored = new Set<string>();
  for (const kind of ['files', 'folders'] as const) {
    const root = mkdtempSync(join(repository, `${kind}-`));
    writeFileSync(join(root, '.gitignore'), rules);
    const asked = paths.filter((path) => path.endsWith('/') === (kind === 'folders'));
    for (const path of kind === 'folders' ? asked : []) mkdirSync(join(root, path), { recursive: true });
    const names = asked.map((path) => path.replace(/\/$/, ''));
    const args = ['-C', root, 'check-ignore', '--no-index', '--stdin', '-z', '-v', '-n'];
    const fields = spawnSync('git', args, { input: names.map((name) => `${name}\0`).join(''), encoding: 'utf8' }).stdout.split('\0');
    for (const [index, path] of asked.entries()) {
      const pattern = fields[index * 4 + 2] ?? '';
      if (pattern !== '' && !pattern.startsWith('!')) ignored.add(path);
    }
    rmSync(root, { recursive: true });
  }
  return paths.map((path) => ignored.has(path));
}

/** As the walk asks: from the top down, and never inside an ignored folder. */
function ask(rules: string, path: string): boolean {
  const parsed = parseIgnoreRules(rules);
  const isFolder = path.endsWith('/');
  const names = path.replace(/\/$/, '').split('/');
  return names.some((_, index) => {
    const here = names.slice(0, index + 1);
    return judgeByRules(parsed, here, isFolder || here.length < names.length) === 'ignored';
  });
}

const paths = [
  'a',
  'b',
  'a/',
  'a/b',
  'ab',
  'a/b/',
  'a/b/a',
  'b/a/ab',
  'aab',
  'b/b/b/b',
  'a-b',
  'a]',
  '*',
  '!a',
  '#a',
  'a ',
  'A',
  '\\',
  'a1',
  '[a',
  'ba/x.log',
  'x.log',
  'b.log/',
  'b.log/a',
];

test.each([
  ['*.log', 'dist/', '/a', 'a/', '!b'],
  ['*', '!*.log', '!b'],
  ['**/a', 'a/**', 'a/**/b', '**', '!a/b'],
  ['a\\ ', 'a  ', '\\!a', '\\#a', '#a', '!'],
  ['[ab]', '[!a]', '[^b]?', '[a-b]*', '[]a]', 'a[]]', '[[:alpha:]]', '[a', '[\\]]', '[z-a]'],
  ['a/b', '/*', '!/a', '/**/b/', 'a**b', '**b', 'b/**a', '*/b', '\\*', '\\', '/', '//', 'a//b'],
])('%j and the others agree with git, each alone and all together', (...patterns) => {
  for (const rules of [...patterns, patterns.join('\n'), patterns.toReversed().join('\r\n')]) {
    const theirs = askGit(rules, paths);
    expect({ rules, ignored: paths.filter((path) => ask(rules, path)) }).toEqual({
      rules,
      ignored: paths.filter((_, index) => theirs[index]),
    });
  }
});

test('rules made at random agree with git', { timeout: 30_000 }, () => {
  const piece = fc.constantFrom('a', 'b', '*', '**', '?', '/', '[ab]', '[!a]', 'ab', '.log', '\\a');
  const line = fc
    .tuple(fc.constantFrom('', '!', '/'), fc.array(piece, { minLength: 1, maxLength: 6 }), fc.constantFrom('', '/'))
    .map(([start, middle, end]) => `${start}${middle.join('')}${end}`)
    // gitignore(5) calls these plain asterisks; git compares what is before them apart and then takes `a**/` for `a` and any folders.
    .filter((text) => !/[^/!]\*\*/.test(text));
  const rules = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
  const component = fc.stringMatching(/^[ab]{1,3}(\.log)?$/);
  const path = fc
    .tuple(fc.array(component, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '/'))
    .map(([names, end]) => names.join('/') + end);
  fc.assert(
    fc.property(rules, fc.array(path, { minLength: 10, maxLength: 20 }), (text, asked) => {
      expect(asked.map((each) => ask(text, each))).toEqual(askGit(text, asked));
    }),
    { numRuns: 100 },
  );
});

test('a pattern made to be slow is not', () => {
  const rules = parseIgnoreRules(`${'*a'.repeat(60)}*b\n${'**/a/'.repeat(40)}b\n`);
  const name = 'a'.repeat(250);
  // A regular expression would need longer than the age of the universe: that this ends is the test.
  expect(judgeByRules(rules, [...Array<string>(60).fill('a'), name], false)).toBeUndefined();
});
