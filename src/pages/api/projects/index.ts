import { z } from 'zod';
import { CreateProject } from '#server/projects/create-project.ts';
import { endpoint } from '../_endpoint.ts';
import { ProjectAnswer, ProjectShape } from './_shapes.ts';

export const GET = endpoint(
  { auth: 'session', summary: 'All projects, newest first.', response: z.object({ projects: z.array(ProjectShape) }) },
  ({ session, services }) => ({
    body: { projects: services.projects.list(session.user.id).map((project) => ProjectShape.parse(project)) },
  }),
);

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Creates a project from a prompt and begins to build it.',
    input: CreateProject,
    takesFiles: true,
    response: ProjectAnswer,
    status: 201,
    page: () => '/',
  },
  async ({ input, session, services }) => {
    const { projects } = services;
    const project = await projects.attachments.staged(input.attachments, (staged) => projects.create(session.user.id, input, staged));
    return { body: { project: ProjectShape.parse(project) }, location: `/projects/${project.slug}` };
  },
);
