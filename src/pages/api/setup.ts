import { z } from 'zod';
import { NewPassword, Username } from '#server/auth/credentials.ts';
import { SessionView, viewSession } from '#server/auth/session-view.ts';
import { endpoint } from './_endpoint.ts';

const Setup = z.object({ token: z.string().trim().min(1, 'Enter the setup token.').max(512), username: Username, password: NewPassword });

export const POST = endpoint(
  {
    auth: 'public',
    summary: 'Makes the only admin and signs them in. Found only while there is no user.',
    input: Setup,
    response: SessionView,
    status: 201,
    exists: (services) => services.auth.needsSetup(),
    page: ({ token }) => (typeof token === 'string' ? `/setup?token=${encodeURIComponent(token)}` : '/setup'),
  },
  async ({ input, services, edge }) => {
    const login = await services.auth.createFirstAdmin({ ...input, address: edge.clientAddress });
    return { body: viewSession(login), headers: { 'Set-Cookie': login.setCookie }, location: '/' };
  },
);
