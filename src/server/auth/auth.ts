import { eq } from 'drizzle-orm';
import type { Clock } from '#server/clock.ts';
import type { Db } from '#server/db/open.ts';
import { users } from '#server/db/schema.ts';
import type { Session, User } from '#server/db/schema.ts';
import { AppError } from '#server/errors.ts';
import type { Log } from '#server/log.ts';
import { hasUser, insertFirstAdmin } from './first-admin.ts';
import { createPasswords } from './passwords.ts';
import { createSessionCookie } from './session-cookie.ts';
import * as sessions from './sessions.ts';
import type { SignedIn } from './sessions.ts';
import { createSetupToken, SETUP_TOKEN_MS } from './setup-token.ts';
import { createThrottle } from './throttle.ts';

const SWEEP_EVERY_MS = 60 * 60_000;

export interface AuthOptions {
  db: Db;
  clock: Clock;
  log: Log;
  /** Whether browsers reach doce over https. */
  secureCookies: boolean;
  /** `DOCE_SETUP_TOKEN`, good for the first 30 minutes. */
  setupToken?: string | undefined;
  /** Told each setup token that replaces one which ran out, so that the host can print it. */
  onSetupToken?: (token: string) => void;
}

/** Someone who just signed in, with the `Set-Cookie` value for their answer. */
export interface NewLogin extends SignedIn {
  setCookie: string;
}

export interface Auth {
  /** True while no user exists. A database that does not answer throws; it never means "set up". */
  needsSetup(): boolean;
  /** The token that opens setup at this moment; undefined once a user exists. */
  setupToken(): string | undefined;
  /**
   * Creates the only admin and signs them in.
   *
   * @throws AppError `not_found` once a user exists (whatever the token), `setup_token_invalid`, `throttled`.
   */
  createFirstAdmin(input: { token: string; username: string; password: string; address: string }): Promise<NewLogin>;
  /**
   * Checks the password and opens a new session; the one named by `cookieHeader` ends.
   *
   * @throws AppError `wrong_credentials` (the same, after the same work, for an unknown user), `throttled`.
   */
  login(input: { username: string; password: string; address: string; cookieHeader?: string | null }): Promise<NewLogin>;
  /** Who a request's `Cookie` header signs in. Extends the session at most once a day. */
  findSession(cookieHeader: string | null | undefined): SignedIn | null;
  /** Ends the request's session, if any, and returns the `Set-Cookie` value that removes the cookie. */
  logout(cookieHeader: string | null | undefined): string;
  /** Ends all sessions of the user but this one; returns how many. */
  logoutEverywhereElse(session: Session): number;
  stop(): void;
}

/** People: the first admin, passwords, sessions. Holds timers (sweep, setup token) until `stop`. */
export function createAuth(options: AuthOptions): Auth {
  const { db, clock, log } = options;
  const passwords = createPasswords();
  const throttle = createThrottle({ clock });
  const cookie = createSessionCookie(options.secureCookies);
  const setup = createSetupToken({
    clock,
    first: options.setupToken,
    onRenewed: (token) => options.onSetupToken?.(token),
  });
  const stopTimers = startTimers();

  /** Housekeeping beside a read: a full or busy disk must not sign anyone out. */
  function tidy(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      log.warn({ error }, `${what} failed; it is tried again later`);
    }
  }

  function startTimers(): () => void {
    const sweep = setInterval(() => tidy('sweeping sessions', () => sessions.sweepSessions(db, clock.now())), SWEEP_EVERY_MS);
    const renewal = setInterval(
      () =>
        tidy('renewing the setup token', () => {
          if (hasUser(db)) clearInterval(renewal);
          else setup.current();
        }),
      SETUP_TOKEN_MS + 1_000,
    );
    sweep.unref();
    renewal.unref();
    return () => [sweep, renewal].forEach((timer) => clearInterval(timer));
  }

  const asLogin = (user: User, opened: { token: string; session: Session }): NewLogin => ({
    user,
    session: opened.session,
    setCookie: cookie.write(opened.token, sessions.ABSOLUTE_MS / 1000),
  });

  async function createFirstAdmin(input: { token: string; username: string; password: string; address: string }): Promise<NewLogin> {
    if (hasUser(db)) throw new AppError('not_found');
    throttle.check(input.address);
    if (!setup.matches(input.token)) {
      throttle.recordFailure(input.address);
      throw new AppError('setup_token_invalid');
    }
    const passwordHash = await passwords.hash(input.password, () => !hasUser(db));
    if (passwordHash === undefined) throw new AppError('not_found');
    return db.transaction(
      (tx) => {
        const user = insertFirstAdmin(tx, { username: input.username, passwordHash, nowMs: clock.now() });
        if (!user) throw new AppError('not_found');
        return asLogin(user, sessions.openSession(tx, user.id, clock.now()));
      },
      { behavior: 'immediate' },
    );
  }

  async function login(input: { username: string; password: string; address: string; cookieHeader?: string | null }): Promise<NewLogin> {
    const user = db.select().from(users).where(eq(users.username, input.username)).get();
    throttle.admitVerification(input.address);
    const matches = await passwords.verify(user?.passwordHash, input.password);
    if (!user || !matches) throw new AppError('wrong_credentials');
    const opened = db.transaction(
      (tx) => {
        // The password may have been changed, and all sessions ended, while this one was checked.
        const unchanged = tx.select().from(users).where(eq(users.id, user.id)).get()?.passwordHash === user.passwordHash;
        if (!unchanged) throw new AppError('wrong_credentials');
        for (const previous of presented(input.cookieHeader)) sessions.endSession(tx, previous.session.id);
        return sessions.openSession(tx, user.id, clock.now());
      },
      { behavior: 'immediate' },
    );
    throttle.forgive(input.address);
    return asLogin(user, opened);
  }

  function presented(cookieHeader: string | null | undefined): SignedIn[] {
    return cookie
      .read(cookieHeader)
      .map((token) => sessions.findByToken(db, token))
      .filter((found) => found !== undefined);
  }

  function findSession(cookieHeader: string | null | undefined): SignedIn | null {
    const nowMs = clock.now();
    for (const found of presented(cookieHeader)) {
      const state = sessions.stateOf(found.session, nowMs);
      // Deleted when seen, so that a clock set back cannot revive it.
      if (state === 'expired') tidy('ending an expired session', () => sessions.endSession(db, found.session.id));
      if (state === 'valid') return extended(found, nowMs);
    }
    return null;
  }

  function extended(found: SignedIn, nowMs: number): SignedIn {
    const expiresAt = sessions.extensionOf(found.session, nowMs);
    if (!expiresAt) return found;
    tidy('extending a session', () => sessions.extendSession(db, found.session.id, expiresAt));
    return { user: found.user, session: { ...found.session, expiresAt } };
  }

  return {
    needsSetup: () => !hasUser(db),
    setupToken: () => (hasUser(db) ? undefined : setup.current()),
    createFirstAdmin,
    login,
    findSession,
    logout(cookieHeader) {
      for (const found of presented(cookieHeader)) sessions.endSession(db, found.session.id);
      return cookie.clear();
    },
    logoutEverywhereElse: (session) => sessions.endOtherSessions(db, session),
    stop: stopTimers,
  };
}
