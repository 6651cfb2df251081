import { z } from 'zod';
import { RequestTurn } from '#server/projects/turns.ts';
import { endpoint } from '../../../_endpoint.ts';
import { ProjectParams, TurnShape } from '../../_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'The conversation: every prompt with its answer, newest first.',
    params: ProjectParams,
    response: z.object({ turns: z.array(TurnShape) }),
  },
  ({ params, session, services }) => {
    const turns = services.projects.turns(session.user.id, params.id).map((turn) => TurnShape.parse(turn));
    return { body: { turns: turns.reverse() } };
  },
);

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Sends a prompt. While another is being answered it waits for its turn.',
    params: ProjectParams,
    input: RequestTurn,
    takesFiles: true,
    response: z.object({ turn: TurnShape }),
    status: 202,
  },
  async ({ params, input, session, services }) => {
    const { projects } = services;
    const { slug } = projects.view(session.user.id, params.id);
    const earlier = input.attachmentsOf === undefined ? [] : await projects.attachments.ofTurn(params.id, input.attachmentsOf);
    const turn = await projects.attachments.staged([...earlier, ...[input.attachments ?? []].flat()], (staged) =>
      projects.requestTurn(session.user.id, params.id, input, staged),
    );
    return { body: { turn: TurnShape.parse(turn) }, location: `/projects/${slug}` };
  },
);
