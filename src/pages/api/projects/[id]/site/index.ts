import { UpdateSite } from '#server/projects/site-details.ts';
import { endpoint } from '../../../_endpoint.ts';
import { ProjectParams } from '../../_shapes.ts';
import { SiteAnswer } from './_shapes.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'What the site says of itself: title, description, icons, share image.',
    params: ProjectParams,
    response: SiteAnswer,
  },
  async ({ params, session, services }) => ({ body: { site: await services.projects.settings.site(session.user.id, params.id) } }),
);

export const PATCH = endpoint(
  {
    auth: 'session',
    summary: 'Changes the title and description of the home page, where the site keeps them in a file of their own.',
    params: ProjectParams,
    input: UpdateSite,
    response: SiteAnswer,
  },
  async ({ params, input, session, services }) => {
    const { settings } = services.projects;
    await settings.updateSite(session.user.id, params.id, input);
    return { body: { site: await settings.site(session.user.id, params.id) } };
  },
);
