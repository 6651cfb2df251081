import { and, desc, eq, inArray, isNotNull, ne, sql } from 'drizzle-orm';
import type { Db, Tx } from '#server/db/open.ts';
import { deployments } from '#server/db/production-tables.ts';
import type { Deployment, deploymentStates } from '#server/db/production-tables.ts';
import { projects } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import type { ProjectsContext } from './context.ts';
import { describeDeploymentError } from './deployment-words.ts';

export type DeploymentState = (typeof deploymentStates)[number];

const inProgress = ['queued', 'building', 'checking'] as const satisfies DeploymentState[];
/** How many releases of a project can be gone back to. */
export const KEPT_RELEASES = 10;

/**
 * From which states each state may be entered.
 *
 *     queued ─► building ─► checking ─► running ─► superseded ─► running …
 *        └─────────┴──────────┼─► failed    └────► stopped ────► running …
 *                             └─► stopped (cancelled: never live)
 */
const legalSources: Record<DeploymentState, readonly DeploymentState[]> = {
  queued: [],
  building: ['queued', 'building'],
  checking: ['building', 'checking'],
  running: ['checking', 'superseded', 'stopped'],
  superseded: ['running'],
  failed: [...inProgress],
  stopped: [...inProgress, 'running'],
};

export const isInProgress = (state: DeploymentState): boolean => (inProgress as readonly string[]).includes(state);

type DeploymentPatch = Partial<Omit<Deployment, 'id' | 'projectId' | 'state'>>;

/** The only way a deployment changes state: a compare-and-set. Undefined when it is not in a state that leads there. */
export function moveDeployment(tx: Tx, id: string, to: DeploymentState, patch: DeploymentPatch = {}): Deployment | undefined {
  return tx
    .update(deployments)
    .set({ state: to, ...patch })
    .where(and(eq(deployments.id, id), inArray(deployments.state, [...legalSources[to]])))
    .returning()
    .get();
}

export function findDeployment(db: Db | Tx, id: string): Deployment | undefined {
  return db.select().from(deployments).where(eq(deployments.id, id)).get();
}

/** @throws AppError `deployment_not_found` when the project has none of that id. */
export function getDeployment(db: Db | Tx, projectId: string, id: string): Deployment {
  const found = findDeployment(db, id);
  if (!found || found.projectId !== projectId) throw new AppError('deployment_not_found');
  return found;
}

/** Newest first. */
export function listDeploymentRows(db: Db | Tx, projectId: string, limit = -1): Deployment[] {
  return db
    .select()
    .from(deployments)
    .where(eq(deployments.projectId, projectId))
    .orderBy(desc(deployments.createdAtMs), desc(sql`rowid`))
    .limit(limit)
    .all();
}

export function findInProgress(db: Db | Tx, projectId: string): Deployment | undefined {
  return db
    .select()
    .from(deployments)
    .where(and(eq(deployments.projectId, projectId), inArray(deployments.state, [...inProgress])))
    .get();
}

export function findRunning(db: Db | Tx, projectId: string): Deployment | undefined {
  return db
    .select()
    .from(deployments)
    .where(and(eq(deployments.projectId, projectId), eq(deployments.state, 'running')))
    .get();
}

/** Those whose release is still on disk, the one that was live last first. */
export function listKept(db: Db | Tx, projectId: string): Deployment[] {
  return db
    .select()
    .from(deployments)
    .where(and(eq(deployments.projectId, projectId), eq(deployments.releaseKept, true), isNotNull(deployments.liveAtMs)))
    .orderBy(desc(eq(deployments.state, 'running')), desc(deployments.liveAtMs), desc(sql`rowid`))
    .all();
}

/** Makes a deployment the live one. */
export function goLive(context: ProjectsContext, tx: Tx, { id, projectId }: Deployment, patch: DeploymentPatch = {}): void {
  const nowMs = context.clock.now();
  const before = findRunning(tx, projectId);
  if (before && before.id !== id) moveDeployment(tx, before.id, 'superseded');
  const live = moveDeployment(tx, id, 'running', { ...patch, releaseKept: true, liveAtMs: nowMs, errorCode: null, errorDetail: null });
  if (!live) throw new Error('A deployment that is over can not go live.');
  forgetOldReleases(context, tx, projectId);
  noteChange(context, tx, projectId);
}

/** Beyond the number that is kept, the release that was live longest ago goes first; the live one never. */
function forgetOldReleases(context: ProjectsContext, tx: Tx, projectId: string): void {
  const hashes = [...new Set(listKept(tx, projectId).map(({ releaseHash }) => releaseHash))];
  const dropped = hashes.slice(KEPT_RELEASES).filter((hash) => hash !== null);
  if (dropped.length === 0) return;
  tx.update(deployments)
    .set({ releaseKept: false })
    .where(and(eq(deployments.projectId, projectId), inArray(deployments.releaseHash, dropped), ne(deployments.state, 'running')))
    .run();
  enqueuePrune(context, tx, projectId);
}

/** Not with the project's key: it must not wait for a turn, nor a turn for it. See docs/decisions/0022. */
export function enqueuePrune(context: ProjectsContext, tx: Db | Tx, projectId: string): void {
  context.queue.enqueue(tx, { type: 'deployment.prune', payload: { projectId }, dedupeKey: `prune:${projectId}` });
}

/** Brings the project's `production_*` columns in line with its deployments, and says that something changed. */
export function noteChange(context: ProjectsContext, tx: Tx, projectId: string): void {
  const [latest] = listDeploymentRows(tx, projectId, 1);
  const live = findRunning(tx, projectId);
  const slug = tx.select({ slug: projects.slug }).from(projects).where(eq(projects.id, projectId)).get()?.slug;
  if (slug === undefined) return;
  const code = live?.errorCode ?? (latest?.state === 'failed' ? latest.errorCode : null);
  const error = code ? describeDeploymentError(code) : null;
  tx.update(projects)
    .set({
      // A live server that keeps ending.
      productionStatus: live ? (live.errorCode ? 'failed' : 'running') : statusWithout(latest),
      productionUrl: live ? context.siteNames.publishedOrigin(tx, { id: projectId, slug }) : null,
      productionHash: live?.releaseHash ?? null,
      productionStartedAt: live?.liveAtMs ? new Date(live.liveAtMs) : null,
      productionError: error,
    })
    .where(eq(projects.id, projectId))
    .run();
  context.events.record(tx, 'deployment.changed', projectId);
  context.events.record(tx, 'project.changed', projectId);
}

/** While nothing is live, production is as far as the latest deployment is. */
function statusWithout(latest: Deployment | undefined): 'queued' | 'building' | 'failed' | 'stopped' {
  if (latest?.state === 'queued' || latest?.state === 'failed') return latest.state;
  return latest && isInProgress(latest.state) ? 'building' : 'stopped';
}
