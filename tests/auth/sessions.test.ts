import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { sessions } from '#server/db/schema.ts';
import { ADMIN, asCookieHeader, PASSWORD, setup } from './support.ts';

const DAY_MS = 24 * 60 * 60_000;

async function signedIn(secureCookies = false) {
  const made = setup({ secureCookies });
  const login = await made.auth.createFirstAdmin(ADMIN);
  const cookie = asCookieHeader(login.setCookie);
  const row = () => made.db.select().from(sessions).where(eq(sessions.id, login.session.id)).get();
  return { ...made, login, cookie, row };
}

test('the cookie carries 32 random bytes, the row only their hash', async () => {
  const { login, cookie, row } = await signedIn();
  const token = cookie.slice('doce_session='.length);
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(login.setCookie).toBe(`doce_session=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000`);
  expect(JSON.stringify(row())).not.toContain(token);
  expect(row()!.tokenHash).toMatch(/^[0-9a-f]{64}$/);
});

test('on https the cookie is Secure and host-bound, and only that one counts', async () => {
  const { auth, login, cookie } = await signedIn(true);
  expect(login.setCookie).toMatch(/^__Host-doce_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=7776000$/);
  expect(auth.findSession(cookie)).not.toBeNull();
  expect(auth.findSession(cookie.replace('__Host-', ''))).toBeNull();
});

test.each(['', 'doce_session=', 'doce_session=short', `doce_session=${'A'.repeat(43)}`, 'other=1', 'doce_session'])(
  'the cookie header "%s" signs nobody in',
  async (header) => {
    const { auth } = await signedIn();
    expect(auth.findSession(header)).toBeNull();
    expect(auth.findSession(undefined)).toBeNull();
  },
);

test('a planted cookie of the same name does not sign the admin out', async () => {
  const { auth, cookie } = await signedIn();
  expect(auth.findSession(`doce_session=${'A'.repeat(43)}; ${cookie}`)).not.toBeNull();
});

test('an unused session ends after 30 days, for good', async () => {
  const { auth, clock, cookie, row } = await signedIn();
  clock.advance(30 * DAY_MS - 1000);
  expect(row()).toBeDefined();
  clock.advance(1000);
  expect(auth.findSession(cookie)).toBeNull();
  expect(row()).toBeUndefined();
});

test('a used session slides, with at most one write a day', async () => {
  const { auth, clock, cookie, row } = await signedIn();
  const first = row()!.expiresAt.getTime();
  clock.advance(DAY_MS - 1000);
  auth.findSession(cookie);
  expect(row()!.expiresAt.getTime()).toBe(first);
  clock.advance(1000);
  expect(auth.findSession(cookie)!.session.expiresAt.getTime()).toBe(first + DAY_MS);
  expect(row()!.expiresAt.getTime()).toBe(first + DAY_MS);
});

test('no amount of use keeps a session beyond 90 days', async () => {
  const { auth, clock, cookie, login } = await signedIn();
  for (let day = 1; day < 90; day += 1) {
    clock.advance(DAY_MS);
    expect(auth.findSession(cookie), `day ${day}`).not.toBeNull();
  }
  expect(auth.findSession(cookie)!.session.expiresAt.getTime()).toBe(login.session.createdAt.getTime() + 90 * DAY_MS);
  clock.advance(DAY_MS);
  expect(auth.findSession(cookie)).toBeNull();
});

test('a clock set back before the login opens nothing, and heals when it is right again', async () => {
  const { auth, clock, cookie } = await signedIn();
  clock.advance(-DAY_MS);
  expect(auth.findSession(cookie)).toBeNull();
  clock.advance(DAY_MS);
  expect(auth.findSession(cookie)).not.toBeNull();
});

test('a clock set back gives no session more than its 30 days', async () => {
  const { auth, clock, cookie } = await signedIn();
  clock.advance(25 * DAY_MS);
  auth.findSession(cookie);
  clock.advance(-20 * DAY_MS);
  expect(auth.findSession(cookie)).toBeNull();
});

test('a session once seen expired stays so when the clock is set back', async () => {
  const { auth, clock, cookie } = await signedIn();
  clock.advance(40 * DAY_MS);
  expect(auth.findSession(cookie)).toBeNull();
  clock.advance(-20 * DAY_MS);
  expect(auth.findSession(cookie)).toBeNull();
});

test('logout ends this session only, and clears the cookie', async () => {
  const { auth, cookie } = await signedIn();
  const other = asCookieHeader((await auth.login({ username: 'ana', password: PASSWORD, address: '192.0.2.1' })).setCookie);
  expect(auth.logout(cookie)).toBe('doce_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0');
  expect(auth.findSession(cookie)).toBeNull();
  expect(auth.findSession(other)).not.toBeNull();
});

test('everywhere else ends the others and keeps this one', async () => {
  const { auth, cookie, login } = await signedIn();
  const other = asCookieHeader((await auth.login({ username: 'ana', password: PASSWORD, address: '192.0.2.1' })).setCookie);
  expect(auth.logoutEverywhereElse(login.session)).toBe(1);
  expect(auth.findSession(other)).toBeNull();
  expect(auth.findSession(cookie)).not.toBeNull();
});

test('a disk that refuses the extension does not sign anyone out', async () => {
  const { auth, clock, cookie, sqlite } = await signedIn();
  clock.advance(2 * DAY_MS);
  sqlite.pragma('query_only = 1');
  expect(auth.findSession(cookie)).not.toBeNull();
});
