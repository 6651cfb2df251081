import { expect, test } from 'vitest';
import { users } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import { ADMIN, asCookieHeader, setup, SETUP_TOKEN } from './support.ts';

const MINUTE_MS = 60_000;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'ok',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

test('the right token makes the admin and signs them in', async () => {
  const { auth } = setup();
  expect(auth.needsSetup()).toBe(true);
  const made = await auth.createFirstAdmin(ADMIN);
  expect(made.user.username).toBe('ana');
  expect(made.user.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(auth.needsSetup()).toBe(false);
  expect(auth.setupToken()).toBeUndefined();
  expect(auth.findSession(asCookieHeader(made.setCookie))?.user.id).toBe(made.user.id);
});

test('a hundred right tokens at once make exactly one admin', async () => {
  const { auth, db } = setup();
  const codes = await Promise.all(
    Array.from({ length: 100 }, (_, index) => codeOf(auth.createFirstAdmin({ ...ADMIN, username: `u${index}` }))),
  );
  expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
  expect(codes.filter((code) => code === 'not_found')).toHaveLength(99);
  expect(db.select().from(users).all()).toHaveLength(1);
});

test('after setup the right token finds nothing', async () => {
  const { auth } = setup();
  await auth.createFirstAdmin(ADMIN);
  expect(await codeOf(auth.createFirstAdmin({ ...ADMIN, username: 'eve' }))).toBe('not_found');
  expect(await codeOf(auth.createFirstAdmin({ ...ADMIN, token: 'wrong' }))).toBe('not_found');
});

test('wrong tokens are refused, then throttled', async () => {
  const { auth } = setup();
  for (let attempt = 0; attempt < 5; attempt += 1) {
    expect(await codeOf(auth.createFirstAdmin({ ...ADMIN, token: 'wrong' }))).toBe('setup_token_invalid');
  }
  expect(await codeOf(auth.createFirstAdmin({ ...ADMIN, token: 'wrong' }))).toBe('throttled');
  expect(await codeOf(auth.createFirstAdmin({ ...ADMIN, address: '192.0.2.2' }))).toBe('ok');
});

test('a random token has 128 bits, and another follows after 30 minutes', async () => {
  const printed: string[] = [];
  const { auth, clock } = setup({ setupToken: undefined, onSetupToken: (token) => printed.push(token) });
  const first = auth.setupToken()!;
  expect(Buffer.from(first, 'base64url')).toHaveLength(16);
  clock.advance(30 * MINUTE_MS - 1);
  expect(auth.setupToken()).toBe(first);
  clock.advance(1);
  expect(await codeOf(auth.createFirstAdmin({ ...ADMIN, token: first }))).toBe('setup_token_invalid');
  expect(printed).toEqual([auth.setupToken()]);
  expect(printed[0]).not.toBe(first);
  expect(await codeOf(auth.createFirstAdmin({ ...ADMIN, token: printed[0]! }))).toBe('ok');
});

test('the token from the environment runs out too', async () => {
  const { auth, clock } = setup();
  clock.advance(30 * MINUTE_MS);
  expect(auth.setupToken()).not.toBe(SETUP_TOKEN);
  expect(await codeOf(auth.createFirstAdmin(ADMIN))).toBe('setup_token_invalid');
});

test('a clock set back renews the token rather than prolonging it', () => {
  const { auth, clock } = setup();
  clock.advance(-MINUTE_MS);
  expect(auth.setupToken()).not.toBe(SETUP_TOKEN);
});

test('a database that does not answer is an error, not "needs setup"', async () => {
  const { auth, sqlite } = setup();
  sqlite.close();
  expect(() => auth.needsSetup()).toThrow();
  expect(await codeOf(auth.createFirstAdmin(ADMIN))).not.toBe('ok');
});
