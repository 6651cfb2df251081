import { join, resolve } from 'node:path';
import { systemClock } from '#server/clock.ts';
import type { Clock } from '#server/clock.ts';
import type { Config } from '#server/config.ts';
import type { Log } from '#server/log.ts';
import type { SpawnChild } from '#server/spawn.ts';
import { devServerLimits } from './dev-server.ts';
import type { DevServerLimits } from './dev-server.ts';
import type { Driver } from './driver.ts';
import { createLogTail } from './log-tail.ts';
import type { LogTail } from './log-tail.ts';
import { createProcessDriver } from './process/driver.ts';
import { removeProjectFolder } from './remove.ts';
import { restartPolicy, superviseDevServer } from './supervisor.ts';
import type { RestartPolicy, StartInput, StartOutcome, SupervisedServer } from './supervisor.ts';
import { prepareWorkspace } from './workspace.ts';
import type { PrepareInput } from './workspace.ts';

export interface RuntimeOptions {
  dataDir: string;
  /** Folder whose subfolders are the templates. */
  templatesDir: string;
  /** Package store shared by all projects, read-only for them. `<dataDir>/store` unless given. */
  storeDir?: string;
  log: Log;
  clock?: Clock;
  sandbox: Config['sandbox'];
  limits?: Partial<DevServerLimits>;
  policy?: Partial<RestartPolicy>;
}

/** The processes of projects: started, watched, confined, stopped, cleaned up. Knows nothing of the database. */
export interface Runtime {
  /** Starts a confined child; the agent's engine gets this injected. */
  spawnChild: SpawnChild;
  confinement: Driver['confinement'];
  /** Kills what an earlier host left behind. Call at boot, before anything is started. */
  reapOrphans(): Promise<number>;
  /** See {@link prepareWorkspace}. */
  prepareWorkspace(input: PrepareInput): Promise<void>;
  /** Starts the project's dev server, or returns the one that is already up. Concurrent calls join. */
  startDevServer(input: StartInput): Promise<StartOutcome>;
  /** Undefined while none answers: stopped, starting or restarting. */
  devServer(projectId: string): { port: number; pid: number; startedAtMs: number; restarts: number } | undefined;
  stopDevServer(projectId: string): Promise<void>;
  /** Stops every child. */
  stopAll(): Promise<void>;
  /** Stops whatever works in the folder and deletes it. See {@link removeProjectFolder}. */
  removeProject(projectDir: string): Promise<void>;
  /** Recent lines of the project's dev server, kept after it ended, until the host ends. */
  logTail(projectId: string): string[];
}

/**
 * @throws Error when the sandbox is `required` and does not work here.
 */
export function createRuntime(options: RuntimeOptions): Runtime {
  const storeDir = options.storeDir ?? join(options.dataDir, 'store');
  const driver = createProcessDriver(options);
  const servers = createDevServers(driver, storeDir, options);
  const runtime = {
    spawnChild: driver.spawnChild,
    confinement: driver.confinement,
    reapOrphans: driver.reapOrphans,
    prepareWorkspace: (input: PrepareInput) =>
      prepareWorkspace({ storeDir, templatesDir: options.templatesDir, spawnChild: driver.spawnChild, log: options.log }, input),
    ...servers,
    async stopAll() {
      await servers.stopAll();
      await driver.close();
    },
    async removeProject(projectDir: string) {
      // The dev server first, through its supervisor, which would replace it otherwise.
      await servers.stopInside(projectDir);
      await driver.stopInside(projectDir);
      await removeProjectFolder(options.dataDir, projectDir);
    },
  };
  options.log.info({ confinement: driver.confinement }, 'children are confined by');
  return runtime;
}

function createDevServers(driver: Driver, storeDir: string, options: RuntimeOptions) {
  const servers = new Map<string, SupervisedServer>();
  const starting = new Map<string, { outcome: Promise<StartOutcome>; cancel: AbortController }>();
  const tails = new Map<string, LogTail>();
  const folders = new Map<string, string>();
  const supervisor = {
    driver,
    storeDir,
    log: options.log,
    clock: options.clock ?? systemClock,
    limits: { ...devServerLimits, ...options.limits },
    policy: { ...restartPolicy, ...options.policy },
  };

  async function start(input: StartInput): Promise<StartOutcome> {
    const tail = createLogTail({ file: join(input.projectDir, 'logs', 'dev.log'), onLine: input.onLog });
    tails.set(input.projectId, tail);
    folders.set(input.projectId, resolve(input.projectDir));
    const { outcome, server } = await superviseDevServer(supervisor, input, tail);
    if (!server) return outcome;
    servers.set(input.projectId, server);
    void server.ended.then(() => servers.get(input.projectId) === server && servers.delete(input.projectId));
    return outcome;
  }

  async function stopDevServer(projectId: string): Promise<void> {
    const begun = starting.get(projectId);
    begun?.cancel.abort(new Error('The dev server was stopped while it started.'));
    await begun?.outcome.catch(() => {});
    await servers.get(projectId)?.stop();
  }

  return {
    startDevServer(input: StartInput): Promise<StartOutcome> {
      const begun = starting.get(input.projectId);
      if (begun) return begun.outcome;
      const current = servers.get(input.projectId)?.current();
      if (current) return Promise.resolve({ state: 'running', ...current });
      const cancel = new AbortController();
      const outcome = (async () => {
        await servers.get(input.projectId)?.stop();
        return start({ ...input, signal: AbortSignal.any([input.signal, cancel.signal]) });
      })().finally(() => starting.delete(input.projectId));
      starting.set(input.projectId, { outcome, cancel });
      return outcome;
    },
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
      }
    },
    stopAll: async () => void (await Promise.all([...new Set([...servers.keys(), ...starting.keys()])].map(stopDevServer))),
    logTail: (projectId: string) => tails.get(projectId)?.last(500) ?? [],
  };
}
