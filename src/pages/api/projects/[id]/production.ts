import { SetProduction } from '#server/projects/deployments.ts';
import { endpoint } from '../../_endpoint.ts';
import { ProjectAnswer, ProjectParams, ProjectShape } from '../_shapes.ts';

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
