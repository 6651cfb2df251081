import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** USER_HZ, on every Linux that Node runs on. */
const MS_PER_TICK = 10;

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

/** What a process has used of all cores since its start, from /proc/<pid>/stat (proc_pid_stat(5)). */
export function readCpuMs(pid: number): number {
  const [userTicks, systemTicks] = readStat(pid).slice(11, 13).map(Number);
  return ((userTicks ?? 0) + (systemTicks ?? 0)) * MS_PER_TICK;
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
    return Number(readStat(pid)[1]);
  } catch {
    return undefined;
  }
}

/** The fields from the third on: the second, a name, may hold anything. */
function readStat(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
