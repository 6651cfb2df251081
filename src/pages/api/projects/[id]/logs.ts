import { z } from 'zod';
import { endpoint } from '../../_endpoint.ts';
import { ProjectParams } from '../_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'Recent lines of the preview; new ones come as `log.line` events.',
    params: ProjectParams,
    response: z.object({ lines: z.array(z.string()) }),
  },
  ({ params, session, services }) => ({ body: { lines: services.projects.logs(session.user.id, params.id) } }),
);
