import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Memory of one process, from /proc/<pid>/status (proc_pid_status(5)). */
export interface ProcessMemory {
  pid: number;
  /** What it runs: the file names on its command line. */
  name: string;
  /** Resident at this moment, and the most it ever was. */
  rssMb: number;
  peakMb: number;
}

/** @throws Error when the process is gone, or where there is no /proc. */
export function readMemory(pid: number): ProcessMemory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? '0';
  return { pid, name: readName(pid), rssMb: Number(field('VmRSS')) / 1024, peakMb: Number(field('VmHWM')) / 1024 };
}

function readName(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 3);
  return words
    .filter((word) => word !== '')
    .map((word) => basename(word))
    .join(' ');
}

/** All processes below one, by parentage; without those that end while they are looked at. */
export function descendantsOf(pid: number): ProcessMemory[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = readParent(Number(name));
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const isBelow = (child: number): boolean => {
    const parent = parents.get(child);
    return parent !== undefined && (parent === pid || isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow).flatMap((child) => {
    try {
      return [readMemory(child)];
    } catch {
      return [];
    }
  });
}

function readParent(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
