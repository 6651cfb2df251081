import { eq } from 'drizzle-orm';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Tx } from '#server/db/open.ts';
import { projects } from '#server/db/schema.ts';
import type { Project } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import type { ServedPages } from '#server/gateway/published-front.ts';
import type { JobContext, JobOutcome } from '#server/queue/job.ts';
import type { Release } from '#server/releases/release.ts';
import type { ProjectsContext } from './context.ts';
import { enqueuePrune } from './deployment-rows.ts';
import { getOwnedProject, projectDirectory } from './rows.ts';
import { buildVersionPreview } from './version-preview-job.ts';
import {
  deletePreviewRow,
  findReleaseBySlug,
  findPreviewRow,
  findPublishedRelease,
  findUnderWay,
  isUnderWay,
  listUnderWay,
  putPreviewRow,
} from './version-preview-rows.ts';
import { viewVersionPreview } from './version-preview-views.ts';
import type { VersionPreviewView } from './version-preview-views.ts';
import { findVersionRow } from './version-rows.ts';

/** Below everything that is not only looked at. */
const PRIORITY = -5;

/** Old versions as built sites, to look at before going back. All with an owner throw `project_not_found`, `version_not_found`. */
export interface ProjectVersionPreviews {
  view(ownerId: string, projectId: string, hash: string): VersionPreviewView;
  /** Asks for a version to be built; one that is kept is there at once. Whatever else was being built to be looked at is not any more. */
  request(ownerId: string, projectId: string, hash: string): Promise<VersionPreviewView>;
  /** Ends its build, or throws away what was built. Asking twice is no error. */
  discard(ownerId: string, projectId: string, hash: string): void;
  /** For the gateway. `missing`: the version has nothing at that address; nothing was sent unless `served`. */
  serve(req: IncomingMessage, res: ServerResponse, slug: string, shortHash: string): Promise<ServedPages>;
  /** Call once at boot, after the queue has recovered. */
  recover(): void;
  /** Job `version.build`. */
  build(projectId: string, hash: string, job: JobContext<unknown>): Promise<JobOutcome>;
}

export function createProjectVersionPreviews(context: ProjectsContext): ProjectVersionPreviews {
  const { db } = context;
  function view(ownerId: string, projectId: string, hash: string): VersionPreviewView {
    const project = getOwnedProject(db, ownerId, projectId);
    if (!findVersionRow(db, project.id, hash)) throw new AppError('version_not_found');
    return viewVersionPreview(context, project, hash, findPreviewRow(db, project.id, hash));
  }
  return {
    view,
    async request(ownerId, projectId, hash) {
      await requestPreview(context, ownerId, projectId, hash);
      return view(ownerId, projectId, hash);
    },
    discard: (ownerId, projectId, hash) => discardPreview(context, ownerId, projectId, hash),
    serve: (req, res, slug, shortHash) => servePreview(context, req, res, { slug, shortHash }),
    recover: () => recoverPreviews(context),
    build: (projectId, hash, job) => buildVersionPreview(context, projectId, hash, job),
  };
}

async function requestPreview(context: ProjectsContext, ownerId: string, projectId: string, hash: string): Promise<void> {
  const { db } = context;
  const project = getOwnedProject(db, ownerId, projectId);
  const onDisk = await openKept(context, project, hash);
  db.transaction(
    (tx) => {
      const { id } = getOwnedProject(tx, ownerId, project.id);
      if (!findVersionRow(tx, id, hash)) throw new AppError('version_not_found');
      const before = findPreviewRow(tx, id, hash);
      if (before && isUnderWay(before.state)) return;
      const row = { projectId: id, versionHash: hash, requestedAtMs: context.clock.now() };
      const { startedAtMs, finishedAtMs } = before ?? {};
      if (onDisk) putPreviewRow(tx, { ...row, state: 'built', releaseHash: onDisk.hash, startedAtMs, finishedAtMs });
      else {
        cancelPreview(context, tx, id);
        const job = { type: 'version.build', projectId: id, payload: { projectId: id, hash }, priority: PRIORITY };
        const { jobId } = context.queue.enqueue(tx, { ...job, dedupeKey: `look:${id}:${hash}` });
        putPreviewRow(tx, { ...row, jobId });
      }
      context.events.record(tx, 'version.preview', id, { projectId: id, hash });
    },
    { behavior: 'immediate' },
  );
}

/** What there is of it to be shown at once. What was built before a variable changed holds none of its new values, and was not searched for them. */
async function openKept(context: ProjectsContext, project: Project, hash: string): Promise<Release | undefined> {
  const built = findPreviewRow(context.db, project.id, hash);
  const isCurrent = (built?.startedAtMs ?? 0) >= (project.environmentChangedAtMs ?? 0);
  const kept = (isCurrent ? built?.releaseHash : undefined) ?? findPublishedRelease(context.db, project.id, hash);
  const release = kept ? await context.production.releases.open(projectDirectory(context.dataDir, project), kept) : undefined;
  return release?.server ? undefined : release;
}

/** Ends what is being built to be looked at, down to its child process. */
export function cancelPreview(context: ProjectsContext, tx: Tx, projectId: string): void {
  const current = findUnderWay(tx, projectId);
  if (!current) return;
  deletePreviewRow(tx, projectId, current.versionHash);
  if (current.jobId) context.queue.cancel(current.jobId);
  context.events.record(tx, 'version.preview', projectId, { projectId, hash: current.versionHash });
}

function discardPreview(context: ProjectsContext, ownerId: string, projectId: string, hash: string): void {
  context.db.transaction(
    (tx) => {
      const { id } = getOwnedProject(tx, ownerId, projectId);
      const row = findPreviewRow(tx, id, hash);
      if (!row) return;
      if (isUnderWay(row.state)) return cancelPreview(context, tx, id);
      deletePreviewRow(tx, id, hash);
      if (row.releaseHash) enqueuePrune(context, tx, id);
      context.events.record(tx, 'version.preview', id, { projectId: id, hash });
    },
    { behavior: 'immediate' },
  );
}

async function servePreview(
  context: ProjectsContext,
  req: IncomingMessage,
  res: ServerResponse,
  { slug, shortHash }: { slug: string; shortHash: string },
): Promise<ServedPages> {
  const built = findReleaseBySlug(context.db, slug, shortHash);
  const release = built && (await context.production.releases.open(projectDirectory(context.dataDir, built), built.releaseHash));
  if (!release || release.server) return 'unpublished';
  return context.production.releases.serve(req, res, { live: release, earlier: [] }) ? 'served' : 'missing';
}

/** What a dead host was building and has no job any more is not under way. */
function recoverPreviews(context: ProjectsContext): void {
  context.db.transaction(
    (tx) => {
      for (const { projectId, versionHash, jobId } of listUnderWay(tx)) {
        const state = jobId ? context.queue.find(jobId)?.state : undefined;
        const exists = tx.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId)).get();
        if (state === 'queued' || state === 'running' || !exists) continue;
        deletePreviewRow(tx, projectId, versionHash);
        context.events.record(tx, 'version.preview', projectId, { projectId, hash: versionHash });
      }
    },
    { behavior: 'immediate' },
  );
}
