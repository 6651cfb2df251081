const LINE_BYTES = 16 * 1024;
const LINE_END = 10;
const CHUNK_LINE = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i;

/** What came is no answer, or one of which nobody can tell for sure where it ends. */
export class AnswerError extends Error {}

/** Reads a body that comes in chunks: RFC 9112 §7.1. Extensions and trailers are read over. */
export interface ChunkReader {
  /**
   * Adds what belongs to the body to `body`, and returns what follows its end.
   *
   * @throws AnswerError
   */
  read(bytes: Buffer, body: Buffer[]): Buffer;
  readonly isDone: boolean;
}

export function createChunkReader(): ChunkReader {
  let expected: 'size' | 'content' | 'end of content' | 'trailers' | 'nothing' = 'size';
  let left = 0;
  let line = '';
  let trailerBytes = 0;

  function takeLine(text: string): void {
    if (expected === 'size') {
      const size = CHUNK_LINE.exec(text)?.[1];
      if (size === undefined) throw new AnswerError('That is no size of a chunk.');
      left = Number.parseInt(size, 16);
      expected = left === 0 ? 'trailers' : 'content';
    } else if (expected === 'end of content') {
      if (text !== '') throw new AnswerError('A chunk is longer than it said.');
      expected = 'size';
    } else {
      trailerBytes += text.length;
      if (trailerBytes > LINE_BYTES) throw new AnswerError('The trailers are too long.');
      if (text === '') expected = 'nothing';
    }
  }

  /** Returns where the line ends within `bytes`, or their length when it does not. */
  function readLine(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(LINE_END, from);
    const arrived = bytes.toString('latin1', from, end === -1 ? bytes.length : end);
    const text = line === '' ? arrived : line + arrived;
    if (text.length > LINE_BYTES) throw new AnswerError('A line is too long.');
    line = end === -1 ? text : '';
    if (end === -1) return bytes.length;
    if (!text.endsWith('\r')) throw new AnswerError('A line ends without a carriage return.');
    takeLine(text.slice(0, -1));
    return end + 1;
  }

  return {
    read(bytes, body) {
      let at = 0;
      while (at < bytes.length && expected !== 'nothing') {
        if (expected === 'content') {
          const piece = bytes.subarray(at, at + left);
          body.push(piece);
          left -= piece.length;
          at += piece.length;
          if (left === 0) expected = 'end of content';
        } else {
          at = readLine(bytes, at);
        }
      }
      return bytes.subarray(at);
    },
    get isDone() {
      return expected === 'nothing';
    },
  };
}
