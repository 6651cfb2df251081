import { z } from 'zod';
import { ListVersions } from '#server/projects/versions.ts';
import { endpoint } from '../../../_endpoint.ts';
import { ProjectParams } from '../../_shapes.ts';
import { VersionShape } from '../_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'The states of the project’s files, newest first; page on with `cursor`.',
    params: ProjectParams,
    query: ListVersions,
    response: z.object({ versions: z.array(VersionShape), nextCursor: z.string().optional() }),
  },
  ({ params, query, session, services }) => {
    const { versions, nextCursor } = services.projects.versions.list(session.user.id, params.id, query);
    return { body: { versions: versions.map((version) => VersionShape.parse(version)), nextCursor } };
  },
);
