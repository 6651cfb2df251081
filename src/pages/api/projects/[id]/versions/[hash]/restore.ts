import { z } from 'zod';
import { endpoint } from '../../../../_endpoint.ts';
import { VersionParams } from '../../_shapes.ts';

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Goes back to a version, through a job: what is there now becomes a version first, the outcome another.',
    params: VersionParams,
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
  ({ params, session, services }) => {
    const jobId = services.projects.versions.restoreLater(session.user.id, params.id, params.hash);
    const { slug } = services.projects.view(session.user.id, params.id);
    return { body: { jobId }, location: `/projects/${slug}` };
  },
);
