import { z } from 'zod';
import { AddVariable } from '#server/projects/environment.ts';
import { endpoint } from '../../../_endpoint.ts';
import { ProjectParams } from '../../_shapes.ts';
import { VariableAnswer, VariableShape } from './_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'The environment variables of a project’s builds and server, by name. Values are never shown.',
    params: ProjectParams,
    response: z.object({ variables: z.array(VariableShape) }),
  },
  ({ params, session, services }) => ({
    body: { variables: services.projects.settings.variables(session.user.id, params.id) },
  }),
);

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Sets a variable, as PUT on its name does.',
    params: ProjectParams,
    input: AddVariable,
    response: VariableAnswer,
    status: 201,
  },
  ({ params, input, session, services }) => ({
    body: { variable: services.projects.settings.setVariable(session.user.id, params.id, input.name, input.value) },
  }),
);
