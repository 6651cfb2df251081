import { readdirSync, readFileSync } from 'node:fs';

/** Memory of one process, from /proc/<pid>/status (proc_pid_status(5)). */
export interface ProcessMemory {
  pid: number;
  name: string;
  /** Resident at this moment, and the most it ever was. */
  rssMb: number;
  peakMb: number;
}

/** @throws Error when the process is gone, or where there is no /proc. */
export function readMemory(pid: number): ProcessMemory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? '0';
  return { pid, name: field('Name'), rssMb: Number(field('VmRSS')) / 1024, peakMb: Number(field('VmHWM')) / 1024 };
}

/** All processes below one, by parentage. */
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
  return [...parents.keys()].filter(isBelow).map(readMemory);
}

function readParent(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
