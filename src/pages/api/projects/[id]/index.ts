import { UpdateProject } from '#server/projects/project-settings.ts';
import { endpoint } from '../../_endpoint.ts';
import { ProjectAnswer, ProjectParams, ProjectShape } from '../_shapes.ts';

export const GET = endpoint(
  { auth: 'session', summary: 'One project.', params: ProjectParams, response: ProjectAnswer },
  ({ params, session, services }) => ({ body: { project: ProjectShape.parse(services.projects.view(session.user.id, params.id)) } }),
);

export const PATCH = endpoint(
  {
    auth: 'session',
    summary: 'Gives a project another name or address. Its earlier address leads to the new one.',
    params: ProjectParams,
    input: UpdateProject,
    response: ProjectAnswer,
  },
  ({ params, input, session, services }) => {
    services.projects.settings.update(session.user.id, params.id, input);
    const project = services.projects.view(session.user.id, params.id);
    // The page that the form was on has moved.
    const location = input.slug === undefined ? {} : { location: `/projects/${project.slug}/settings` };
    return { body: { project: ProjectShape.parse(project) }, ...location };
  },
);

export const DELETE = endpoint(
  { auth: 'session', summary: 'Deletes a project and everything that belongs to it, through a job.', params: ProjectParams, status: 202 },
  ({ params, session, services }) => {
    services.projects.delete(session.user.id, params.id);
    return { body: {}, location: '/' };
  },
);
