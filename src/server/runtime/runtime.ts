import { join } from 'node:path';
import type { Clock } from '#server/clock.ts';
import type { Config } from '#server/config.ts';
import type { Log } from '#server/log.ts';
import type { SpawnChild } from '#server/spawn.ts';
import type { DevServerLimits } from './dev-server.ts';
import { createDevServers } from './dev-servers.ts';
import type { DevServers } from './dev-servers.ts';
import type { Driver } from './driver.ts';
import { installLimits, installPackages } from './packages/install.ts';
import type { InstallInput, InstallLimits, InstallOutcome } from './packages/install.ts';
import { createProcessDriver } from './process/driver.ts';
import { removeProjectFolder } from './remove.ts';
import { createSiteServers } from './site-servers.ts';
import type { SiteServers, SiteServersOptions } from './site-servers.ts';
import type { RestartPolicy } from './supervisor.ts';
import { arePackagesCurrent, prepareWorkspace } from './workspace.ts';
import type { PrepareInput, PrepareOutcome } from './workspace.ts';

export interface RuntimeOptions extends Pick<SiteServersOptions, 'siteLimits' | 'sitePolicy'> {
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
  installs?: Partial<InstallLimits>;
}

/** The processes of projects: started, watched, confined, stopped, cleaned up. Knows nothing of the database. */
export interface Runtime extends Omit<DevServers, 'stopInside' | 'stopAll'>, SiteServers {
  /** Starts a confined child; the agent's engine gets this injected. */
  spawnChild: SpawnChild;
  confinement: Driver['confinement'];
  /** Kills what an earlier host left behind. Call at boot, before anything is started. */
  reapOrphans(): Promise<number>;
  /** See {@link prepareWorkspace}. */
  prepareWorkspace(input: PrepareInput): Promise<PrepareOutcome>;
  /** See {@link arePackagesCurrent}. */
  arePackagesCurrent(projectDir: string): Promise<boolean>;
  /** See {@link installPackages}. */
  installPackages(input: InstallInput): Promise<InstallOutcome>;
  /** Packages of all projects; read-only for children. */
  storeDir: string;
  /** Stops every child. */
  stopAll(): Promise<void>;
  /** Stops whatever works in the folder and deletes it. See {@link removeProjectFolder}. */
  removeProject(projectDir: string): Promise<void>;
}

/**
 * @throws Error when the sandbox is `required` and does not work here.
 */
export function createRuntime(options: RuntimeOptions): Runtime {
  const storeDir = options.storeDir ?? join(options.dataDir, 'store');
  const driver = createProcessDriver(options);
  const servers = createDevServers(driver, storeDir, options);
  const sites = createSiteServers(driver, storeDir, options);
  const installs = { storeDir, driver, limits: { ...installLimits, ...options.installs } };
  const runtime = {
    spawnChild: driver.spawnChild,
    confinement: driver.confinement,
    reapOrphans: driver.reapOrphans,
    prepareWorkspace: (input: PrepareInput) =>
      prepareWorkspace({ ...installs, templatesDir: options.templatesDir, log: options.log }, input),
    arePackagesCurrent,
    installPackages: (input: InstallInput) => installPackages(installs, input),
    storeDir,
    ...servers,
    ...sites,
    async stopAll() {
      await Promise.all([servers.stopAll(), sites.stopAll()]);
      await driver.close();
    },
    async removeProject(projectDir: string) {
      // The servers first, through their supervisors, which would replace them otherwise.
      await Promise.all([servers.stopInside(projectDir), sites.stopInside(projectDir)]);
      await driver.stopInside(projectDir);
      await removeProjectFolder(options.dataDir, projectDir);
    },
  };
  options.log.info({ confinement: driver.confinement }, 'children are confined by');
  return runtime;
}
