import { DescribeVersion } from '#server/projects/versions.ts';
import { endpoint } from '../../../../_endpoint.ts';
import { VersionAnswer, VersionParams, VersionShape } from '../../_shapes.ts';

export const GET = endpoint(
  { auth: 'session', summary: 'One version.', params: VersionParams, response: VersionAnswer },
  ({ params, session, services }) => ({
    body: { version: VersionShape.parse(services.projects.versions.view(session.user.id, params.id, params.hash)) },
  }),
);

export const PATCH = endpoint(
  { auth: 'session', summary: 'Names or bookmarks a version.', params: VersionParams, input: DescribeVersion, response: VersionAnswer },
  ({ params, input, session, services }) => {
    const version = services.projects.versions.describe(session.user.id, params.id, params.hash, input);
    return { body: { version: VersionShape.parse(version) } };
  },
);
