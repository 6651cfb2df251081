import { z } from 'zod';

export const VariableShape = z.object({
  name: z.string(),
  isPublic: z.boolean(),
  isReadable: z.boolean(),
  setAt: z.iso.datetime(),
});
export const VariableAnswer = z.object({ variable: VariableShape });
