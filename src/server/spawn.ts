import type { ChildProcess } from 'node:child_process';

/** What an engine asks for when it needs a child process; the runtime decides how to confine it. */
export interface SpawnRequest {
  /** Whose child it is: the project's id. */
  projectId: string;
  /** What it is, for the record of running children. */
  kind: 'dev' | 'agent' | 'install' | 'build' | 'import' | 'site';
  /** Absolute path of the executable. No shell is involved. */
  file: string;
  args: readonly string[];
  /** Absolute; must lie inside one of `writable` or `readable`. */
  cwd: string;
  /** The whole environment of the child: nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** Absolute folders the child may write. Everything else it sees is read-only or absent. */
  writable: readonly string[];
  /** Absolute folders it may read besides the system's own (`/usr`, the project's Node, …). */
  readable?: readonly string[];
}

/** A supervised child: its own process group, confined where the machine allows it, dead soon after the host. */
export interface SpawnedChild {
  process: ChildProcess;
  /** SIGTERM to the whole group, SIGKILL after `graceMs` (default 3 000). Resolves once the group is gone. */
  stop(graceMs?: number): Promise<void>;
  exited: Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>;
}

export type SpawnChild = (request: SpawnRequest) => Promise<SpawnedChild>;
