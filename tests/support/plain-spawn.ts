import { spawn } from 'node:child_process';
import type { SpawnedChild, SpawnRequest } from '#server/spawn.ts';

/** Starts children as they are, in a process group of their own, and remembers what was asked for. */
export function makePlainSpawn(): {
  spawnChild: (request: SpawnRequest) => Promise<SpawnedChild>;
  requests: SpawnRequest[];
  children: SpawnedChild[];
} {
  const requests: SpawnRequest[] = [];
  const children: SpawnedChild[] = [];
  return {
    requests,
    children,
    async spawnChild(request) {
      requests.push(request);
      const { file, args, cwd, env } = request;
      const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
      const exited = new Promise<Awaited<SpawnedChild['exited']>>((resolve) => {
        child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
        child.once('error', () => resolve({ exitCode: null, signal: null }));
      });
      const signalGroup = (signal: NodeJS.Signals) => {
        if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
        process.kill(-child.pid, signal);
      };
      const spawned: SpawnedChild = {
        process: child,
        exited,
        async stop(graceMs = 3_000) {
          if (graceMs > 0) signalGroup('SIGTERM');
          const timer = setTimeout(() => signalGroup('SIGKILL'), graceMs);
          await exited;
          clearTimeout(timer);
        },
      };
      children.push(spawned);
      return spawned;
    },
  };
}
