import { z } from 'zod';

const ImageShape = z.object({
  path: z.string(),
  type: z.enum(['png', 'jpg', 'webp', 'ico', 'svg']),
  width: z.number().nullable(),
  height: z.number().nullable(),
  sizeBytes: z.number(),
  isUsed: z.boolean(),
});
export const SiteAnswer = z.object({
  site: z.object({
    content: z.object({ path: z.string(), title: z.string(), description: z.string(), hash: z.string() }).nullable(),
    favicons: z.array(ImageShape),
    shareImages: z.array(ImageShape),
  }),
});
