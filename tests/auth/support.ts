import { onTestFinished } from 'vitest';
import { createAuth } from '#server/auth/auth.ts';
import type { AuthOptions } from '#server/auth/auth.ts';
import { createLog } from '#server/log.ts';
import { makeClock } from '../support/clock.ts';
import { makeDatabase } from '../support/database.ts';

export const SETUP_TOKEN = 'a-setup-token-for-tests';
export const PASSWORD = 'correct horse battery';
export const ADMIN = { token: SETUP_TOKEN, username: 'ana', password: PASSWORD, address: '192.0.2.1' };

/** A fresh database with auth on it and a clock that stands still. */
export function setup(overrides: Partial<AuthOptions> = {}) {
  const { db, sqlite } = makeDatabase();
  const clock = makeClock();
  const auth = createAuth({ db, clock, log: createLog('silent'), secureCookies: false, setupToken: SETUP_TOKEN, ...overrides });
  onTestFinished(() => {
    auth.stop();
    if (sqlite.open) sqlite.close();
  });
  return { auth, db, sqlite, clock };
}

/** The `Cookie` header a browser sends after an answer with this `Set-Cookie`. */
export const asCookieHeader = (setCookie: string) => setCookie.split(';')[0]!;
