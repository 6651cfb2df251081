import { z } from 'zod';
import { Attachment } from '#server/projects/attachments.ts';
import { packagesStates, productionStatuses, projectStatuses, turnStates } from '#server/projects/views.ts';
import { TurnPartBody } from '#server/turn-parts.ts';

export const ProjectParams = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });

/** As the API shows a project. Anything else that a view holds is dropped. */
export const ProjectShape = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  prompt: z.string(),
  status: z.enum(projectStatuses),
  previewUrl: z.string(),
  productionUrl: z.string().nullable(),
  productionStatus: z.enum(productionStatuses),
  createdAt: z.iso.datetime(),
  error: z.object({ code: z.string(), message: z.string(), detail: z.string().nullable() }).nullable(),
  packages: z.object({
    state: z.enum(packagesStates),
    error: z.object({ code: z.string(), message: z.string(), detail: z.string().nullable() }).nullable(),
  }),
  turnState: z.enum(turnStates).nullable(),
});
export const ProjectAnswer = z.object({ project: ProjectShape });

export const TurnShape = z.object({
  id: z.string(),
  state: z.enum(turnStates),
  text: z.string(),
  attachments: z.array(Attachment),
  model: z.string(),
  parts: z.array(z.intersection(z.object({ id: z.string() }), TurnPartBody)),
  versionHash: z.string().nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  usage: z.object({ calls: z.number(), inputTokens: z.number(), outputTokens: z.number(), costMicros: z.number() }),
});
