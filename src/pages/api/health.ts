import { z } from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import { endpoint } from './_endpoint.ts';

const Health = z.object({ status: z.literal('ok'), version: z.string() });

export const GET = endpoint(
  { auth: 'public', summary: 'Whether doce answers and its database does.', response: Health },
  ({ services }) => {
    services.auth.needsSetup(); // Throws when the database does not answer.
    return { body: { status: 'ok', version: packageJson.version } satisfies z.infer<typeof Health> };
  },
);
