import { z } from 'zod';

/** A piece of an answer as it is stored (`turn_parts.body_json`), sent over events and rendered. */
export const TurnPartBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string(), complete: z.boolean() }),
  z.object({ kind: z.literal('reasoning'), text: z.string(), complete: z.boolean() }),
  z.object({
    kind: z.literal('tool'),
    /** The agent's name for the tool: `write`, `edit`, `read`, `bash`, … */
    tool: z.string(),
    state: z.enum(['running', 'done', 'failed']),
    /** One past-tense line for people: "Wrote src/pages/index.astro". */
    title: z.string(),
    /** Path relative to the workspace, when the tool is about one file. */
    file: z.string().optional(),
    /** Lines. */
    added: z.number().int().optional(),
    removed: z.number().int().optional(),
    /** Short output or the error, already scrubbed. */
    detail: z.string().optional(),
  }),
  z.object({ kind: z.literal('notice'), tone: z.enum(['info', 'warning', 'error']), text: z.string() }),
]);
export type TurnPartBody = z.infer<typeof TurnPartBody>;
