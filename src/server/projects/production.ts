import type { SitePorts } from '#server/gateway/site-ports.ts';
import type { JobContext, JobOutcome } from '#server/queue/job.ts';
import type { Releases } from '#server/releases/releases.ts';
import type { ProjectsContext } from './context.ts';
import { buildDeployment, checkDeployment, pruneReleases, switchDeployment } from './deployment-jobs.ts';
import { getDeployment, listDeploymentRows } from './deployment-rows.ts';
import { viewDeployments, viewProduction } from './deployment-views.ts';
import type { DeploymentView, ProductionView } from './deployment-views.ts';
import {
  deleteDeployment,
  promoteDeployment,
  recoverDeployments,
  requestDeployment,
  startProduction,
  stopProduction,
} from './deployments.ts';
import type { RequestDeployment } from './deployments.ts';
import { createPublishedSites } from './published-sites.ts';
import type { PublishedSites } from './published-sites.ts';
import { getOwnedProject } from './rows.ts';
import { followSitePorts } from './site-addresses.ts';
import { createSiteServers } from './site-servers.ts';
import type { SiteServers, SiteServersOptions } from './site-servers.ts';
import { siteHealth } from './site-health.ts';

export interface RunningBuild {
  /** Of the deployment; of one that is only looked at, the version's hash. */
  id: string;
  /** Its lines so far; they are stored at its end. */
  log: string[];
  /** Resolves when nothing of it works any more. */
  over: Promise<void>;
  /** Ends it for something more urgent; only of one that is looked at. It comes again. */
  giveWay?(): void;
}

/** What publishing works with, besides the rest of the context. */
export interface ProductionParts {
  releases: Releases;
  /** Where browsers find a published site: `http://<slug>.localhost:4321`. */
  origin(slug: string): string;
  sites: PublishedSites;
  /** Those of them that are programs. */
  servers: SiteServers;
  /** Listeners on ports of their own. */
  ports: SitePorts;
  /** Where browsers find a site by its port: `http://203.0.113.7:4400`. */
  portOrigin(port: number): string;
  /** The builds of this process, by project. */
  building: Map<string, RunningBuild>;
}

const noPorts: SitePorts = { isOn: false, open: async () => undefined, portOf: () => undefined, close: () => {}, closeAll: () => {} };

export function createProductionParts(
  options: SiteServersOptions & Partial<Pick<ProductionParts, 'ports' | 'portOrigin'>>,
): ProductionParts {
  const servers = createSiteServers(options);
  const sites = createPublishedSites({ ...options, servers });
  const { releases, origin, ports = noPorts, portOrigin = (port) => `http://localhost:${port}` } = options;
  return { releases, origin, sites, servers, ports, portOrigin, building: new Map() };
}

/** What can be done with a project's production. All with an owner throw `project_not_found` for someone else's. */
export interface ProjectProduction extends Pick<PublishedSites, 'serve' | 'takeUpgrade'> {
  view(ownerId: string, projectId: string): ProductionView;
  /** Newest first. */
  list(ownerId: string, projectId: string): DeploymentView[];
  /** See {@link requestDeployment}. */
  deploy(ownerId: string, projectId: string, input: RequestDeployment): Promise<DeploymentView>;
  /** See {@link promoteDeployment}. */
  promote(ownerId: string, projectId: string, deploymentId: string): Promise<DeploymentView>;
  /** See {@link stopProduction}. */
  stop(ownerId: string, projectId: string): void;
  /** See {@link startProduction}. */
  start(ownerId: string, projectId: string): Promise<void>;
  /** See {@link deleteDeployment}. */
  delete(ownerId: string, projectId: string, deploymentId: string): void;
  /** Call once at boot, after the queue has recovered. Published servers start again. */
  recover(): void;
  /** Follows the rows no more; what runs is the runtime's to stop. */
  stopServing(): void;
  jobs: {
    build(deploymentId: string, job: JobContext<unknown>): Promise<JobOutcome>;
    check(deploymentId: string, job: JobContext<unknown>): Promise<JobOutcome>;
    switch(deploymentId: string, job: JobContext<unknown>): Promise<JobOutcome>;
    prune(projectId: string): Promise<JobOutcome>;
  };
}

export function createProjectProduction(context: ProjectsContext): ProjectProduction {
  const { db } = context;
  let stopPorts = () => {};
  const find = (ownerId: string, projectId: string, id: string): DeploymentView =>
    viewDeployments(context, [getDeployment(db, getOwnedProject(db, ownerId, projectId).id, id)])[0]!;
  return {
    serve: context.production.sites.serve,
    takeUpgrade: context.production.sites.takeUpgrade,
    view: (ownerId, projectId) => viewProduction(context, getOwnedProject(db, ownerId, projectId)),
    list: (ownerId, projectId) => viewDeployments(context, listDeploymentRows(db, getOwnedProject(db, ownerId, projectId).id)),
    async deploy(ownerId, projectId, input) {
      return find(ownerId, projectId, await requestDeployment(context, ownerId, projectId, input));
    },
    async promote(ownerId, projectId, id) {
      await promoteDeployment(context, ownerId, projectId, id);
      return find(ownerId, projectId, id);
    },
    stop: (ownerId, projectId) => stopProduction(context, ownerId, projectId),
    start: (ownerId, projectId) => startProduction(context, ownerId, projectId),
    delete: (ownerId, projectId, id) => deleteDeployment(context, ownerId, projectId, id),
    recover() {
      recoverDeployments(context);
      context.production.servers.start(siteHealth(context));
      stopPorts = followSitePorts(context);
    },
    stopServing() {
      stopPorts();
      context.production.servers.stop();
    },
    jobs: {
      build: (id, job) => buildDeployment(context, id, job),
      check: (id, job) => checkDeployment(context, id, job),
      switch: (id, job) => switchDeployment(context, id, job),
      prune: (projectId) => pruneReleases(context, projectId),
    },
  };
}
