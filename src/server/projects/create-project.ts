import { nanoid } from 'nanoid';
import { z } from 'zod';
import { turns } from '#server/db/conversation-tables.ts';
import type { StagedAttachments } from './attachment-store.ts';
import { attachmentsJson, SentAttachments } from './attachments.ts';
import type { ProjectsContext } from './context.ts';
import { insertProject } from './insert-project.ts';
import { enqueuePrepare } from './jobs.ts';
import { nameFromPrompt } from './naming.ts';
import { makeSpareFolder, unmarkSpareFolder } from './spare-folder.ts';

export const PROMPT_LENGTH = 20_000;

export const CreateProject = z.object({
  prompt: z.string().trim().min(1, 'Say what you want to build.').max(PROMPT_LENGTH),
  name: z.string().trim().min(1).max(60).optional(),
  model: z.string().trim().min(1).max(200).optional(),
  template: z
    .string()
    .regex(/^[a-z0-9-]{1,48}$/)
    .default('starter'),
  attachments: SentAttachments.optional(),
});
export type CreateProject = z.infer<typeof CreateProject>;

/**
 * Writes the project, its first turn and its first job in one transaction and returns at once; everything slow is the
 * job's. A spare that was made ready meanwhile becomes this project, and its jobs do only what is missing.
 *
 * @param staged What came with the prompt, read and written by `ProjectAttachments`.
 * @returns The new project's id.
 */
export function createProject(context: ProjectsContext, ownerId: string, input: CreateProject, staged?: StagedAttachments): string {
  const { prompt, template, name = nameFromPrompt(prompt) } = input;
  const spareId = context.spare.offer(template);
  const projectId = spareId ?? nanoid();
  const model = input.model ?? context.settings.readSettings(ownerId).defaultModel;
  const nowMs = context.clock.now();
  const turnId = staged?.turnId ?? nanoid();
  const came = attachmentsJson(staged?.list);
  // The folder is nobody's until the row is stored: what a crash in between leaves is removed like a spare.
  staged?.place(makeSpareFolder(context.dataDir, projectId));
  context.db.transaction(
    (tx) => {
      insertProject(tx, { id: projectId, ownerUserId: ownerId, createdAt: new Date(nowMs), name, prompt, template, model });
      tx.insert(turns).values({ id: turnId, projectId, position: 1, text: prompt, model, attachmentsJson: came, createdAtMs: nowMs }).run();
      enqueuePrepare(context, tx, projectId);
      context.events.record(tx, 'project.changed', projectId);
    },
    { behavior: 'immediate' },
  );
  if (spareId !== undefined) context.spare.take(spareId);
  else if (staged) unmarkSpareFolder(context.dataDir, projectId);
  return projectId;
}
