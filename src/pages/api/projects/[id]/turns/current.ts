import { endpoint } from '../../../_endpoint.ts';
import { ProjectParams } from '../../_shapes.ts';

export const DELETE = endpoint(
  { auth: 'session', summary: 'Stops the answer that is being written; what is there is kept.', params: ProjectParams, status: 202 },
  async ({ params, session, services }) => {
    await services.projects.stopTurn(session.user.id, params.id);
    const { slug } = services.projects.view(session.user.id, params.id);
    return { body: {}, location: `/projects/${slug}` };
  },
);
