import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isPublicRoute, listPublicRoutes } from '#server/http/public-routes.ts';
import { ADMIN, SETUP_TOKEN, startApp } from './app-server.ts';

const pagesFolder = fileURLToPath(new URL('../../src/pages', import.meta.url));
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'ALL'];

/** The routes Astro builds: every file whose path has no part that starts with an underscore. */
const files = readdirSync(pagesFolder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(astro|ts)$/.test(file) && !/(^|\/)_/.test(file))
  .sort();
const patternOf = (file: string) => `/${file.replace(/\.(astro|ts)$/, '').replace(/(^|\/)index$/, '')}`;
const modules = import.meta.glob<Record<string, { definition?: { auth: string } }>>('../../src/pages/**/*.ts');

test('nothing but the short list is public', () => {
  const open = files.flatMap((file) =>
    METHODS.filter((method) => isPublicRoute(method, patternOf(file))).map((method) => `${method} ${patternOf(file)}`),
  );
  expect(open.filter((route) => !route.startsWith('HEAD ')).sort()).toEqual(listPublicRoutes().sort());
  expect(listPublicRoutes().sort()).toEqual(
    [
      'GET /404',
      'GET /500',
      'GET /api/health',
      'GET /api/tls/ask',
      'GET /login',
      'GET /setup',
      'POST /api/session',
      'POST /api/setup',
    ].sort(),
  );
});

test.each(files.filter((file) => file.startsWith('api/')))('%s declares who may call each of its methods', async (file) => {
  const route = await modules[`../../src/pages/${file}`]!();
  const handlers = Object.entries(route).filter(([name]) => METHODS.includes(name));
  expect(handlers.length).toBeGreaterThan(0);
  for (const [method, handler] of handlers) {
    expect(handler.definition, `${method} is made by endpoint()`).toBeDefined();
    expect(handler.definition!.auth === 'public', `${method} ${patternOf(file)}`).toBe(isPublicRoute(method, patternOf(file)));
  }
});

test('no page is built ahead of time, where no session could guard it', () => {
  for (const file of files) expect(readFileSync(`${pagesFolder}/${file}`, 'utf8'), file).not.toMatch(/export const prerender = true/);
});

test('the pattern decides, so no spelling of an address opens a door', () => {
  for (const pattern of ['/api/health/x', '/api/HEALTH', '/api/%68ealth', '/api/session/..', '/loginx', '/projects/login', '']) {
    expect(isPublicRoute('GET', pattern), pattern).toBe(false);
  }
  expect(isPublicRoute('DELETE', '/api/session')).toBe(false);
  expect(isPublicRoute('GET', '/api/session')).toBe(false);
  expect(isPublicRoute('HEAD', '/api/health')).toBe(true);
});

test('before setup people are sent to set up, programs get 401', async () => {
  const { visit, call } = await startApp();
  expect((await visit('/projects/roastery')).headers.location).toBe('/setup');
  expect((await visit('/login')).headers.location).toBe('/setup');
  expect((await call('GET', '/api/session')).status).toBe(401);
});

test('without a session pages lead to the login and back, fragments and the API answer 401', async () => {
  const { visit, call, ask, auth } = await startApp();
  await auth.createFirstAdmin({ ...ADMIN, token: SETUP_TOKEN, address: '192.0.2.1' });
  const redirected = await visit('/projects/roastery?tab=code');
  expect([redirected.status, redirected.headers.location]).toEqual([303, '/login?next=%2Fprojects%2Froastery%3Ftab%3Dcode']);
  expect((await visit('/')).headers.location).toBe('/login');
  const fragment = await ask('/projects/roastery', { headers: { accept: 'text/html', 'sec-fetch-dest': 'empty' } });
  expect([fragment.status, fragment.json().error.code]).toEqual([401, 'unauthenticated']);
  expect((await call('DELETE', '/api/session')).status).toBe(401);
  expect((await visit('/api/session')).headers['content-type']).toBe('application/json');
  expect((await visit('/login')).text).toBe('page /login');
});
