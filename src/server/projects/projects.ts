import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { projects } from '#server/db/schema.ts';
import { untilWritten } from '#server/db/until-written.ts';
import type { JobChange } from '#server/queue/engine.ts';
import type { JobContext, JobOutcome } from '#server/queue/job.ts';
import type { ProjectsContext } from './context.ts';
import { createProjectAttachments } from './attachment-store.ts';
import type { ProjectAttachments, StagedAttachments } from './attachment-store.ts';
import { createProject } from './create-project.ts';
import type { CreateProject } from './create-project.ts';
import { deleteProject, deleteProjectLater } from './delete-project.ts';
import { createProjectFiles } from './files.ts';
import type { ProjectFiles } from './files.ts';
import { followJob } from './follow-jobs.ts';
import { createProjectImports } from './import-project.ts';
import type { ProjectImports } from './import-project.ts';
import { stopLiveTurn } from './live-turns.ts';
import { installProjectPackages } from './packages.ts';
import { prepareProject, startPreview, startPreviewLater, stopPreview, stopPreviewLater } from './preview.ts';
import { countProjects, listProjects, listTurns, nameProjects, viewProject } from './read-views.ts';
import { recoverProjects, recoverTurn } from './recover.ts';
import { createProjectSettings } from './project-settings.ts';
import type { ProjectSettings } from './project-settings.ts';
import { createProjectProduction } from './production.ts';
import type { ProjectProduction } from './production.ts';
import { createEditWatch } from './record-version.ts';
import { getOwnedProject } from './rows.ts';
import { requestTurn, sendTurn, stopCurrentTurn } from './turns.ts';
import type { RequestTurn } from './turns.ts';
import { createProjectVersions } from './versions.ts';
import type { ProjectVersions } from './versions.ts';
import type { SiteNames } from './site-names.ts';
import { createProjectVersionPreviews } from './version-previews.ts';
import type { ProjectVersionPreviews } from './version-previews.ts';
import type { ListedProject, ProjectStatus, ProjectView, TurnView } from './views.ts';

export const SetRuntime = z.object({ state: z.enum(['running', 'stopped']) });

/** What the gateway asks about a hostname. */
export interface PreviewTarget {
  projectId: string;
  name: string;
  status: ProjectStatus;
  /** Loopback port of the dev server; undefined while none answers. */
  port: number | undefined;
  errorDetail: string | null;
}

/** Everything that can be done with projects. Those with an owner throw `project_not_found` for someone else's. */
export interface Projects {
  /** Newest first; all of them unless limited. */
  list(ownerId: string, limit?: number): ListedProject[];
  count(ownerId: string): number;
  /** The names of those of these projects that the owner has, by id. */
  names(ownerId: string, ids: readonly string[]): Map<string, string>;
  view(ownerId: string, idOrSlug: string): ProjectView;
  create(ownerId: string, input: CreateProject, staged?: StagedAttachments): ProjectView;
  /** Somebody is typing what they want: makes a spare ready, or keeps the one there is. */
  askForSpare(): void;
  setRuntime(ownerId: string, projectId: string, state: 'running' | 'stopped'): ProjectView;
  delete(ownerId: string, projectId: string): void;
  turns(ownerId: string, projectId: string): TurnView[];
  requestTurn(ownerId: string, projectId: string, input: RequestTurn, staged?: StagedAttachments): TurnView;
  /** What comes with prompts. */
  attachments: ProjectAttachments;
  /** @throws AppError `no_turn_running`. */
  stopTurn(ownerId: string, projectId: string): Promise<void>;
  /** Recent lines of the preview's log. */
  logs(ownerId: string, projectId: string): string[];
  /** The states of its files, and going back. */
  versions: ProjectVersions;
  /** Old versions as built sites. */
  versionPreviews: ProjectVersionPreviews;
  files: ProjectFiles;
  /** Projects made of what is there already. */
  imports: ProjectImports;
  /** Its environment, addresses and hostnames. */
  settings: ProjectSettings;
  /** Publishing, and what is live. */
  production: ProjectProduction;
  /** For the gateway. */
  siteNames: SiteNames;
  findPreview(slug: string): PreviewTarget | undefined;
  /** Someone wants to see the preview: start it unless it runs. */
  wake(projectId: string): void;
  recover(): { interruptedTurns: number };
  /** Told of every job that changed. */
  jobChanged(change: JobChange): void;
  /** Ends the turns that run, because the host is stopping. */
  interruptTurns(): Promise<void>;
  /** The work of the jobs. */
  jobs: {
    prepare(projectId: string, job: JobContext<unknown>): Promise<JobOutcome>;
    start(projectId: string, job: JobContext<unknown>): Promise<JobOutcome>;
    installPackages(projectId: string, job: JobContext<unknown>): Promise<JobOutcome>;
    stop(projectId: string): Promise<JobOutcome>;
    delete(projectId: string): Promise<JobOutcome>;
    send(turnId: string, job: JobContext<unknown>): Promise<JobOutcome>;
    recover(turnId: string, job: JobContext<unknown>): Promise<JobOutcome>;
  };
}

