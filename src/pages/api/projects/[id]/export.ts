import { Readable } from 'node:stream';
import { z } from 'zod';
import { VersionHash } from '#server/projects/versions.ts';
import { endpoint } from '../../_endpoint.ts';
import { ProjectParams } from '../_shapes.ts';
import { attachment } from './_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary:
      'A ZIP of the sources, without packages and secrets: of now, or of a `version`; with `history=true` also a git bundle of every version.',
    params: ProjectParams,
    query: z.object({ version: VersionHash.optional(), history: z.stringbool().default(false) }),
  },
  async ({ params, query, session, services }) => {
    const { slug } = services.projects.view(session.user.id, params.id);
    const zip = await services.projects.versions.archive(session.user.id, params.id, query.version, { history: query.history });
    return attachment(Readable.toWeb(zip) as ReadableStream, `${slug}.zip`, 'application/zip');
  },
);
