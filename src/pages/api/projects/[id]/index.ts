import { RenameProject } from '#server/projects/projects.ts';
import { endpoint } from '../../_endpoint.ts';
import { ProjectAnswer, ProjectParams, ProjectShape } from '../_shapes.ts';

export const GET = endpoint(
  { auth: 'session', summary: 'One project.', params: ProjectParams, response: ProjectAnswer },
  ({ params, session, services }) => ({ body: { project: ProjectShape.parse(services.projects.view(session.user.id, params.id)) } }),
);

export const PATCH = endpoint(
  { auth: 'session', summary: 'Renames a project.', params: ProjectParams, input: RenameProject, response: ProjectAnswer },
  ({ params, input, session, services }) => {
    const project = services.projects.rename(session.user.id, params.id, input.name);
    return { body: { project: ProjectShape.parse(project) }, location: `/projects/${project.slug}` };
  },
);

export const DELETE = endpoint(
  { auth: 'session', summary: 'Deletes a project and everything that belongs to it, through a job.', params: ProjectParams, status: 202 },
  ({ params, session, services }) => {
    services.projects.delete(session.user.id, params.id);
    return { body: {}, location: '/' };
  },
);
