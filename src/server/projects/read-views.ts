import { and, asc, count, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { AgentPart } from '#server/agent/agent-types.ts';
import { turns } from '#server/db/conversation-tables.ts';
import type { Turn } from '#server/db/conversation-tables.ts';
import { projects } from '#server/db/schema.ts';
import type { Project } from '#server/db/schema.ts';
import { attachmentsOf } from './attachments.ts';
import type { ProjectsContext } from './context.ts';
import { viewImport } from './import-rows.ts';
import { getOwnedProject } from './rows.ts';
import { describeError, describeStatus } from './status.ts';
import { describeSteps } from './steps.ts';
import { readParts } from './turn-parts.ts';
import { pictureUrl } from './version-preview-rows.ts';
import type { ListedProject, PackagesView, ProjectSummary, ProjectView, TurnState, TurnView } from './views.ts';

// Written out, because drizzle leaves the table's name off a column in a select from one table.
const latestTurnState = sql<TurnState | null>`(
  select turns.state from turns where turns.project_id = projects.id order by turns.position desc limit 1
)`;

/** Versions whose pages are built. */
const liveHash = sql<string | null>`(
  select deployments.version_hash from deployments
  where deployments.project_id = projects.id and deployments.state = 'running' and deployments.page_count > 0
)`;
const lookedHash = sql<string | null>`(
  select version_previews.version_hash from version_previews
  where version_previews.project_id = projects.id and version_previews.state = 'built'
  order by version_previews.requested_at_ms desc limit 1
)`;

/** The owner's projects, newest first, all of them unless limited. Those being deleted are gone already. */
export function listProjects(context: ProjectsContext, ownerId: string, limit = -1): ListedProject[] {
  return context.db
    .select({ project: projects, turnState: latestTurnState, live: liveHash, looked: lookedHash })
    .from(projects)
    .where(and(eq(projects.ownerUserId, ownerId), isNull(projects.deletedAt)))
    .orderBy(desc(projects.createdAt), desc(sql`rowid`))
    .limit(limit)
    .all()
    .map(({ project, turnState, ...built }) => ({
      ...summarise(context, project, turnState),
      pictureUrl: pictureUrl(context.previewOrigin, project.slug, built),
    }));
}

export function countProjects(context: ProjectsContext, ownerId: string): number {
  const [row] = context.db
    .select({ total: count() })
    .from(projects)
    .where(and(eq(projects.ownerUserId, ownerId), isNull(projects.deletedAt)))
    .all();
  return row?.total ?? 0;
}

/** The names of those of these projects that the owner has, by id. */
export function nameProjects(context: ProjectsContext, ownerId: string, ids: readonly string[]): Map<string, string> {
  const rows = context.db
    .select({ id: projects.id, name: projects.name })
    .from(projects)
    .where(and(eq(projects.ownerUserId, ownerId), inArray(projects.id, [...ids])))
    .all();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** @throws AppError `project_not_found`. */
export function viewProject(context: ProjectsContext, ownerId: string, idOrSlug: string): ProjectView {
  const project = getOwnedProject(context.db, ownerId, idOrSlug);
  const rows = context.db.select().from(turns).where(eq(turns.projectId, project.id)).orderBy(asc(turns.position)).all();
  return {
    ...summarise(context, project, rows.at(-1)?.state ?? null),
    model: project.model ?? 'doce/offline',
    steps: describeSteps(project, rows[0]),
    import: viewImport(context.db, project.id),
    turns: viewTurns(context, rows),
  };
}

/** @throws AppError `project_not_found`. */
export function listTurns(context: ProjectsContext, ownerId: string, projectId: string): TurnView[] {
  return viewProject(context, ownerId, projectId).turns;
}

function viewTurns(context: ProjectsContext, rows: Turn[]): TurnView[] {
  const parts = readParts(
    context.db,
    rows.map((turn) => turn.id),
  );
  return rows.map((turn) => {
    const live = context.liveTurns.get(turn.projectId);
    // Streamed text is stored once a second; what this process holds is newer.
    const newer = live?.turnId === turn.id ? live.parts : undefined;
    const stored = parts.get(turn.id) ?? [];
    return {
      id: turn.id,
      position: turn.position,
      state: turn.state,
      text: turn.text,
      attachments: attachmentsOf(turn),
      model: turn.model,
      parts: stored.map((part) => withoutPosition(newer?.get(part.id)) ?? part),
      versionHash: turn.versionHash,
      createdAt: new Date(turn.createdAtMs).toISOString(),
      startedAt: toIso(turn.startedAtMs),
      finishedAt: toIso(turn.finishedAtMs),
      error: turn.errorCode ? { code: turn.errorCode, message: turn.errorMessage ?? '' } : null,
      usage: context.llm.usageOfTurn(turn.id),
    };
  });
}

function withoutPosition(part: AgentPart | undefined): TurnView['parts'][number] | undefined {
  if (!part) return undefined;
  const { position: _position, ...shown } = part;
  return shown;
}

function summarise(context: ProjectsContext, project: Project, turnState: TurnState | null): ProjectSummary {
  return {
    id: project.id,
    slug: project.slug,
    name: project.name,
    prompt: project.prompt,
    status: project.status,
    statusWords: describeStatus(project.status, project.errorCode),
    previewUrl: context.previewOrigin(project.slug),
    productionUrl: project.productionUrl,
    productionStatus: project.productionStatus ?? 'stopped',
    createdAt: project.createdAt.toISOString(),
    error: project.errorCode ? { code: project.errorCode, message: describeError(project.errorCode), detail: project.errorDetail } : null,
    packages: viewPackages(project),
    turnState,
  };
}

function viewPackages({ packagesState, packagesErrorCode, packagesErrorDetail }: Project): PackagesView {
  const code = packagesState === 'failed' ? packagesErrorCode : null;
  return { state: packagesState, error: code ? { code, message: describeError(code), detail: packagesErrorDetail } : null };
}

function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
