import { z } from 'zod';
import { endpoint } from '../../../../_endpoint.ts';
import { HostnameParams } from '../_shapes.ts';

const Check = z.object({
  state: z.enum(['here', 'elsewhere', 'nowhere', 'unknown', 'failed']),
  addresses: z.array(z.string()),
  records: z.array(z.object({ type: z.enum(['CNAME', 'A', 'AAAA']), name: z.string(), value: z.string().nullable() })),
});

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'Where a hostname leads at this moment, and the DNS records that would make it lead here.',
    params: HostnameParams,
    response: z.object({ check: Check }),
  },
  async ({ params, session, services }) => ({
    body: { check: await services.projects.settings.checkHostname(session.user.id, params.id, params.hostname) },
  }),
);
