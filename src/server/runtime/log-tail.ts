import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Readable } from 'node:stream';
import { scrubText } from '#server/log.ts';

const KEPT_LINES = 500;
const LINE_LIMIT = 2_000;
const LINES_PER_SECOND = 200;
const FILE_BYTES = 1024 * 1024;
/** A dev server prints a line a page; writing each at once kept the page waiting for the disk. */
const WRITE_EVERY_MS = 50;
const UNWRITTEN_CHARACTERS = 64 * 1024;

/** The recent output of a child: scrubbed lines in memory, and within 50 ms in a file that can't outgrow 2 × 1 MiB. */
export interface LogTail {
  /** Follows a stream until it ends. */
  follow(stream: Readable): void;
  /** Adds a line of our own. */
  note(line: string): void;
  last(count: number): string[];
}

/**
 * @param file Where the lines are kept; when full it becomes `<file>.1`.
 * @param hide Takes what nobody may read out of a line.
 * @param onLine Told of each line, at most 200 a second: a child that floods is cut, and a line says so.
 */
export function createLogTail(options: {
  file: string;
  hide?: ((line: string) => string) | undefined;
  onLine(line: string): void;
}): LogTail {
  mkdirSync(dirname(options.file), { recursive: true, mode: 0o700 });
  const lines: string[] = [];
  const budget = createBudget();
  const writer = createWriter(options.file);

  function add(line: string) {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    writer.add(line);
    options.onLine(line);
  }

  function take(raw: string) {
    const plain = stripVTControlCharacters(raw);
    const line = clean(options.hide?.(plain) ?? plain);
    if (line === '') return;
    const { isAllowed, dropped } = budget.spend();
    if (dropped > 0) add(`(${dropped} more lines were left out)`);
    if (isAllowed) add(line);
  }

  return {
    follow(stream) {
      let rest = '';
      let soon: NodeJS.Immediate | undefined;
      const takeLines = () => {
        soon = undefined;
        const pieces = rest.split('\n');
        rest = (pieces.pop() ?? '').slice(0, LINE_LIMIT * 2);
        for (const piece of pieces) take(piece);
      };
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        rest += text;
        soon ??= setImmediate(takeLines);
      });
      stream.on('end', () => {
        clearImmediate(soon);
        takeLines();
        take(rest);
        writer.flush();
      });
      // The pipe of a killed child may break; its end is noticed by its exit.
      stream.on('error', () => {});
    },
    note(line) {
      add(clean(line));
      writer.flush();
    },
    last: (count) => lines.slice(-count),
  };
}

function clean(raw: string): string {
  return scrubText(stripVTControlCharacters(raw)).slice(0, LINE_LIMIT).trimEnd();
}

function createBudget() {
  let second = 0;
  let spent = 0;
  return {
    spend(): { isAllowed: boolean; dropped: number } {
      const current = Math.floor(performance.now() / 1_000);
      const dropped = current === second ? 0 : Math.max(0, spent - LINES_PER_SECOND);
      if (current !== second) spent = 0;
      second = current;
      spent += 1;
      return { isAllowed: spent <= LINES_PER_SECOND, dropped };
    },
  };
}

/** Writes what has come within 50 ms together. */
function createWriter(file: string) {
  let unwritten = '';
  let timer: NodeJS.Timeout | undefined;
  function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (unwritten !== '') append(file, unwritten);
    unwritten = '';
  }
  return {
    add(line: string) {
      unwritten += `${line}\n`;
      timer ??= setTimeout(flush, WRITE_EVERY_MS);
      if (unwritten.length > UNWRITTEN_CHARACTERS) flush();
    },
    flush,
  };
}

function append(file: string, text: string): void {
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > FILE_BYTES) renameSync(file, `${file}.1`);
    appendFileSync(file, text, { mode: 0o600 });
  } catch {
    // A full disk or a folder that is being deleted must not stop the preview; the lines are still in memory.
  }
}
