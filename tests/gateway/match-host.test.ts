import { expect, test } from 'vitest';
import { matchHost } from '#server/gateway/match-host.ts';

test.each([
  ['bakery.preview.localhost:4321', { kind: 'preview', slug: 'bakery' }],
  ['BAKERY.Preview.LOCALHOST', { kind: 'preview', slug: 'bakery' }],
  ['bakery.preview.localhost.', { kind: 'preview', slug: 'bakery' }],
  ['0123456789ab--bakery.preview.localhost', { kind: 'version', slug: 'bakery', shortHash: '0123456789ab' }],
  ['live--bakery.preview.localhost', { kind: 'version', slug: 'bakery', shortHash: 'live' }],
  ['0123456789ab--bakery.localhost', { kind: 'production', slug: '0123456789ab--bakery' }],
  ['0123--bakery.preview.localhost', { kind: 'preview', slug: '0123--bakery' }],
  ['bakery.localhost', { kind: 'production', slug: 'bakery' }],
  ['localhost:4321', undefined],
  ['preview.localhost', undefined],
  ['a.b.localhost', undefined],
  ['a.b.preview.localhost', undefined],
  ['bakery.preview.localhost.evil.com', undefined],
  ['evillocalhost', undefined],
  ['under_score.localhost', undefined],
  [`${'a'.repeat(49)}.localhost`, undefined],
  ['bakery.preview.localhost:4321:80', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads %s', (host, expected) => {
  expect(matchHost(host, 'localhost')).toEqual(expected);
});

test('a domain of its own works the same way', () => {
  expect(matchHost('bakery.preview.sites.example.com', 'sites.example.com')).toEqual({ kind: 'preview', slug: 'bakery' });
  expect(matchHost('bakery.preview.example.com', 'sites.example.com')).toBeUndefined();
});
