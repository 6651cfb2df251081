import { SetRuntime } from '#server/projects/projects.ts';
import { endpoint } from '../../_endpoint.ts';
import { ProjectAnswer, ProjectParams, ProjectShape } from '../_shapes.ts';

export const PUT = endpoint(
  {
    auth: 'session',
    summary: 'Asks for the preview to run or to stop.',
    params: ProjectParams,
    input: SetRuntime,
    response: ProjectAnswer,
    status: 202,
  },
  ({ params, input, session, services }) => {
    const project = services.projects.setRuntime(session.user.id, params.id, input.state);
    return { body: { project: ProjectShape.parse(project) }, location: `/projects/${project.slug}` };
  },
);
