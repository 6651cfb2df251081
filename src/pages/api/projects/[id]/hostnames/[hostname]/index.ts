import { SetHostname } from '#server/projects/hostnames.ts';
import { endpoint } from '../../../../_endpoint.ts';
import { HostnameAnswer, HostnameParams } from '../_shapes.ts';

export const PUT = endpoint(
  {
    auth: 'session',
    summary: 'Adds a hostname, and with `isPrimary` makes the others lead to it, or no longer.',
    params: HostnameParams,
    input: SetHostname,
    response: HostnameAnswer,
  },
  ({ params, input, session, services }) => {
    const { settings } = services.projects;
    const added = settings.addHostname(session.user.id, params.id, params.hostname);
    if (input.isPrimary === true) settings.setPrimaryHostname(session.user.id, params.id, params.hostname);
    if (input.isPrimary === false && added.isPrimary) settings.setPrimaryHostname(session.user.id, params.id, null);
    return { body: { hostname: { ...added, isPrimary: input.isPrimary ?? added.isPrimary } } };
  },
);

export const DELETE = endpoint(
  { auth: 'session', summary: 'Removes a hostname; the site is not shown there any more.', params: HostnameParams },
  ({ params, session, services }) => {
    services.projects.settings.removeHostname(session.user.id, params.id, params.hostname);
    return {};
  },
);
