import { z } from 'zod';
import { RequestDeployment } from '#server/projects/deployments.ts';
import { endpoint } from '../../../_endpoint.ts';
import { ProjectParams } from '../../_shapes.ts';
import { DeploymentAnswer, DeploymentShape } from './_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'Everything that was published, newest first.',
    params: ProjectParams,
    response: z.object({ deployments: z.array(DeploymentShape) }),
  },
  ({ params, session, services }) => {
    const deployments = services.projects.production.list(session.user.id, params.id);
    return { body: { deployments: deployments.map((deployment) => DeploymentShape.parse(deployment)) } };
  },
);

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Builds a version, checks it and puts it live; what is live stays until then.',
    params: ProjectParams,
    input: RequestDeployment,
    response: DeploymentAnswer,
    status: 202,
  },
  async ({ params, input, session, services }) => {
    const { production, view } = services.projects;
    const deployment = await production.deploy(session.user.id, params.id, input);
    return { body: { deployment: DeploymentShape.parse(deployment) }, location: `/projects/${view(session.user.id, params.id).slug}` };
  },
);
