import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { files } from '#server/files/files.ts';

function setup() {
  const projectDir = mkdtempSync(join(tmpdir(), 'doce-add-file-'));
  onTestFinished(() => rmSync(projectDir, { recursive: true, force: true }));
  const at = (path: string) => join(projectDir, 'workspace', path);
  mkdirSync(at(''));
  const add = (text: string, ...names: string[]) => files.add(projectDir, 'given', names, Buffer.from(text));
  return { add, at };
}

test('a file takes the first name that is free or holds the same', () => {
  const { add, at } = setup();
  expect(add('one', 'a', 'b')).toBe('given/a');
  expect(add('one', 'a', 'b')).toBe('given/a');
  expect(add('two', 'a', 'b')).toBe('given/b');
  expect(add('', 'empty')).toBe('given/empty');
  expect(add('', 'empty')).toBe('given/empty');
  expect(() => add('three', 'a', 'b')).toThrow(expect.objectContaining({ code: 'exists' }));
  expect([readFileSync(at('given/a'), 'utf8'), readFileSync(at('given/b'), 'utf8')]).toEqual(['one', 'two']);
  expect(readdirSync(at('given')).sort()).toEqual(['a', 'b', 'empty']);
});

test('links and folders count as taken, also links that hold the same', () => {
  const { add, at } = setup();
  mkdirSync(at('given/folder'), { recursive: true });
  writeFileSync(at('same'), 'one');
  symlinkSync(at('same'), at('given/link'));
  symlinkSync(at('nowhere'), at('given/dangling'));
  expect(add('one', 'folder', 'link', 'dangling', 'free')).toBe('given/free');
  expect(readdirSync(at('')).sort()).toEqual(['given', 'same']);
});

test('a link in place of the folder is not followed', () => {
  const { add, at } = setup();
  mkdirSync(at('elsewhere'));
  symlinkSync(at('elsewhere'), at('given'));
  expect(() => add('one', 'a')).toThrow(expect.objectContaining({ code: 'not_a_folder' }));
  expect(readdirSync(at('elsewhere'))).toEqual([]);
});

test('private names and paths out of the workspace are refused', () => {
  const { add } = setup();
  expect(() => add('one', '.env')).toThrow(expect.objectContaining({ code: 'private' }));
  expect(() => add('one', '../a')).toThrow(expect.objectContaining({ code: 'bad_path' }));
});
