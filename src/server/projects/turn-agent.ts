import { eq } from 'drizzle-orm';
import type { AgentModel } from '#server/agent/agent-types.ts';
import { projects } from '#server/db/schema.ts';
import type { Project } from '#server/db/schema.ts';
import type { ProjectsContext } from './context.ts';
import { findLiveTurn, projectDirectory } from './rows.ts';

/** Has the project's agent run and know the model of the turn that is next. */
export async function startAgent(context: ProjectsContext, project: Project, signal: AbortSignal): Promise<void> {
  const model = findLiveTurn(context.db, project.id)?.model ?? project.model ?? 'doce/offline';
  const { port } = await context.agent.ensureStarted({
    projectId: project.id,
    projectDir: projectDirectory(context.dataDir, project),
    llmToken: context.llm.issueToken(project.id),
    models: [await describeModel(context, model)],
    signal,
  });
  if (port !== project.opencodePort) context.db.update(projects).set({ opencodePort: port }).where(eq(projects.id, project.id)).run();
}

/** The project's one conversation with its agent, opened on first use. */
export async function agentSession(context: ProjectsContext, project: Project): Promise<string> {
  if (project.bootstrapSessionId) return project.bootstrapSessionId;
  const sessionId = await context.agent.createSession(project.id, project.name);
  context.db.update(projects).set({ bootstrapSessionId: sessionId }).where(eq(projects.id, project.id)).run();
  return sessionId;
}

async function describeModel(context: ProjectsContext, id: string): Promise<AgentModel> {
  if (id === 'doce/offline') return { id };
  const known = (await context.llm.models()).find((model) => model.id === id);
  return {
    id,
    ...(known?.contextLength ? { name: known.name, contextTokens: known.contextLength } : {}),
    ...(known?.seesImages ? { seesImages: true } : {}),
  };
}
