import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { endpoint } from '../_endpoint.ts';

export const GET = endpoint(
  {
    auth: 'public',
    summary: 'Whether a certificate for this hostname is worth having: 200 for the app, previews, published sites and custom hostnames.',
    query: z.object({ domain: z.string().min(1).max(255) }),
    response: z.object({ domain: z.string() }),
  },
  ({ query, services, edge }) => {
    services.tlsRate.admit(edge.clientAddress);
    if (!services.projects.siteNames.isServed(query.domain)) throw new AppError('hostname_not_served');
    return { body: { domain: query.domain } };
  },
);
