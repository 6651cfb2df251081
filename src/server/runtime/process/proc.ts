import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Environment variable by which every child of doce, and whatever it forks, can be recognised. */
export const NONCE_VARIABLE = 'DOCE_RUN_NONCE';

/** What identifies one run of a child, across restarts of the host. */
export interface RunIdentity {
  nonce: string;
  pid: number | undefined;
  /** Field 22 of /proc/<pid>/stat: clock ticks since boot. With the pid it names one process and no later one. */
  startTime: string | undefined;
}

interface ProcessStat {
  pid: number;
  parentPid: number;
  groupId: number;
  startTime: string;
}

/** Only Linux has it; elsewhere runs are known by their process group alone. */
export const hasProc = existsSync('/proc/self/stat');

/** Reads `/proc/<pid>/stat` (proc_pid_stat(5)). Undefined when the process is gone or a zombie. */
export function readStat(pid: number): ProcessStat | undefined {
  const text = readOrUndefined(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The command name sits in parentheses and may contain any character, parentheses and spaces included.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { pid, parentPid: Number(fields[1]), groupId: Number(fields[2]), startTime: fields[19] ?? '' };
}

/**
 * Every live process of a run: those that carry its nonce, the recorded process when its start time agrees, that
 * process's group, and all their descendants. A recycled pid matches none of these.
 */
export function findRunProcesses(run: RunIdentity): number[] {
  const stats = listStats();
  const root = run.pid === undefined ? undefined : stats.get(run.pid);
  const isRootAlive = root !== undefined && root.startTime === run.startTime;
  const members = new Set<number>();
  for (const stat of stats.values()) {
    if ((isRootAlive && stat.groupId === run.pid) || carriesNonce(stat.pid, run.nonce)) members.add(stat.pid);
  }
  if (isRootAlive) members.add(root.pid);
  addDescendants(members, stats);
  members.delete(process.pid);
  return [...members];
}

/** Ports on which any of `pids` listens, from /proc/net/tcp and tcp6 (proc_pid_net(5)). */
export function findListeningPorts(pids: readonly number[]): number[] {
  const inodes = new Set(pids.flatMap(socketInodes));
  const ports = new Set<number>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (readOrUndefined(table) ?? '').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const isListening = fields[3] === '0A';
      if (isListening && inodes.has(fields[9] ?? '')) ports.add(Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
    }
  }
  return [...ports];
}

/** Resident memory of all of `pids` (proc_pid_status(5)), in bytes; what they share counts for each. */
export function measureMemory(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readOrUndefined(`/proc/${pid}/status`) ?? '')?.[1] ?? 0));
  return kilobytes.reduce((sum, one) => sum + one, 0) * 1_024;
}

/** Bytes that these processes have handed to `write` and its kin, from /proc/<pid>/io (proc_pid_io(5)). */
export function readWrittenBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + Number(/^wchar: (\d+)$/m.exec(readOrUndefined(`/proc/${pid}/io`) ?? '')?.[1] ?? 0), 0);
}

function listStats(): Map<number, ProcessStat> {
  const stats = new Map<number, ProcessStat>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? readStat(pid) : undefined;
    if (stat) stats.set(pid, stat);
  }
  return stats;
}

function carriesNonce(pid: number, nonce: string): boolean {
  return (readOrUndefined(`/proc/${pid}/environ`) ?? '').split('\0').includes(`${NONCE_VARIABLE}=${nonce}`);
}

function addDescendants(members: Set<number>, stats: Map<number, ProcessStat>): void {
  for (let grown = true; grown;) {
    grown = false;
    for (const stat of stats.values()) {
      if (members.has(stat.parentPid) && !members.has(stat.pid)) {
        members.add(stat.pid);
        grown = true;
      }
    }
  }
}

function socketInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const target = linkOrUndefined(`/proc/${pid}/fd/${fd}`);
      return target?.startsWith('socket:[') ? [target.slice(8, -1)] : [];
    });
  } catch {
    return [];
  }
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}

function linkOrUndefined(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
