import { z } from 'zod';
import { endpoint } from '../../../../../_endpoint.ts';
import { attachment, VersionFileParams } from '../../../_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'The files of a version, or, with a path, one of them as a download.',
    params: VersionFileParams,
    response: z.object({ files: z.array(z.object({ path: z.string(), mode: z.enum(['100644', '100755', '120000']) })) }),
  },
  async ({ params, session, services }) => {
    const { versions } = services.projects;
    if (params.path === undefined) return { body: { files: await versions.tree(session.user.id, params.id, params.hash) } };
    const content = await versions.file(session.user.id, params.id, params.hash, params.path);
    return attachment(new Uint8Array(content), params.path.split('/').at(-1) as string);
  },
);
