import { expect, test } from 'vitest';
import { AppError } from '#server/errors.ts';
import { ADMIN, asCookieHeader, PASSWORD, setup } from './support.ts';

const MINUTE_MS = 60_000;

async function signedUp() {
  const made = setup();
  await made.auth.createFirstAdmin(ADMIN);
  const attempt = async (overrides: Partial<{ username: string; password: string; address: string; cookieHeader: string }> = {}) => {
    try {
      return await made.auth.login({ username: 'ana', password: PASSWORD, address: '192.0.2.1', ...overrides });
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
  };
  const codeOf = async (overrides?: Parameters<typeof attempt>[0]) => {
    const outcome = await attempt(overrides);
    return outcome instanceof AppError ? outcome.code : 'ok';
  };
  return { ...made, attempt, codeOf };
}

test('the right password signs in; a wrong one and an unknown user get the same answer', async () => {
  const { codeOf } = await signedUp();
  expect(await codeOf()).toBe('ok');
  expect(await codeOf({ password: 'wrong horse battery' })).toBe('wrong_credentials');
  expect(await codeOf({ username: 'nobody' })).toBe('wrong_credentials');
});

test('the same password typed on another keyboard is the same password', async () => {
  const { auth } = setup();
  await auth.createFirstAdmin({ ...ADMIN, password: 'caf\u00e9 caf\u00e9 caf\u00e9' });
  const login = auth.login({ username: 'ana', password: 'cafe\u0301 cafe\u0301 cafe\u0301', address: '192.0.2.1' });
  await expect(login).resolves.toHaveProperty('setCookie');
});

test('a login opens a new session and ends the one the browser had', async () => {
  const { auth, attempt } = await signedUp();
  const first = await attempt();
  if (first instanceof AppError) throw first;
  const oldCookie = asCookieHeader(first.setCookie);
  const second = await attempt({ cookieHeader: oldCookie });
  if (second instanceof AppError) throw second;
  expect(second.session.id).not.toBe(first.session.id);
  expect(auth.findSession(oldCookie)).toBeNull();
  expect(auth.findSession(asCookieHeader(second.setCookie))).not.toBeNull();
});

test('five failures, then pauses that double up to a quarter of an hour', async () => {
  const { attempt, codeOf, clock } = await signedUp();
  for (let index = 0; index < 5; index += 1) expect(await codeOf({ password: 'wrong' })).toBe('wrong_credentials');
  for (const seconds of [30, 60, 120, 240, 480, 900, 900]) {
    const refused = await attempt();
    expect(refused).toMatchObject({ code: 'throttled', retryAfterSeconds: seconds });
    clock.advance(seconds * 1000 - 1);
    expect(await codeOf()).toBe('throttled');
    clock.advance(1);
    expect(await codeOf({ password: 'wrong' })).toBe('wrong_credentials');
  }
});

test('one address does not slow another down, and success forgives', async () => {
  const { codeOf } = await signedUp();
  for (let index = 0; index < 5; index += 1) await codeOf({ password: 'wrong', address: '198.51.100.7' });
  expect(await codeOf({ address: '198.51.100.7' })).toBe('throttled');
  for (let index = 0; index < 4; index += 1) await codeOf({ password: 'wrong' });
  expect(await codeOf()).toBe('ok');
  for (let index = 0; index < 4; index += 1) expect(await codeOf({ password: 'wrong' })).toBe('wrong_credentials');
});

test('guesses sent at the same moment are counted before any has failed', async () => {
  const { codeOf } = await signedUp();
  const codes = await Promise.all(Array.from({ length: 15 }, () => codeOf({ password: 'wrong' })));
  expect(codes.filter((code) => code === 'wrong_credentials')).toHaveLength(5);
  expect(codes.filter((code) => code === 'throttled')).toHaveLength(10);
});

test('all addresses together get twenty verifications a minute', async () => {
  const { codeOf, attempt, clock } = await signedUp();
  for (let index = 0; index < 20; index += 1)
    expect(await codeOf({ password: 'wrong', address: `203.0.113.${index}` })).toBe('wrong_credentials');
  expect(await attempt({ address: '192.0.2.9' })).toMatchObject({ code: 'throttled', retryAfterSeconds: 60 });
  clock.advance(MINUTE_MS);
  expect(await codeOf({ address: '192.0.2.9' })).toBe('ok');
});

test('a clock set back neither ends a pause nor stretches it beyond a quarter of an hour', async () => {
  const { attempt, codeOf, clock } = await signedUp();
  for (let index = 0; index < 5; index += 1) await codeOf({ password: 'wrong' });
  clock.advance(-24 * 60 * MINUTE_MS);
  expect(await attempt()).toMatchObject({ code: 'throttled', retryAfterSeconds: 900 });
  clock.advance(15 * MINUTE_MS);
  expect(await codeOf()).toBe('ok');
});

test('a failing database is not a failed guess', async () => {
  const { auth, sqlite } = await signedUp();
  sqlite.close();
  await expect(auth.login({ username: 'ana', password: PASSWORD, address: '192.0.2.1' })).rejects.not.toBeInstanceOf(AppError);
});
