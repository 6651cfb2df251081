import { z } from 'zod';
import { VersionHash } from '#server/projects/versions.ts';
import { endpoint } from '../../../../_endpoint.ts';
import { DiffAnswer, VersionParams } from '../../_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'What the version changed; with `against` (a hash, or `now`), what differs between it and that, by file.',
    params: VersionParams,
    query: z.object({ against: z.union([VersionHash, z.literal('now')]).optional() }),
    response: DiffAnswer,
  },
  async ({ params, query, session, services }) => ({
    body: { diff: await services.projects.versions.diff(session.user.id, params.id, params.hash, query.against) },
  }),
);
