import { expect, test } from 'vitest';
import { users } from '#server/db/schema.ts';
import { ADMIN, SETUP_TOKEN, startApp } from './app-server.ts';
import type { AppOverrides } from './app-server.ts';

const DAY_MS = 24 * 60 * 60_000;

async function startAppWithAdmin(overrides?: AppOverrides) {
  const app = await startApp(overrides);
  await app.auth.createFirstAdmin({ ...ADMIN, token: SETUP_TOKEN, address: '192.0.2.1' });
  return app;
}

test('setup, then login, who am I, logout', async () => {
  const { call, jar } = await startApp();
  const made = await call('POST', '/api/setup', { token: SETUP_TOKEN, ...ADMIN });
  expect(made.status).toBe(201);
  expect(JSON.parse(made.text).user.username).toBe('ana');
  jar.clear();
  const login = await call('POST', '/api/session', ADMIN);
  expect(login.status).toBe(201);
  expect(login.headers['set-cookie']![0]).toMatch(/^doce_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=7776000$/);
  expect(login.text).not.toMatch(/hash|argon2/i);
  expect(JSON.parse((await call('GET', '/api/session')).text).user.username).toBe('ana');
  const logout = await call('DELETE', '/api/session');
  expect([logout.status, logout.text]).toEqual([204, '']);
  expect((await call('GET', '/api/session')).status).toBe(401);
});

test('a hundred setups at once: one 201, the rest 404, and 404 for ever after', async () => {
  const { call, db } = await startApp();
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => call('POST', '/api/setup', { token: SETUP_TOKEN, ...ADMIN, username: `u${index}` })),
  );
  const statuses = answers.map((answer) => answer.status).sort();
  expect(statuses).toEqual([201, ...Array.from({ length: 99 }, () => 404)]);
  expect(db.select().from(users).all()).toHaveLength(1);
  expect((await call('POST', '/api/setup', { token: SETUP_TOKEN, ...ADMIN })).json().error.code).toBe('not_found');
  expect((await call('POST', '/api/setup', { nonsense: true })).status).toBe(404);
  expect((await call('POST', '/api/setup', 'not json')).status).toBe(404);
});

test('setup refuses a wrong token and a short password', async () => {
  const { call } = await startApp();
  expect((await call('POST', '/api/setup', { ...ADMIN, token: 'wrong' })).status).toBe(403);
  const short = await call('POST', '/api/setup', { token: SETUP_TOKEN, username: '', password: 'short' });
  expect(short.status).toBe(422);
  expect(short.json().error.issues).toEqual([
    { path: 'username', message: 'Enter a username.' },
    { path: 'password', message: 'Use at least 12 characters.' },
  ]);
});

test('a database that does not answer is 503 everywhere, never the setup page', async () => {
  const { call, visit, sqlite } = await startApp();
  sqlite.close();
  const home = await visit('/');
  expect([home.status, home.headers.location]).toEqual([503, undefined]);
  expect((await visit('/setup')).status).toBe(503);
  expect((await call('POST', '/api/setup', { token: SETUP_TOKEN, ...ADMIN })).status).toBe(503);
  expect((await call('POST', '/api/session', ADMIN)).json().error.code).toBe('database_unavailable');
  expect((await call('GET', '/api/health')).status).toBe(503);
});

test('a wrong password and an unknown user are told apart by nobody', async () => {
  const { call } = await startAppWithAdmin();
  const wrong = (await call('POST', '/api/session', { ...ADMIN, password: 'wrong horse battery' })).json().error;
  const unknown = (await call('POST', '/api/session', { ...ADMIN, username: 'nobody' })).json().error;
  expect({ ...wrong, requestId: '' }).toEqual({ ...unknown, requestId: '' });
  expect(wrong.code).toBe('wrong_credentials');
});

test('too many wrong passwords: 429 with Retry-After, and the right one waits too', async () => {
  const { call, clock } = await startAppWithAdmin();
  for (let index = 0; index < 5; index += 1) expect((await call('POST', '/api/session', { ...ADMIN, password: 'wrong' })).status).toBe(401);
  const refused = await call('POST', '/api/session', ADMIN);
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '30']);
  clock.advance(30_000);
  expect((await call('POST', '/api/session', ADMIN)).status).toBe(201);
});

test('a session ends: after 30 days unused, and when the clock jumps back before it', async () => {
  const { call, clock } = await startAppWithAdmin();
  await call('POST', '/api/session', ADMIN);
  clock.advance(-DAY_MS);
  expect((await call('GET', '/api/session')).status).toBe(401);
  clock.advance(DAY_MS);
  expect((await call('GET', '/api/session')).status).toBe(200);
  clock.advance(30 * DAY_MS);
  expect((await call('GET', '/api/session')).status).toBe(401);
});

test('behind https the cookie is host-bound and Secure', async () => {
  const { ask } = await startAppWithAdmin({ config: { publicUrl: 'https://doce.example' } });
  const login = await ask('/api/session', {
    method: 'POST',
    host: 'doce.example',
    headers: { origin: 'https://doce.example', 'content-type': 'application/json' },
    body: JSON.stringify(ADMIN),
  });
  expect(login.headers['set-cookie']![0]).toMatch(/^__Host-doce_session=.*; Secure; /);
});

test('health says ok and the version, and nothing else', async () => {
  const { call } = await startApp();
  const { status, text } = await call('GET', '/api/health');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({ status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
});
