import { Writable } from 'node:stream';
import type pino from 'pino';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { createLog } from '#server/log.ts';
import { endpoint } from '../../src/pages/api/_endpoint.ts';
import { ADMIN, SETUP_TOKEN, startApp } from './app-server.ts';
import type { AppOverrides } from './app-server.ts';

const Note = z.object({ prompt: z.string().min(1, 'Write something.'), tag: z.union([z.string(), z.array(z.string())]).optional() });
const failure = (code: string) => Object.assign(new Error(`detail ${code}`), { code });

const notes = {
  POST: endpoint({ auth: 'session', summary: 'Adds a note.', input: Note, status: 201 }, ({ input, session }) => ({
    body: { input, username: session.user.username },
    location: '/projects/new-one',
  })),
  PUT: endpoint(
    { auth: 'session', summary: 'Needs a query.', query: z.object({ limit: z.coerce.number().int().max(5) }) },
    ({ query }) => ({ body: query }),
  ),
  PATCH: endpoint({ auth: 'session', summary: 'Returns a response.' }, () => new Response('as is', { status: 202 })),
};
const broken = endpoint(
  { auth: 'session', summary: 'Breaks as told.', input: z.object({ how: z.string(), prompt: z.string().optional() }) },
  ({ input }) => {
    if (input.how === 'conflict') throw new AppError('project_busy');
    throw new Error('wrapped', { cause: failure(input.how) });
  },
);

async function signedIn(overrides: AppOverrides = {}) {
  const app = await startApp({ routes: { '/api/notes': notes, '/api/broken': { POST: broken } }, ...overrides });
  await app.auth.createFirstAdmin({ ...ADMIN, token: SETUP_TOKEN, address: '192.0.2.1' });
  await app.call('POST', '/api/session', ADMIN);
  return app;
}

test('JSON in, JSON out', async () => {
  const { call } = await signedIn();
  const answer = await call('POST', '/api/notes', { prompt: 'a roastery' });
  expect(answer.status).toBe(201);
  expect(JSON.parse(answer.text)).toEqual({ input: { prompt: 'a roastery' }, username: 'ana' });
  expect(answer.headers['cache-control']).toBe('no-store');
  const asIs = await call('PATCH', '/api/notes');
  expect([asIs.status, asIs.text]).toEqual([202, 'as is']);
});

test('a form from a script is answered with JSON, a repeated field is a list', async () => {
  const { call } = await signedIn();
  const answer = await call('POST', '/api/notes', 'prompt=hi&tag=a&tag=b', { 'content-type': 'application/x-www-form-urlencoded' });
  expect(JSON.parse(answer.text).input).toEqual({ prompt: 'hi', tag: ['a', 'b'] });
});

test('a dotted field of a form is a field within a field, also when it comes back', async () => {
  const flashes: unknown[] = [];
  const seen = endpoint({ auth: 'session', summary: 'Shows.', input: z.looseObject({}) }, ({ input }) => ({ body: input }));
  const page = { GET: ({ locals }: { locals: App.Locals }) => (flashes.push(locals.edge.flash.take('/')), new Response('page')) };
  const { call, submit, visit } = await signedIn({ routes: { '/api/seen': { POST: seen }, '/api/broken': { POST: broken }, '/': page } });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await call('POST', '/api/seen', 'llm.baseUrl=a&llm.apiKey=b&x=1&__proto__.admin=1', form);
  expect(JSON.parse(answer.text)).toEqual({ llm: { baseUrl: 'a', apiKey: 'b' }, x: '1' });
  await submit('/api/broken', { how: 'conflict', 'llm.baseUrl': 'a', 'llm.apiKey': 'sk' });
  await visit('/');
  expect(flashes).toMatchObject([{ values: { how: 'conflict', 'llm.baseUrl': 'a' } }]);
  expect(JSON.stringify(flashes)).not.toContain('sk');
});

test.each([
  ['text/plain', '{"prompt":"x"}', 415, 'unsupported_type'],
  ['application/jsonp', '{"prompt":"x"}', 415, 'unsupported_type'],
  ['application/json', '{"prompt":', 400, 'bad_request'],
  ['application/json', '', 400, 'bad_request'],
  ['application/json', '"x"', 422, 'invalid_input'],
  ['application/json', '{"prompt":""}', 422, 'invalid_input'],
  ['multipart/form-data', 'no boundary', 400, 'bad_request'],
])('a %s body of %j is %i %s', async (type, body, status, code) => {
  const { call } = await signedIn();
  const answer = await call('POST', '/api/notes', body, { 'content-type': type });
  expect([answer.status, answer.json().error.code]).toEqual([status, code]);
});

test('a field that is wrong is named', async () => {
  const { call } = await signedIn();
  expect((await call('POST', '/api/notes', { prompt: '' })).json().error.issues).toEqual([{ path: 'prompt', message: 'Write something.' }]);
  expect((await call('PUT', '/api/notes?limit=6')).json().error.issues).toMatchObject([{ path: 'limit' }]);
  expect((await call('PUT', '/api/notes?limit=5&_from=/x')).text).toBe('{"limit":5}');
});

