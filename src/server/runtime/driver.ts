import type { SpawnChild, SpawnedChild } from '#server/spawn.ts';

/** How children come to life. The rest of the runtime only knows this; `process/` implements it with local processes. */
export interface Driver {
  spawnChild: SpawnChild;
  /** Loopback TCP ports on which the child or its descendants listen; undefined where the machine can't tell. */
  listeningPorts(child: SpawnedChild): number[] | undefined;
  /** What the child and its descendants hold in memory, in bytes; undefined where the machine can't tell. */
  memoryBytes(child: SpawnedChild): number | undefined;
  /** What the child and its descendants that live have written so far; undefined where the machine can't tell. */
  writtenBytes(child: SpawnedChild): number | undefined;
  /** Stops every child that works inside `folder`. */
  stopInside(folder: string): Promise<void>;
  /** Kills what an earlier host left behind. Returns how many runs had something alive. Call before the first spawn. */
  reapOrphans(): Promise<number>;
  /** Whether children are confined, and by what. */
  confinement: 'bubblewrap' | 'none';
  /** Stops every child. */
  close(): Promise<void>;
}
