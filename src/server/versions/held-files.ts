import { close, closeSync, readFileSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { holdEntry, statEntry } from '#server/contained-folder.ts';
import type { ContainedFolder } from '#server/contained-folder.ts';

const MOST = 8_192;
/** Of what the process may open: the rest belongs to others. */
const SHARE = 1 / 4;
/** A larger file is freed at once: two of it may not fit on the disk. */
const FILE_BYTES = 256 * 1024;
const CLOSING_AT_ONCE = 2;

/**
 * Holds files open that are about to lose their name. Freeing a file takes the file system longer than replacing it does, and
 * while it is replaced the event loop waits; what is held is freed later, beside other work. When the process dies, the system
 * lets go of everything.
 */
export class HeldFiles {
  readonly #fds: number[] = [];
  readonly #most = Math.min(MOST, Math.floor(openFileLimit() * SHARE));

  /** What is at a name, never followed; a small file is held from here on, if there is room. */
  look(folder: ContainedFolder, name: string): Stats | undefined {
    const held = this.#fds.length < this.#most ? holdEntry(folder, name) : undefined;
    if (!held) return statEntry(folder, name);
    if (held.stat.isFile() && held.stat.size <= FILE_BYTES) this.#fds.push(held.fd);
    else closeSync(held.fd);
    return held.stat;
  }

  /** Frees everything, a few at a time, without anybody waiting. */
  letGo(): void {
    const closeNext = () => {
      const fd = this.#fds.pop();
      if (fd !== undefined) close(fd, closeNext);
    };
    for (let lane = 0; lane < CLOSING_AT_ONCE; lane += 1) closeNext();
  }
}

/** 0 where it cannot be known. */
function openFileLimit(): number {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return Number(soft ?? 0);
  } catch {
    return 0;
  }
}
