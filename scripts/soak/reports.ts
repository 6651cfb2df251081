import { writeSync } from 'node:fs';
import type { CancelResult } from '#server/queue/cancel.ts';
import type { Recovery } from '#server/queue/recovery.ts';

/** How many attempts the killed hosts run at once. */
export const CONCURRENCY = 4;
/** The most jobs that one transaction of theirs adds. */
export const LARGEST_BURST = 20;

/** What a host tells its parent. Each line is written only after what it says was committed. */
export type Report =
  | { say: 'opening' }
  | { say: 'recovered'; recovery: Recovery; stillRunning: number }
  /** These jobs were added or found: whoever asked was told so. */
  | { say: 'accepted'; ids: string[] }
  /** These were added in a transaction that was then rolled back. */
  | { say: 'undone'; ids: string[] }
  | { say: 'cancel'; id: string; result: CancelResult }
  /** Said before it is done: its attempt may be taken from now on. */
  | { say: 'unlocking'; id: string }
  /** A handler began. */
  | { say: 'started'; id: string; type: string }
  | { say: 'ended'; id: string; state: 'succeeded' | 'failed' | 'cancelled' }
  | { say: 'problem'; what: string }
  | { say: 'drained' };

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes to the pipe before it returns: a line that was written survives the writer. Waits while the reader is behind. */
export function report(line: Report): void {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += writeSync(1, bytes, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

/** Reads whole lines out of pieces. A last line without its end is kept back. */
export function makeReader(take: (line: Report) => void): (piece: Buffer) => void {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(JSON.parse(line) as Report);
  };
}
