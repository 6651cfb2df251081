import { z } from 'zod';
import { endpoint } from '../../../_endpoint.ts';
import { ProjectParams } from '../../_shapes.ts';

export const DELETE = endpoint(
  {
    auth: 'session',
    summary: 'Gives up an earlier address of the project: it leads nowhere from then on, and others may take it.',
    params: ProjectParams.extend({ slug: z.string().regex(/^[a-z0-9-]{1,48}$/) }),
  },
  ({ params, session, services }) => {
    services.projects.settings.giveUpAddress(session.user.id, params.id, params.slug);
    return {};
  },
);
