import { expect, test } from 'vitest';
import { NewPassword, OfferedPassword, Username } from '#server/auth/credentials.ts';
import { networkOf } from '#server/auth/network-address.ts';
import { createPasswords } from '#server/auth/passwords.ts';
import { createThrottle } from '#server/auth/throttle.ts';
import { sweepSessions } from '#server/auth/sessions.ts';
import { sessions } from '#server/db/schema.ts';
import { makeClock } from '../support/clock.ts';
import { ADMIN, setup } from './support.ts';

test('a chosen password has 12 characters to 1024 bytes', () => {
  expect(NewPassword.safeParse('short pass.').success).toBe(false);
  expect(NewPassword.safeParse('twelve chars').success).toBe(true);
  expect(NewPassword.safeParse('ü'.repeat(512)).success).toBe(true);
  expect(NewPassword.safeParse('ü'.repeat(513)).success).toBe(false);
  expect(OfferedPassword.safeParse('x').success).toBe(true);
  expect(OfferedPassword.safeParse('x'.repeat(1025)).success).toBe(false);
});

test('a username is trimmed and has no control characters', () => {
  expect(Username.parse('  ana ')).toBe('ana');
  expect(Username.safeParse('   ').success).toBe(false);
  expect(Username.safeParse('a\u0000b').success).toBe(false);
  expect(Username.safeParse('a\u202eb').success).toBe(false);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('the throttle remembers a bounded number of addresses', () => {
  const throttle = createThrottle({ clock: makeClock() });
  for (let index = 0; index < 10_500; index += 1) throttle.recordFailure(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
  expect(throttle.size()).toBe(10_000);
});

test('an hour of quiet forgives an address', () => {
  const clock = makeClock();
  const throttle = createThrottle({ clock });
  for (let index = 0; index < 4; index += 1) throttle.recordFailure('192.0.2.1');
  clock.advance(60 * 60_000);
  throttle.recordFailure('192.0.2.1');
  expect(() => throttle.check('192.0.2.1')).not.toThrow();
});

test('a hash nobody waits for any more is not computed, and an unknown user matches nothing', async () => {
  const passwords = createPasswords();
  expect(await passwords.hash('correct horse battery', () => false)).toBeUndefined();
  expect(await passwords.verify(undefined, 'correct horse battery')).toBe(false);
});

test('the sweep removes what has expired and nothing else', async () => {
  const { auth, db, clock } = setup();
  const { session } = await auth.createFirstAdmin(ADMIN);
  expect(sweepSessions(db, clock.now())).toBe(0);
  expect(sweepSessions(db, session.expiresAt.getTime())).toBe(1);
  expect(db.select().from(sessions).all()).toEqual([]);
});
