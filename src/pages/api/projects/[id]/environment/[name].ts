import { SetVariable, VariableName } from '#server/projects/environment.ts';
import { endpoint } from '../../../_endpoint.ts';
import { ProjectParams } from '../../_shapes.ts';
import { VariableAnswer } from './_shapes.ts';

const VariableParams = ProjectParams.extend({ name: VariableName });

export const PUT = endpoint(
  {
    auth: 'session',
    summary: 'Sets a variable. Builds and the server get it from the next publication on; its value is never shown again.',
    params: VariableParams,
    input: SetVariable,
    response: VariableAnswer,
  },
  ({ params, input, session, services }) => ({
    body: { variable: services.projects.settings.setVariable(session.user.id, params.id, params.name, input.value) },
  }),
);

export const DELETE = endpoint(
  { auth: 'session', summary: 'Removes a variable. What is live keeps what it was built with.', params: VariableParams },
  ({ params, session, services }) => {
    services.projects.settings.removeVariable(session.user.id, params.id, params.name);
    return {};
  },
);
