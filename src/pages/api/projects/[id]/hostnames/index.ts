import { z } from 'zod';
import { AddHostname } from '#server/projects/hostnames.ts';
import { endpoint } from '../../../_endpoint.ts';
import { ProjectParams } from '../../_shapes.ts';
import { HostnameAnswer, HostnameShape } from './_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'The hostnames of other domains that show the published site.',
    params: ProjectParams,
    response: z.object({ hostnames: z.array(HostnameShape) }),
  },
  ({ params, session, services }) => ({
    body: { hostnames: services.projects.settings.hostnames(session.user.id, params.id) },
  }),
);

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Shows the published site under a hostname of another domain, once its DNS leads here.',
    params: ProjectParams,
    input: AddHostname,
    response: HostnameAnswer,
    status: 201,
  },
  ({ params, input, session, services }) => ({
    body: { hostname: services.projects.settings.addHostname(session.user.id, params.id, input.hostname) },
  }),
);
