import { z } from 'zod';

/** The model that needs no provider. */
export const OFFLINE_MODEL = 'doce/offline';

export const ModelInfo = z.object({
  id: z.string().describe('The provider’s own id, or doce/offline.'),
  name: z.string(),
  description: z.string().optional(),
  isAi: z.boolean().describe('False for the offline builder, which follows rules.'),
  free: z.boolean(),
  contextLength: z.number().int().optional().describe('Tokens.'),
  seesImages: z.boolean().optional().describe('Whether it can look at pictures; absent when the provider does not say so.'),
  inputDollarsPerMillion: z.number().optional(),
  outputDollarsPerMillion: z.number().optional(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;

export const ModelList = z.object({
  /** The offline builder first, then the provider's in its own order. */
  models: z.array(ModelInfo),
  note: z
    .object({ code: z.string(), message: z.string(), retryAfterSeconds: z.number().optional() })
    .optional()
    .describe('Why the provider’s models are missing or out of date.'),
});
export type ModelList = z.infer<typeof ModelList>;

export const offlineModel: ModelInfo = {
  id: OFFLINE_MODEL,
  name: 'Offline builder',
  description: 'Follows rules to write a site. Not an AI: free, private, and works without a network.',
  isAi: false,
  free: true,
};
