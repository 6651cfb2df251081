import { z } from 'zod';
import { OfferedPassword, Username } from '#server/auth/credentials.ts';
import { SessionView, viewSession } from '#server/auth/session-view.ts';
import { loginPath } from '#server/http/page-form.ts';
import { safePath } from '#server/http/safe-path.ts';
import { endpoint } from './_endpoint.ts';

const Login = z.object({
  username: Username,
  password: OfferedPassword,
  next: z.string().optional().describe('Page to go to after a form login.'),
});

export const POST = endpoint(
  {
    auth: 'public',
    summary: 'Signs in: a new session, its cookie in the answer.',
    input: Login,
    response: SessionView,
    status: 201,
    page: ({ next }) => loginPath(safePath(next) ?? '/'),
  },
  async ({ input, services, edge, request }) => {
    const { username, password } = input;
    const cookieHeader = request.headers.get('cookie');
    const login = await services.auth.login({ username, password, address: edge.clientAddress, cookieHeader });
    return { body: viewSession(login), headers: { 'Set-Cookie': login.setCookie }, location: safePath(input.next) ?? '/' };
  },
);

export const GET = endpoint({ auth: 'session', summary: 'Who is signed in, and until when.', response: SessionView }, ({ session }) => ({
  body: viewSession(session),
}));

export const DELETE = endpoint({ auth: 'session', summary: 'Signs out.' }, ({ session, services, edge, request }) => {
  const setCookie = services.auth.logout(request.headers.get('cookie'));
  edge.closeEventStreams(session.session.id);
  return { headers: { 'Set-Cookie': setCookie }, location: '/login' };
});
