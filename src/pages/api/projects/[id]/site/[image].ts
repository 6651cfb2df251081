import { z } from 'zod';
import { LARGEST_IMAGE_BYTES, siteImages } from '#server/projects/site-details.ts';
import { endpoint } from '../../../_endpoint.ts';
import { ProjectParams } from '../../_shapes.ts';
import { SiteAnswer } from './_shapes.ts';

const Upload = z.object({
  file: z
    .union([z.instanceof(File, { error: 'Choose a file.' }), z.base64('Choose a file.')])
    .describe('A file in a form, or base64 in JSON.'),
});

export const PUT = endpoint(
  {
    auth: 'session',
    summary: 'Puts an icon (SVG, PNG, ICO; 256 KiB) or a share image (PNG, JPEG, WebP; 2 MiB) into the folder public of the site.',
    params: ProjectParams.extend({ image: z.enum(siteImages) }),
    input: Upload,
    response: SiteAnswer,
  },
  async ({ params, input, session, services }) => {
    const { settings } = services.projects;
    settings.writeSiteImage(session.user.id, params.id, params.image, await bytesOf(input.file));
    return { body: { site: await settings.site(session.user.id, params.id) } };
  },
);

/** No more than decides that it is too large. */
async function bytesOf(file: File | string): Promise<Buffer> {
  if (typeof file === 'string') return Buffer.from(file, 'base64');
  return Buffer.from(await file.slice(0, LARGEST_IMAGE_BYTES + 1).arrayBuffer());
}
