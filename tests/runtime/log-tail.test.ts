import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { expect, test, vi } from 'vitest';
import { createLogTail } from '#server/runtime/log-tail.ts';
import { makeDataDir } from './harness.ts';

function open() {
  const folder = makeDataDir();
  const file = join(folder.dataDir, 'logs', 'dev.log');
  const lines: string[] = [];
  const tail = createLogTail({ file, onLine: (line) => void lines.push(line) });
  const feed = async (...pieces: string[]) => {
    const stream = new PassThrough();
    tail.follow(stream);
    for (const piece of pieces) stream.write(piece);
    stream.end();
    await finished(stream);
  };
  return { ...folder, file, lines, tail, feed };
}

test('lines are put together from pieces, without colours, secrets and control characters', async () => {
  using it = open();
  await it.feed('\u001b[32mhel', 'lo\u001b[39m\r\n\nkey sk-abcdefgh1234 \u202e', '\nlast');
  expect(it.lines).toEqual(['hello', 'key [redacted]', 'last']);
  expect(it.tail.last(2)).toEqual(['key [redacted]', 'last']);
  expect(readFileSync(it.file, 'utf8')).toBe('hello\nkey [redacted]\nlast\n');
});

test('a flood is cut and a line without end does not grow', async () => {
  using it = open();
  await it.feed(...Array.from({ length: 50 }, (_, index) => `${`line ${index}\n`.repeat(100)}`), 'x'.repeat(1_000_000));
  expect(it.lines.length).toBeLessThan(1_000);
  expect(Math.max(...it.lines.map((line) => line.length))).toBeLessThanOrEqual(2_000);
});

test('the file starts over when it is full', () => {
  using it = open();
  const line = 'y'.repeat(1_990);
  for (let round = 0; round < 700; round += 1) it.tail.note(line);
  expect(statSync(it.file).size).toBeLessThan(1024 * 1024);
  expect(statSync(`${it.file}.1`).size).toBeLessThan(1024 * 1024 + 4_096);
});

test('a line of a child that goes on is in the file shortly after', async () => {
  using it = open();
  const stream = new PassThrough();
  it.tail.follow(stream);
  stream.write('ready in 300 ms\n');
  await vi.waitFor(() => expect(readFileSync(it.file, 'utf8')).toBe('ready in 300 ms\n'));
});
