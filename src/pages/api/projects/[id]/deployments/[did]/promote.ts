import { endpoint } from '../../../../_endpoint.ts';
import { DeploymentAnswer, DeploymentParams, DeploymentShape } from '../_shapes.ts';

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Puts an earlier release live at once, without building it again.',
    params: DeploymentParams,
    response: DeploymentAnswer,
  },
  async ({ params, session, services }) => {
    const { production, view } = services.projects;
    const deployment = await production.promote(session.user.id, params.id, params.did);
    return { body: { deployment: DeploymentShape.parse(deployment) }, location: `/projects/${view(session.user.id, params.id).slug}` };
  },
);
