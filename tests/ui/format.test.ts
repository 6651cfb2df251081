import { expect, test } from 'vitest';
import { counted, duration, elapsed, exactTime, money, relativeTime, size } from '../../src/components/format.ts';

const NOW_MS = Date.UTC(2026, 5, 15, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

test.each([
  [0, 'just now'],
  [-5 * MINUTE_MS, 'just now'],
  [44_000, 'just now'],
  [46_000, '1 min ago'],
  [59 * MINUTE_MS + 59_000, '59 min ago'],
  [HOUR_MS, '1 h ago'],
  [23.9 * HOUR_MS, '23 h ago'],
  [DAY_MS, 'yesterday'],
  [3 * DAY_MS, '3 days ago'],
  [8 * DAY_MS, '7 Jun'],
  [400 * DAY_MS, '11 May 2025'],
])('%i ms ago reads "%s"', (agoMs, words) => {
  expect(relativeTime(NOW_MS - agoMs, NOW_MS)).toBe(words);
});

test('the exact time names its zone', () => {
  expect(exactTime(NOW_MS, 'UTC')).toBe('15 June 2026 at 12:00 UTC');
});

test.each([
  [-20, '0.0 s'],
  [812, '0.8 s'],
  [9_949, '9.9 s'],
  [9_960, '10 s'],
  [59_400, '59 s'],
  [59_700, '1 min'],
  [72_000, '1 min 12 s'],
  [HOUR_MS + 3 * MINUTE_MS, '1 h 3 min'],
])('%i ms takes "%s"', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test('a running count shows whole seconds and never a negative one', () => {
  expect([-500, 0, 999, 1_000, 61_500].map(elapsed)).toEqual(['0 s', '0 s', '0 s', '1 s', '1 min 1 s']);
});

test('money shows small sums without pretending they are nothing', () => {
  expect([0, 1, 999, 12_400, 999_999, 1_200_000, 1_234_567_800].map(money)).toEqual([
    '$0',
    '<$0.001',
    '<$0.001',
    '$0.012',
    '$1.00',
    '$1.20',
    '$1,234.57',
  ]);
});

test('counts group their digits and know one from many', () => {
  expect([counted(1, 'file'), counted(0, 'file'), counted(1204, 'file'), counted(2, 'entry', 'entries')]).toEqual([
    '1 file',
    '0 files',
    '1,204 files',
    '2 entries',
  ]);
});

test('sizes carry their unit', () => {
  expect([0, 812, 999, 1_000, 4_240, 999_900, 13_000_000].map(size)).toEqual([
    '0 B',
    '812 B',
    '999 B',
    '1.0 KB',
    '4.2 KB',
    '1.0 MB',
    '13 MB',
  ]);
});
