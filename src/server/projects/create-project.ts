import { nanoid } from 'nanoid';
import { z } from 'zod';
import { turns } from '#server/db/conversation-tables.ts';
import type { Tx } from '#server/db/open.ts';
import { projects } from '#server/db/schema.ts';
import type { ProjectsContext } from './context.ts';
import { enqueuePrepare } from './jobs.ts';
import { freeSlug, nameFromPrompt } from './naming.ts';

export const PROMPT_LENGTH = 20_000;

export const CreateProject = z.object({
  prompt: z.string().trim().min(1, 'Say what you want to build.').max(PROMPT_LENGTH),
  name: z.string().trim().min(1).max(60).optional(),
  model: z.string().trim().min(1).max(200).optional(),
  template: z
    .string()
    .regex(/^[a-z0-9-]{1,48}$/)
    .default('starter'),
});
export type CreateProject = z.infer<typeof CreateProject>;

/**
 * Writes the project, its first turn and its first job in one transaction and returns at once; everything slow is the
 * job's. A spare that was made ready meanwhile becomes this project, and its jobs do only what is missing.
 *
 * @returns The new project's id.
 */
export function createProject(context: ProjectsContext, ownerId: string, input: CreateProject): string {
  const spareId = context.spare.offer(input.template);
  const projectId = spareId ?? nanoid();
  const model = input.model ?? context.settings.readSettings(ownerId).defaultModel;
  context.db.transaction(
    (tx) => {
      insertProject(context, tx, { projectId, ownerId, model, input });
      enqueuePrepare(context, tx, projectId);
      context.events.record(tx, 'project.changed', projectId);
    },
    { behavior: 'immediate' },
  );
  if (spareId !== undefined) context.spare.take(spareId);
  return projectId;
}

interface NewProjectRow {
  projectId: string;
  ownerId: string;
  model: string;
  input: CreateProject;
}

function insertProject(context: ProjectsContext, tx: Tx, { projectId, ownerId, model, input }: NewProjectRow): void {
  const nowMs = context.clock.now();
  const name = input.name ?? nameFromPrompt(input.prompt);
  tx.insert(projects)
    .values({
      id: projectId,
      ownerUserId: ownerId,
      createdAt: new Date(nowMs),
      name,
      slug: freeSlug(tx, name),
      prompt: input.prompt,
      template: input.template,
      model,
      // Ports are written once something listens on them.
      devPort: 0,
      opencodePort: 0,
      pathOnDisk: `projects/${projectId}`,
    })
    .run();
  tx.insert(turns).values({ id: nanoid(), projectId, position: 1, text: input.prompt, model, createdAtMs: nowMs }).run();
}
