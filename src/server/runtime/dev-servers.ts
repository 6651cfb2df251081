import { join, resolve } from 'node:path';
import { systemClock } from '#server/clock.ts';
import type { Clock } from '#server/clock.ts';
import type { Log } from '#server/log.ts';
import { devServerLimits, launchDevServer } from './dev-server.ts';
import type { DevServerLimits } from './dev-server.ts';
import type { Driver } from './driver.ts';
import { createLogTail } from './log-tail.ts';
import type { LogTail } from './log-tail.ts';
import { probeLife } from './page-probe.ts';
import { restartPolicy, supervise } from './supervisor.ts';
import type { RestartPolicy, StartOutcome, SupervisedServer, Watched } from './supervisor.ts';

export interface StartInput extends Watched {
  projectDir: string;
  /** Host (with port, if any) under which browsers see the site: `<slug>.preview.localhost:4321`. */
  publicHost: string;
  onLog(line: string): void;
}

export interface DevServersOptions {
  log: Log;
  clock?: Clock;
  limits?: Partial<DevServerLimits>;
  policy?: Partial<RestartPolicy>;
}

/** The dev servers of all projects, one a project. */
export interface DevServers {
  /**
   * Starts the project's dev server, or returns the one that is already up. Concurrent calls join; one that joined a start
   * that failed starts anew. The latest caller takes over: it is told what happens, and its signal ends the start.
   */
  startDevServer(input: StartInput): Promise<StartOutcome>;
  /** Undefined while none answers: stopped, starting or restarting. */
  devServer(projectId: string): { port: number; pid: number; startedAtMs: number; restarts: number } | undefined;
  stopDevServer(projectId: string): Promise<void>;
  /** Recent lines of the project's dev server, kept after it ended, until the host ends. */
  logTail(projectId: string): string[];
  /** Stops those of the projects that live in the folder. */
  stopInside(projectDir: string): Promise<void>;
  stopAll(): Promise<void>;
}

export function createDevServers(driver: Driver, storeDir: string, options: DevServersOptions): DevServers {
  const servers = new Map<string, SupervisedServer>();
  const starting = new Map<string, { outcome: Promise<StartOutcome>; cancel: AbortController }>();
  /** What was asked for last, and by whom. */
  const owners = new Map<string, StartInput>();
  const tails = new Map<string, LogTail>();
  const folders = new Map<string, string>();
  const limits = { ...devServerLimits, ...options.limits };
  const supervisor = {
    log: options.log,
    clock: options.clock ?? systemClock,
    policy: { ...restartPolicy, ...options.policy },
  };

  async function start(input: StartInput): Promise<StartOutcome> {
    const tail = createLogTail({ file: join(input.projectDir, 'logs', 'dev.log'), onLine: (line) => input.onLog(line) });
    tails.set(input.projectId, tail);
    folders.set(input.projectId, resolve(input.projectDir));
    const kind = {
      name: 'dev server',
      launch: (port: number | null, signal: AbortSignal) => launchDevServer(driver, limits, { ...input, port, signal, tail, storeDir }),
      isAlive: (port: number, timeoutMs: number) => probeLife(port, input.publicHost, timeoutMs),
    };
    const { outcome, server } = await supervise(supervisor, kind, input, tail);
    if (!server) return outcome;
    servers.set(input.projectId, server);
    void server.ended.then(() => servers.get(input.projectId) === server && servers.delete(input.projectId));
    return outcome;
  }

  function startDevServer(input: StartInput): Promise<StartOutcome> {
    owners.set(input.projectId, input);
    const begun = starting.get(input.projectId);
    if (begun) {
      obey(begun.cancel, input);
      return begun.outcome.then((outcome) => (outcome.state === 'running' ? outcome : startDevServer(input)));
    }
    const current = servers.get(input.projectId)?.current();
    if (current) return Promise.resolve({ state: 'running', ...current });
    const cancel = new AbortController();
    obey(cancel, input);
    const outcome = (async () => {
      await servers.get(input.projectId)?.stop();
      return start(forOwner(input, cancel.signal));
    })().finally(() => starting.delete(input.projectId));
    starting.set(input.projectId, { outcome, cancel });
    return outcome;
  }

  /** Ends the start when its owner's signal aborts. */
  function obey(start: AbortController, owner: StartInput): void {
    const abort = () => {
      if (owners.get(owner.projectId) === owner) start.abort(owner.signal.reason);
    };
    if (owner.signal.aborted) abort();
    else owner.signal.addEventListener('abort', abort, { once: true });
  }

  /** The same input, telling whoever is the owner by then. */
  function forOwner(input: StartInput, signal: AbortSignal): StartInput {
    const owner = () => owners.get(input.projectId) ?? input;
    return {
      ...input,
      signal,
      get publicHost() {
        return owner().publicHost;
      },
      onLog: (line) => owner().onLog(line),
      onExit: (exit) => owner().onExit(exit),
      onRestarted: (server) => owner().onRestarted?.(server),
      onGaveUp: (failure) => owner().onGaveUp?.(failure),
    };
  }

  async function stopDevServer(projectId: string): Promise<void> {
    const begun = starting.get(projectId);
    begun?.cancel.abort(new Error('The dev server was stopped while it started.'));
    await begun?.outcome.catch(() => {});
    await servers.get(projectId)?.stop();
  }

  return {
    startDevServer,
    devServer(projectId: string) {
      const server = servers.get(projectId);
      const current = server?.current();
      return server && current ? { ...current, startedAtMs: server.startedAtMs, restarts: server.restarts() } : undefined;
    },
    stopDevServer,
    async stopInside(projectDir: string) {
      for (const [projectId, folder] of folders) {
        if (folder !== resolve(projectDir)) continue;
        await stopDevServer(projectId);
        folders.delete(projectId);
        tails.delete(projectId);
        owners.delete(projectId);
      }
    },
    stopAll: async () => void (await Promise.all([...new Set([...servers.keys(), ...starting.keys()])].map(stopDevServer))),
    logTail: (projectId: string) => tails.get(projectId)?.last(500) ?? [],
  };
}
