import { z } from 'zod';
import { deploymentStates } from '#server/projects/views.ts';
import { ProjectParams } from '../../_shapes.ts';

export const DeploymentParams = ProjectParams.extend({ did: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });

export const DeploymentShape = z.object({
  id: z.string(),
  state: z.enum(deploymentStates),
  versionHash: z.string().nullable(),
  versionNumber: z.number().nullable(),
  releaseHash: z.string().nullable(),
  unchanged: z.boolean().describe('What was built equals what was live.'),
  canGoLive: z.boolean().describe('It can be put live again at once.'),
  pageCount: z.number().nullable(),
  sizeBytes: z.number().nullable(),
  error: z.object({ code: z.string(), message: z.string(), detail: z.string().nullable() }).nullable(),
  log: z.array(z.string()).describe('The last lines of the build, once it is over; live ones come as `deployment.log` events.'),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  liveAt: z.iso.datetime().nullable(),
});
export const DeploymentAnswer = z.object({ deployment: DeploymentShape });
