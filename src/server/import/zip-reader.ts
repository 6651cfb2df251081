import { createReadStream, read } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';

const WINDOW_BYTES = 256 * 1024;

/** A stream of an entry that is given up half read would close the file for all of them. */
const LENT = { read, close: (_fd: number, done: (error: Error | null) => void) => done(null) };

/** Reads a ZIP's directory a window at a time: entry by entry it would be two reads of the disk for each of ten thousand. */
export class ZipReader extends RandomAccessReader {
  readonly #handle: FileHandle;
  #window = Buffer.alloc(0);
  #start = 0;

  constructor(handle: FileHandle) {
    super();
    this.#handle = handle;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    if (start >= end) return Readable.from([]);
    return createReadStream('', { fd: this.#handle.fd, fs: LENT, start, end: end - 1 });
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    this.#fill(position, length).then(
      () => {
        const from = position - this.#start;
        const copied = this.#window.copy(buffer, offset, from, from + length);
        callback(copied === length ? null : new Error('The file ends too early.'));
      },
      (error: Error) => callback(error),
    );
  }

  async #fill(position: number, length: number): Promise<void> {
    if (position >= this.#start && position + length <= this.#start + this.#window.length) return;
    const window = Buffer.alloc(Math.max(WINDOW_BYTES, length));
    const { bytesRead } = await this.#handle.read(window, 0, window.length, position);
    this.#window = window.subarray(0, bytesRead);
    this.#start = position;
  }
}
