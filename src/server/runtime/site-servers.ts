import { join, resolve } from 'node:path';
import { systemClock } from '#server/clock.ts';
import type { Clock } from '#server/clock.ts';
import type { Log } from '#server/log.ts';
import type { Driver } from './driver.ts';
import { createLogTail } from './log-tail.ts';
import type { LogTail } from './log-tail.ts';
import { probeStatus } from './page-probe.ts';
import { launchSiteServer, siteServerLimits } from './site-server.ts';
import type { SiteProgram, SiteServerLimits } from './site-server.ts';
import { restartPolicy, supervise } from './supervisor.ts';
import type { RestartPolicy, StartOutcome, SupervisedServer } from './supervisor.ts';

export interface SiteServersOptions {
  log: Log;
  clock?: Clock;
  siteLimits?: Partial<SiteServerLimits>;
  sitePolicy?: Partial<RestartPolicy>;
}

export interface SiteStart {
  projectId: string;
  projectDir: string;
  /** Which of the project's releases; there is one server for each. */
  release: string;
  program: SiteProgram;
  signal: AbortSignal;
  /** Takes what nobody may read out of a line of its output. */
  hide?: (line: string) => string;
  onLog(line: string): void;
  /** It ended, or did not come back, after it had been up; another try follows. `count`: within ten minutes. */
  onFailure(failure: { count: number; logTail: string }): void;
  /** It answers again. */
  onRestarted(): void;
}

/** The published servers: of a project one for each release that is live, about to be, or has requests to finish. */
export interface SiteServers {
  /** Starts the release's server, or returns the one that is up. Concurrent calls join; the first caller's signal ends the start. */
  startSiteServer(input: SiteStart): Promise<StartOutcome>;
  /** Undefined while it does not answer: stopped, starting or restarting. */
  siteServer(projectId: string, release: string): { port: number; pid: number } | undefined;
  /** Releases of the project that have a server, or had one and get it back. */
  siteReleases(projectId: string): string[];
  /** Ends it, with whatever it is answering. Resolves when it is gone. */
  stopSiteServer(projectId: string, release: string): Promise<void>;
  /** Recent lines of the release's server, until the host ends. */
  siteLog(projectId: string, release: string): string[];
}

/** A published site is never given up: what it waits for may come back. The pauses grow to half a minute. */
const sitePolicy: RestartPolicy = { ...restartPolicy, maxRestarts: Infinity, backoffMs: 250, doublings: 7 };
const NAME = 'published site';

interface Entry {
  folder: string;
  tail: LogTail;
  starting: Promise<StartOutcome> | undefined;
  cancel: AbortController;
  server: SupervisedServer | undefined;
}

export interface SiteServersOfAll extends SiteServers {
  stopInside(projectDir: string): Promise<void>;
  stopAll(): Promise<void>;
}

export function createSiteServers(driver: Driver, storeDir: string, options: SiteServersOptions): SiteServersOfAll {
  const entries = new Map<string, Entry>();
  const tails = new Map<string, LogTail>();
  const limits = { ...siteServerLimits, ...options.siteLimits };
  const supervisor = { log: options.log, clock: options.clock ?? systemClock, policy: { ...sitePolicy, ...options.sitePolicy } };
  const keyOf = (projectId: string, release: string) => `${projectId}/${release}`;

  function startSiteServer(input: SiteStart): Promise<StartOutcome> {
    const key = keyOf(input.projectId, input.release);
    const known = entries.get(key);
    if (known?.starting) return known.starting;
    const current = known?.server?.current();
    if (current) return Promise.resolve({ state: 'running', ...current });
    const tail = createLogTail({ file: join(input.projectDir, 'logs', 'site.log'), hide: input.hide, onLine: input.onLog });
    const entry: Entry = { folder: resolve(input.projectDir), tail, starting: undefined, cancel: new AbortController(), server: undefined };
    entries.set(key, entry);
    tails.set(key, tail);
    entry.starting = (async () => {
      await known?.server?.stop();
      return begin(key, entry, input);
    })().finally(() => (entry.starting = undefined));
    return entry.starting;
  }

  async function begin(key: string, entry: Entry, input: SiteStart): Promise<StartOutcome> {
    const { projectId, program } = input;
    const forget = () => void (entries.get(key) === entry && entries.delete(key));
    const kind = {
      name: NAME,
      launch: (port: number | null, signal: AbortSignal) =>
        launchSiteServer({ driver, storeDir, limits, projectId, program, port, signal, tail: entry.tail }),
      isAlive: async (port: number, timeoutMs: number) =>
        (await probeStatus(port, program.publicHost, { method: 'HEAD', timeoutMs })) !== undefined,
    };
    const watched = {
      projectId,
      port: null,
      signal: AbortSignal.any([input.signal, entry.cancel.signal]),
      onExit: () => {},
      onFailure: input.onFailure,
      onRestarted: input.onRestarted,
    };
    try {
      const { outcome, server } = await supervise(supervisor, kind, watched, entry.tail);
      entry.server = server;
      if (!server) forget();
      else void server.ended.then(forget);
      // It was stopped in the very moment in which it came up.
      if (server && entries.get(key) !== entry) await server.stop();
      return outcome;
    } catch (error) {
      forget();
      throw error;
    }
  }

  async function stop(key: string): Promise<void> {
    const entry = entries.get(key);
    if (!entry) return;
    // Whoever asks for it from here on gets a new one, not one that is about to end.
    entries.delete(key);
    entry.cancel.abort(new Error('The published site was stopped while it started.'));
    await entry.starting?.catch(() => {});
    await entry.server?.stop();
  }

  return {
    startSiteServer,
    siteServer: (projectId, release) => entries.get(keyOf(projectId, release))?.server?.current(),
    siteReleases: (projectId) =>
      [...entries.keys()].filter((key) => key.startsWith(`${projectId}/`)).map((key) => key.slice(projectId.length + 1)),
    stopSiteServer: (projectId, release) => stop(keyOf(projectId, release)),
    siteLog: (projectId, release) => tails.get(keyOf(projectId, release))?.last(200) ?? [],
    async stopInside(projectDir) {
      const inside = [...entries].filter(([, { folder }]) => folder === resolve(projectDir));
      await Promise.all(inside.map(([key]) => stop(key)));
    },
    stopAll: async () => void (await Promise.all([...entries.keys()].map(stop))),
  };
}