export function createProjects(context: ProjectsContext): Projects {
  const view = (ownerId: string, idOrSlug: string) => viewProject(context, ownerId, idOrSlug);
  const edits = createEditWatch(context);
  const files = createProjectFiles(context, edits);
  const previewBySlug = context.db
    .select({ projectId: projects.id, name: projects.name, status: projects.status, errorDetail: projects.errorDetail })
    .from(projects)
    .where(eq(projects.slug, sql.placeholder('slug')))
    .prepare();
  const findBySlug = untilWritten(context.db, (slug) => previewBySlug.get({ slug }));
  return {
    list: (ownerId, limit) => listProjects(context, ownerId, limit),
    count: (ownerId) => countProjects(context, ownerId),
    names: (ownerId, ids) => nameProjects(context, ownerId, ids),
    view,
    askForSpare: () => context.spare.ask(),
    create: (ownerId, input, staged) => view(ownerId, createProject(context, ownerId, input, staged)),
    setRuntime(ownerId, projectId, state) {
      const project = getOwnedProject(context.db, ownerId, projectId);
      if (state === 'running') startPreviewLater(context, project.id);
      else stopPreviewLater(context, project.id);
      return view(ownerId, project.id);
    },
    delete: (ownerId, projectId) => deleteProjectLater(context, ownerId, projectId),
    turns: (ownerId, projectId) => listTurns(context, ownerId, projectId),
    attachments: createProjectAttachments(context),
    requestTurn(ownerId, projectId, input, staged) {
      const turnId = requestTurn(context, ownerId, projectId, input, staged);
      return listTurns(context, ownerId, projectId).find((turn) => turn.id === turnId) as TurnView;
    },
    stopTurn: (ownerId, projectId) => stopCurrentTurn(context, ownerId, projectId),
    logs: (ownerId, projectId) => context.runtime.logTail(getOwnedProject(context.db, ownerId, projectId).id),
    versions: createProjectVersions(context),
    versionPreviews: createProjectVersionPreviews(context),
    files,
    imports: createProjectImports(context),
    settings: createProjectSettings(context, files),
    production: createProjectProduction(context),
    siteNames: context.siteNames,
    findPreview(slug) {
      const project = findBySlug(slug);
      return project && { ...project, port: context.runtime.devServer(project.projectId)?.port };
    },
    wake: (projectId) => void startPreviewLater(context, projectId),
    recover: () => recoverProjects(context),
    jobChanged: (change) => followJob(context, change),
    async interruptTurns() {
      await edits.flush();
      await Promise.all([...context.liveTurns.keys()].map((projectId) => stopLiveTurn(context.liveTurns, projectId, 'host')));
    },
    jobs: {
      prepare: (projectId, job) => prepareProject(context, projectId, job),
      start: (projectId, job) => startPreview(context, projectId, job),
      installPackages: (projectId, job) => installProjectPackages(context, projectId, job),
      stop: (projectId) => stopPreview(context, projectId),
      delete: (projectId) => deleteProject(context, projectId),
      send: (turnId, job) => sendTurn(context, turnId, job),
      recover: (turnId, job) => recoverTurn(context, turnId, job),
    },
  };
}
