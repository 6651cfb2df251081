import { endpoint } from '../../../../_endpoint.ts';
import { DeploymentParams } from '../_shapes.ts';

export const DELETE = endpoint(
  {
    auth: 'session',
    summary: 'Cancels a publication that is on its way; removes one that is over, but never the live one.',
    params: DeploymentParams,
    status: 202,
  },
  ({ params, session, services }) => {
    services.projects.production.delete(session.user.id, params.id, params.did);
    return { body: {}, location: `/projects/${services.projects.view(session.user.id, params.id).slug}` };
  },
);
