import { z } from 'zod';
import { versionPreviewStates } from '#server/projects/views.ts';
import { endpoint } from '../../../../_endpoint.ts';
import { VersionParams } from '../../_shapes.ts';

const PreviewShape = z.object({
  versionHash: z.string(),
  state: z.enum(['none', ...versionPreviewStates]).describe('`none`: it is not built, or was put away since.'),
  url: z.string().nullable().describe('Where the built site can be looked at, once it is `built`.'),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      detail: z.string().nullable(),
      needsServer: z.boolean().describe('It can not be shown as pages; its files can be read.'),
    })
    .nullable(),
  log: z.array(z.string()).describe('The last lines of the build; live ones come as `version.log` events.'),
  startedAt: z.iso.datetime().nullable(),
});
const PreviewAnswer = z.object({ preview: PreviewShape });

export const GET = endpoint(
  { auth: 'session', summary: 'Whether a version is built to be looked at, and where.', params: VersionParams, response: PreviewAnswer },
  ({ params, session, services }) => ({
    body: { preview: PreviewShape.parse(services.projects.versionPreviews.view(session.user.id, params.id, params.hash)) },
  }),
);

export const PUT = endpoint(
  {
    auth: 'session',
    summary: 'Builds a version to be looked at, through a job; one that was looked at lately is there at once. Nothing else changes.',
    params: VersionParams,
    response: PreviewAnswer,
    status: 202,
  },
  async ({ params, session, services }) => {
    const preview = await services.projects.versionPreviews.request(session.user.id, params.id, params.hash);
    const { slug } = services.projects.view(session.user.id, params.id);
    return { body: { preview: PreviewShape.parse(preview) }, location: `/projects/${slug}?look=${params.hash}` };
  },
);

export const DELETE = endpoint(
  {
    auth: 'session',
    summary: 'Ends the build of a version that is to be looked at, or throws away what was built. The version itself stays.',
    params: VersionParams,
    status: 202,
  },
  ({ params, session, services }) => {
    services.projects.versionPreviews.discard(session.user.id, params.id, params.hash);
    const { slug } = services.projects.view(session.user.id, params.id);
    return { body: {}, location: `/projects/${slug}?view=history&version=${params.hash}` };
  },
);
