import { z } from 'zod';
import { SetProduction } from '#server/projects/deployments.ts';
import { endpoint } from '../../_endpoint.ts';
import { DeploymentShape } from './deployments/_shapes.ts';
import { ProjectAnswer, ProjectParams, ProjectShape } from '../_shapes.ts';

const ProductionShape = z.object({
  address: z.string().describe('Where the site is, or will be.'),
  portAddress: z.string().nullable().describe('The same by a port of its own, where DOCE_SITES_PORTS gives it one.'),
  live: DeploymentShape.nullable(),
  current: DeploymentShape.nullable().describe('On its way.'),
  hasUnpublishedChanges: z.boolean(),
  server: z
    .object({ isUp: z.boolean(), log: z.array(z.string()).describe('Its last lines.') })
    .nullable()
    .describe('Of what is live, when it is a program; null for pages.'),
});

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'What of the project is live, where, and how it runs.',
    params: ProjectParams,
    response: z.object({ production: ProductionShape }),
  },
  ({ params, session, services }) => ({
    body: { production: ProductionShape.parse(services.projects.production.view(session.user.id, params.id)) },
  }),
);

export const PUT = endpoint(
  {
    auth: 'session',
    summary: 'Takes the published site down, or puts back what was live last. History and releases stay.',
    params: ProjectParams,
    input: SetProduction,
    response: ProjectAnswer,
  },
  async ({ params, input, session, services }) => {
    const { production, view } = services.projects;
    if (input.state === 'running') await production.start(session.user.id, params.id);
    else production.stop(session.user.id, params.id);
    const project = view(session.user.id, params.id);
    return { body: { project: ProjectShape.parse(project) }, location: `/projects/${project.slug}` };
  },
);

export const DELETE = endpoint(
  {
    auth: 'session',
    summary: 'Takes the published site down; its history and releases stay.',
    params: ProjectParams,
    response: ProjectAnswer,
  },
  ({ params, session, services }) => {
    services.projects.production.stop(session.user.id, params.id);
    const project = services.projects.view(session.user.id, params.id);
    return { body: { project: ProjectShape.parse(project) }, location: `/projects/${project.slug}` };
  },
);
