import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { PackagesErrorCode } from '#server/runtime/packages/failure.ts';
import type { Runtime } from '#server/runtime/runtime.ts';
import type { StartInput } from '#server/runtime/dev-servers.ts';
import type { SiteStart } from '#server/runtime/site-servers.ts';
import type { StartOutcome } from '#server/runtime/supervisor.ts';

/** Waits as told, but not beyond an abort. */
async function orAborted(hold: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  if (!signal.aborted) await Promise.race([hold, aborted]);
  signal.throwIfAborted();
}

/** A runtime without processes: previews are up as soon as they are started, unless the script says otherwise. */
export function makeFakeRuntime() {
  const servers = new Map<string, { port: number; input: StartInput }>();
  const sites = new Map<string, { outcome: Extract<StartOutcome, { state: 'running' }>; input: SiteStart }>();
  const calls: string[] = [];
  const script: {
    outcome: StartOutcome | undefined;
    /** Of published servers. */
    siteOutcome: StartOutcome | undefined;
    prepareError: Error | undefined;
    /** Whether the packages are those that package.json asks for, and why they can't be. */
    areCurrent: boolean;
    outdated: { code: PackagesErrorCode; detail: string; hasPackages: boolean } | undefined;
    holdPrepare: Promise<void> | undefined;
    holdInstall: Promise<void> | undefined;
    holdStart: Promise<void> | undefined;
  } = {
    outcome: undefined,
    siteOutcome: undefined,
    prepareError: undefined,
    areCurrent: true,
    outdated: undefined,
    holdPrepare: undefined,
    holdInstall: undefined,
    holdStart: undefined,
  };
  let nextPort = 5_001;

  const runtime: Runtime = {
    spawnChild: async () => {
      throw new Error('The fake runtime has no children.');
    },
    confinement: 'none',
    reapOrphans: async () => 0,
    async prepareWorkspace({ projectId, signal, onInstalling }) {
      calls.push(`prepare ${projectId}`);
      await orAborted(script.holdPrepare, signal);
      if (script.prepareError) throw script.prepareError;
      if (script.areCurrent) return { state: 'ready', wasInstalled: false };
      onInstalling?.();
      await orAborted(script.holdInstall, signal);
      if (script.outdated) return { state: 'outdated', ...script.outdated };
      script.areCurrent = true;
      return { state: 'ready', wasInstalled: true };
    },
    installPackages: async () => ({ state: 'installed', fingerprint: 'same' }),
    arePackagesCurrent: async () => script.areCurrent,
    storeDir: '/store',
    async startDevServer(input) {
      calls.push(`start ${input.projectId}`);
      await script.holdStart;
      input.signal.throwIfAborted();
      const up = servers.get(input.projectId);
      const outcome: StartOutcome = script.outcome ?? { state: 'running', port: up?.port ?? input.port ?? nextPort++, pid: 1 };
      if (outcome.state === 'running') servers.set(input.projectId, { port: outcome.port, input });
      return outcome;
    },
    devServer(projectId) {
      const server = servers.get(projectId);
      return server && { port: server.port, pid: 1, startedAtMs: 0, restarts: 0 };
    },
    async stopDevServer(projectId) {
      calls.push(`stop ${projectId}`);
      servers.delete(projectId);
    },
    async startSiteServer(input) {
      const key = `${input.projectId}/${input.release}`;
      calls.push(`start site ${key}`);
      const outcome = script.siteOutcome ?? sites.get(key)?.outcome ?? { state: 'running' as const, port: nextPort++, pid: 1 };
      if (outcome.state === 'running') sites.set(key, { outcome, input });
      return outcome;
    },
    siteServer: (projectId, release) => sites.get(`${projectId}/${release}`)?.outcome,
    siteReleases: (projectId) => [...sites.keys()].filter((key) => key.startsWith(`${projectId}/`)).map((key) => key.split('/')[1]!),
    async stopSiteServer(projectId, release) {
      calls.push(`stop site ${projectId}/${release}`);
      sites.delete(`${projectId}/${release}`);
    },
    siteLog: () => ['listening'],
    stopAll: async () => servers.clear(),
    async removeProject(projectDir) {
      calls.push(`remove ${projectDir}`);
      servers.delete(basename(projectDir));
      rmSync(projectDir, { recursive: true, force: true });
    },
    logTail: () => ['line one'],
  };
  return { runtime, calls, script, servers, sites };
}
