import { expect, test } from 'vitest';
import { z } from 'zod';
import { createFlashes } from '#server/http/flash.ts';
import { openApiDocument } from '#server/http/openapi.ts';
import { safePath } from '#server/http/safe-path.ts';
import { securityHeaders } from '#server/http/security-headers.ts';
import { makeClock } from '../support/clock.ts';

test.each([
  ['/', '/'],
  ['/projects/x?tab=code', '/projects/x?tab=code'],
  ['/projects/../settings', '/settings'],
  ['/apiary', '/apiary'],
])('%s is a path of ours', (value, path) => {
  expect(safePath(value)).toBe(path);
});

test.each([
  undefined,
  7,
  '',
  'projects',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  '/a\r\nSet-Cookie: x=1',
  '/\t/evil.example',
  '/api',
  '/api/session',
  '/x/../api/session',
  `/${'a'.repeat(2048)}`,
])('%j is not', (value) => {
  expect(safePath(value)).toBeUndefined();
});

const cookieOf = (setCookie: string) => setCookie.split(';')[0]!;

test('what was left is found once, by the browser it was left for, within half an hour', () => {
  const clock = makeClock();
  const flashes = createFlashes({ clock, secure: false });
  const mine = cookieOf(flashes.of(undefined).leave({ '/a': { values: { prompt: 'one' } }, '/b': { values: { prompt: 'two' } } }));
  expect(flashes.of('doce_flash=AAAAAAAAAAAAAAAAAAAAAA').take('/a')).toBeUndefined();
  expect(flashes.of(`x=1; ${mine}`).take('/a')).toEqual({ values: { prompt: 'one' } });
  expect(flashes.of(mine).take('/a')).toBeUndefined();
  clock.advance(30 * 60_000 + 1);
  expect(flashes.of(mine).take('/b')).toBeUndefined();
});

test('a name the browser chose itself is not taken over', () => {
  const flashes = createFlashes({ clock: makeClock(), secure: false });
  const planted = 'doce_flash=AAAAAAAAAAAAAAAAAAAAAA';
  expect(cookieOf(flashes.of(planted).leave({ '/a': { values: {} } }))).not.toBe(planted);
});

test('secrets are not kept, and what is kept is bounded', () => {
  const flashes = createFlashes({ clock: makeClock(), secure: true });
  const values = { password: 'p', setup_token: 't', openrouterApiKey: 'k', prompt: 'x'.repeat(40_000) };
  const left = flashes.of(undefined).leave({ '/a': { values } });
  expect(left).toMatch(/^__Host-doce_flash=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=1800$/);
  const kept = flashes.of(cookieOf(left)).take('/a')!.values;
  expect(Object.keys(kept)).toEqual(['prompt']);
  expect(kept['prompt']).toHaveLength(32 * 1024);
  const first = cookieOf(flashes.of(undefined).leave({ '/a': { values: {} } }));
  for (let index = 0; index < 64; index += 1) flashes.of(undefined).leave({ '/a': { values: {} } });
  expect(flashes.of(first).take('/a')).toBeUndefined();
});

test('under Vite inline scripts and its WebSocket are let through, and nothing else', () => {
  const policy = (dev: boolean) =>
    new Map(securityHeaders({ publicUrl: undefined, sitesDomain: 'localhost' }, 'http://localhost:4321', dev)).get(
      'Content-Security-Policy',
    );
  expect(policy(true)).toContain("script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';");
  expect(policy(true)).toContain("connect-src 'self' ws: wss:;");
  expect(policy(false)).not.toContain('unsafe');
});

test('the description is made from the schemas', () => {
  const definition = {
    auth: 'session' as const,
    summary: 'Renames.',
    params: z.object({ id: z.string() }),
    query: z.object({ limit: z.coerce.number().int().max(5).optional() }),
    input: z.object({ name: z.string().max(60).trim(), file: z.custom<File>().optional() }),
    response: z.object({ project: z.object({ id: z.string() }) }),
  };
  const document = openApiDocument([{ routePattern: '/api/projects/[id]/files/[...path]', method: 'PATCH', definition }], '0.1.0');
  expect(document).toMatchObject({
    openapi: '3.1.0',
    paths: {
      '/api/projects/{id}/files/{path}': {
        patch: {
          security: [{ session: [] }],
          parameters: [
            { name: 'id', in: 'path', required: true },
            { name: 'limit', in: 'query', required: false, schema: { maximum: 5 } },
          ],
          requestBody: { content: { 'application/json': { schema: { properties: { name: { type: 'string', maxLength: 60 } } } } } },
          responses: { 200: { content: { 'application/json': { schema: { required: ['project'] } } } }, default: {} },
        },
      },
    },
  });
});
