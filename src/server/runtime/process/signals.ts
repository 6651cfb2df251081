import { setTimeout as delay } from 'node:timers/promises';
import { findRunProcesses, hasProc } from './proc.ts';
import type { RunIdentity } from './proc.ts';

const POLL_MS = 20;

/** Sends `signal` to every process of the run except `spared`. Returns how many there were. */
export function signalRun(run: RunIdentity, signal: NodeJS.Signals, spared?: number): number {
  if (!hasProc) return signalGroup(run.pid, signal);
  const pids = findRunProcesses(run);
  for (const pid of pids) if (pid !== spared) send(pid, signal);
  return pids.length;
}

/** Kills the run's processes until none is left, those included that appear meanwhile. */
export async function killRun(run: RunIdentity): Promise<void> {
  while (signalRun(run, 'SIGKILL') > 0) await delay(POLL_MS);
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): number {
  return pid !== undefined && send(-pid, signal) ? 1 : 0;
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    // Gone in the meantime, or a zombie whose group may no longer be signalled.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH' || (error as NodeJS.ErrnoException).code === 'EPERM') return false;
    throw error;
  }
}
