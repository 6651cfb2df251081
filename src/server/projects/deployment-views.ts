import { and, desc, eq, inArray, isNotNull } from 'drizzle-orm';
import { turns } from '#server/db/conversation-tables.ts';
import type { Db } from '#server/db/open.ts';
import type { Deployment } from '#server/db/production-tables.ts';
import type { Project } from '#server/db/schema.ts';
import { versions } from '#server/db/version-tables.ts';
import type { ProjectsContext } from './context.ts';
import { isInProgress, listDeploymentRows } from './deployment-rows.ts';
import type { DeploymentState } from './deployment-rows.ts';
import { describeDeploymentError, describeDeploymentState } from './deployment-words.ts';
import { withoutOurPaths } from './prepare-release.ts';
import { latestVersionHash } from './sources.ts';
import { pictureUrl } from './version-preview-rows.ts';

/** A deployment as pages and the API show it. Times are ISO 8601 in UTC. */
export interface DeploymentView {
  id: string;
  state: DeploymentState;
  /** `state` for people. */
  stateWords: string;
  versionHash: string | null;
  /** "Version 12"; null when it was built from the workspace as it stood. */
  versionNumber: number | null;
  releaseHash: string | null;
  /** What was built equals what was live. */
  unchanged: boolean;
  /** It can be put live at once. */
  canGoLive: boolean;
  pageCount: number | null;
  sizeBytes: number | null;
  error: { code: string; message: string; detail: string | null } | null;
  /** The last lines of the build, once it is over. */
  log: string[];
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  liveAt: string | null;
}

/** A project's production as a whole. */
export interface ProductionView {
  /** Where the site is, or will be. */
  address: string;
  /** The same by a port of its own; null when it has none. */
  portAddress: string | null;
  /** It should have one, and every port is taken. */
  lacksPort: boolean;
  /** How what is live runs, when it is a program; null for pages. */
  server: { isUp: boolean; log: string[] } | null;
  /** What is live, at an address that the app may frame. Null without, and for a site that is a server. */
  pictureUrl: string | null;
  live: DeploymentView | null;
  /** On its way. */
  current: DeploymentView | null;
  /** Newest first. */
  deployments: DeploymentView[];
  /** Something is live, and the project has changed since. */
  hasUnpublishedChanges: boolean;
}

const SHOWN = 30;

export function viewDeployments(context: ProjectsContext, rows: readonly Deployment[]): DeploymentView[] {
  const numbers = versionNumbers(context.db, rows);
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    stateWords: describeDeploymentState(row.state, row.liveAtMs !== null),
    versionHash: row.versionHash,
    versionNumber: (row.versionHash && numbers.get(`${row.projectId} ${row.versionHash}`)) || null,
    releaseHash: row.releaseHash,
    unchanged: row.unchanged,
    canGoLive: row.releaseKept && row.state !== 'running' && !isInProgress(row.state),
    pageCount: row.pageCount,
    sizeBytes: row.sizeBytes,
    error: row.errorCode ? { code: row.errorCode, message: describeDeploymentError(row.errorCode), detail: row.errorDetail } : null,
    log: row.log ? row.log.split('\n') : logSoFar(context, row),
    createdAt: new Date(row.createdAtMs).toISOString(),
    startedAt: toIso(row.startedAtMs),
    finishedAt: toIso(row.finishedAtMs),
    liveAt: toIso(row.liveAtMs),
  }));
}

export function viewProduction(context: ProjectsContext, project: Project): ProductionView {
  const rows = listDeploymentRows(context.db, project.id, SHOWN);
  const views = viewDeployments(context, rows);
  const live = rows.find(({ state }) => state === 'running');
  return {
    address: context.siteNames.publishedOrigin(context.db, project),
    pictureUrl: pictureUrl(context.previewOrigin, project.slug, { live: live?.pageCount ? live.versionHash : null }),
    ...viewPort(context, project.id, live !== undefined),
    server: viewServer(context, live),
    live: views.find(({ state }) => state === 'running') ?? null,
    current: views.find(({ state }) => isInProgress(state)) ?? null,
    deployments: views,
    hasUnpublishedChanges: live !== undefined && hasChangedSince(context.db, project, live),
  };
}

function viewPort({ production }: ProjectsContext, projectId: string, isLive: boolean): Pick<ProductionView, 'portAddress' | 'lacksPort'> {
  const port = production.ports.portOf(projectId);
  return {
    portAddress: port === undefined ? null : production.portOrigin(port),
    lacksPort: isLive && production.ports.isOn && port === undefined,
  };
}

/** Pages are counted when they are built; a program makes its own when it is asked. */
function viewServer({ production }: ProjectsContext, live: Deployment | undefined): ProductionView['server'] {
  if (!live?.releaseHash || live.pageCount !== null) return null;
  const { projectId, releaseHash } = live;
  return {
    isUp: production.servers.port(projectId, releaseHash) !== undefined,
    log: production.servers.log(projectId, releaseHash).map(withoutOurPaths),
  };
}

function logSoFar(context: ProjectsContext, { id, projectId }: Deployment): string[] {
  const build = context.production.building.get(projectId);
  return build?.id === id ? [...build.log] : [];
}

function hasChangedSince(db: Db, project: Project, live: Deployment): boolean {
  if ((project.environmentChangedAtMs ?? 0) > (live.startedAtMs ?? live.createdAtMs)) return true;
  const latest = latestVersionHash(db, live.projectId);
  if (latest !== undefined && live.versionHash !== null) return latest !== live.versionHash;
  const turn = db
    .select({ finishedAtMs: turns.finishedAtMs })
    .from(turns)
    .where(and(eq(turns.projectId, live.projectId), isNotNull(turns.finishedAtMs)))
    .orderBy(desc(turns.finishedAtMs))
    .limit(1)
    .get();
  return (turn?.finishedAtMs ?? 0) > live.createdAtMs;
}

function versionNumbers(db: Db, rows: readonly Deployment[]): Map<string, number> {
  const hashes = rows.flatMap(({ versionHash }) => versionHash ?? []);
  const found = db
    .select({ projectId: versions.projectId, hash: versions.hash, position: versions.position })
    .from(versions)
    .where(inArray(versions.hash, [...new Set(hashes)]))
    .all();
  return new Map(found.map(({ projectId, hash, position }) => [`${projectId} ${hash}`, position]));
}

function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