test.each([
  ['conflict', 409, 'project_busy'],
  ['SQLITE_FULL', 507, 'storage_full'],
  ['ENOSPC', 507, 'storage_full'],
  ['SQLITE_BUSY', 503, 'database_unavailable'],
  ['SQLITE_BUSY_SNAPSHOT', 503, 'database_unavailable'],
  ['SQLITE_IOERR_WRITE', 503, 'database_unavailable'],
  ['SQLITE_CONSTRAINT_UNIQUE', 500, 'internal_error'],
  ['whatever', 500, 'internal_error'],
])('%s becomes %i %s', async (how, status, code) => {
  const { call } = await signedIn();
  const answer = await call('POST', '/api/broken', { how });
  expect([answer.status, answer.json().error.code]).toEqual([status, code]);
  expect(answer.json().error.requestId).toBe(answer.headers['x-request-id']);
  expect(answer.text).not.toContain('detail');
});

test('what nobody foresaw is logged with its cause and the request id; what we foresaw is not', async () => {
  const lines: string[] = [];
  const log = createLog(
    'warn',
    new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) }) as pino.DestinationStream,
  );
  const { call } = await signedIn({ log });
  await call('POST', '/api/broken', { how: 'conflict' });
  expect(lines).toEqual([]);
  const answer = await call('POST', '/api/broken', { how: 'whatever' });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    requestId: answer.json().error.requestId,
    error: { message: 'wrapped', cause: { message: 'detail whatever' } },
  });
});

test('a method the route does not have is 405, an unknown address 404', async () => {
  const { call } = await signedIn();
  expect((await call('DELETE', '/api/notes')).status).toBe(405);
  expect((await call('GET', '/api/nothing')).status).toBe(404);
});

test('a form without JavaScript goes on to the next page', async () => {
  const { submit } = await signedIn();
  const answer = await submit('/api/notes', { prompt: 'a roastery' });
  expect([answer.status, answer.headers.location, answer.text]).toEqual([303, '/projects/new-one', '']);
});

test('a form that fails goes back, with the message and what was typed, once', async () => {
  const flashes: unknown[] = [];
  const page = {
    GET: ({ locals, url }: { locals: App.Locals; url: URL }) => (flashes.push(locals.edge.flash.take(url.pathname)), new Response('page')),
  };
  const { submit, visit } = await signedIn({ routes: { '/api/broken': { POST: broken }, '/projects/[slug]': page } });
  const answer = await submit('/api/broken?_from=/projects/x?tab=1', {
    how: 'conflict',
    prompt: 'é'.repeat(20_000),
    password: 'do not keep',
  });
  expect([answer.status, answer.headers.location]).toEqual([303, '/projects/x?tab=1']);
  expect(answer.headers['set-cookie']![0]).toMatch(/^doce_flash=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1800$/);
  await visit('/projects/x?tab=1');
  await visit('/projects/x');
  expect(flashes).toEqual([
    {
      error: { code: 'project_busy', message: expect.any(String), issues: undefined },
      values: { how: 'conflict', prompt: 'é'.repeat(20_000) },
    },
    undefined,
  ]);
});

test.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/.//evil.example', '/api/session', 'javascript:alert(1)'])(
  'a form cannot be sent on to %s',
  async (from) => {
    const { submit } = await signedIn();
    expect((await submit(`/api/broken?_from=${encodeURIComponent(from)}`, { how: 'conflict' })).headers.location).toBe('/');
  },
);

test('the typed prompt survives an expired session: it waits behind the login', async () => {
  const seen: Record<string, unknown> = {};
  const page = {
    GET: ({ locals, url }: { locals: App.Locals; url: URL }) => (
      (seen[url.pathname] = locals.edge.flash.take(url.pathname)),
      new Response('page')
    ),
  };
  const { submit, visit, clock } = await signedIn({ routes: { '/api/notes': notes, '/': page, '/login': page } });
  clock.advance(31 * 24 * 60 * 60_000);
  const sentAway = await submit('/api/notes', { prompt: 'a landing page for a coffee roastery in Lisbon' });
  expect([sentAway.status, sentAway.headers.location]).toEqual([303, '/login']);
  await visit('/login');
  expect(seen['/login']).toMatchObject({ error: { code: 'unauthenticated' } });
  const wrong = await submit('/api/session', { username: 'ana', password: 'wrong', next: '/' });
  expect(wrong.headers.location).toBe('/login');
  await visit('/login');
  expect(seen['/login']).toMatchObject({ error: { code: 'wrong_credentials' }, values: { username: 'ana' } });
  const back = await submit('/api/session', { ...ADMIN, next: '/' });
  expect([back.status, back.headers.location]).toEqual([303, '/']);
  await visit('/');
  expect(seen['/']).toEqual({ values: { prompt: 'a landing page for a coffee roastery in Lisbon' } });
});

test('a form logs out by saying so in its address', async () => {
  const { submit, visit } = await signedIn();
  const answer = await submit('/api/session?_method=DELETE', {});
  expect([answer.status, answer.headers.location]).toEqual([303, '/login']);
  expect((await visit('/')).headers.location).toBe('/login');
});

test('a wrong setup form keeps its token in the address; after setup it finds a 404 page', async () => {
  const { submit, auth } = await startApp();
  const wrong = await submit('/api/setup', { token: 'nope', username: 'ana', password: ADMIN.password });
  expect([wrong.status, wrong.headers.location]).toEqual([303, '/setup?token=nope']);
  await auth.createFirstAdmin({ ...ADMIN, token: SETUP_TOKEN, address: '192.0.2.1' });
  const late = await submit('/api/setup', { token: SETUP_TOKEN, ...ADMIN });
  expect([late.status, late.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
});
