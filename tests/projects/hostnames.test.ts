import { expect, test } from 'vitest';
import { createHostnameChecks } from '#server/projects/hostname-check.ts';
import { normaliseHostname } from '#server/projects/hostnames.ts';
import { createSiteNames } from '#server/projects/site-names.ts';
import { makeDatabase } from '../support/database.ts';
import { openSites } from './site-world.ts';

test.each([
  ['www.example.com', 'www.example.com'],
  [' WWW.Example.COM. ', 'www.example.com'],
  ['https://www.example.com/menu?x#y', 'www.example.com'],
  ['bäckerei.example', 'xn--bckerei-5wa.example'],
  ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
  ['example.com/', 'example.com'],
  ['localhost', undefined],
  ['192.0.2.1', undefined],
  ['http://[::1]/', undefined],
  ['a..b', undefined],
  ['-a.example', undefined],
  ['*.example.com', undefined],
  ['a_b.example', undefined],
  ['a b.example', undefined],
  ['user@example.com', undefined],
  ['example.com:8080', undefined],
  ['', undefined],
  [`${'a'.repeat(64)}.example`, undefined],
  [`${'a.'.repeat(127)}example`, undefined],
])('reads "%s" as %s', (typed, expected) => {
  expect(normaliseHostname(typed)).toBe(expected);
});

test('a hostname shows the published site, and goes with its removal', async () => {
  const { create, publish, settings, ownerId, ask, projects } = await openSites();
  const { id } = create('Bakery');
  await publish(id);
  expect((await ask('www.bakery.example')).status).toBe(421);
  const added = settings.addHostname(ownerId, id, 'www.bakery.example');
  expect(added).toEqual({
    hostname: 'www.bakery.example',
    shown: 'www.bakery.example',
    isPrimary: false,
    url: 'http://www.bakery.example:4321',
  });
  expect((await ask('WWW.bakery.example:4321')).body).toContain('Bread');
  expect(projects.siteNames.isServed('www.bakery.example')).toBe(true);
  settings.removeHostname(ownerId, id, 'www.bakery.example');
  expect((await ask('www.bakery.example')).status).toBe(421);
  expect(projects.siteNames.isServed('www.bakery.example')).toBe(false);
});

test('before publication it says so, and afterwards follows a change of address', async () => {
  const { create, publish, settings, ownerId, ask } = await openSites();
  const { id } = create('Bakery');
  settings.addHostname(ownerId, id, 'bakery.example');
  expect((await ask('bakery.example')).status).toBe(404);
  await publish(id);
  settings.update(ownerId, id, { slug: 'bread' });
  expect((await ask('bakery.example')).body).toContain('Bread');
});

test('the others lead to a primary one; without it each shows the site', async () => {
  const { create, publish, settings, ownerId, ask, projects } = await openSites();
  const { id } = create('Bakery');
  await publish(id);
  for (const hostname of ['bakery.example', 'www.bakery.example']) settings.addHostname(ownerId, id, hostname);
  settings.setPrimaryHostname(ownerId, id, 'bakery.example');
  expect(await ask('www.bakery.example', '/a?b=1')).toMatchObject({ status: 308, location: 'http://bakery.example:4321/a?b=1' });
  expect((await ask('bakery.localhost')).location).toBe('http://bakery.example:4321/');
  expect((await ask('bakery.example')).status).toBe(200);
  expect((await ask('bakery.preview.localhost')).status).not.toBe(308);
  expect(projects.view(ownerId, id).productionUrl).toBe('http://bakery.example:4321');
  settings.setPrimaryHostname(ownerId, id, 'www.bakery.example');
  expect((await ask('bakery.example')).location).toBe('http://www.bakery.example:4321/');
  settings.update(ownerId, id, { slug: 'bread' });
  expect((await ask('bakery.localhost')).location).toBe('http://www.bakery.example:4321/');
  settings.removeHostname(ownerId, id, 'www.bakery.example');
  expect((await ask('bakery.example')).status).toBe(200);
  expect(projects.view(ownerId, id).productionUrl).toBe('http://bread.localhost:4321');
});

test('one hostname, one project; ours are not for the taking', async () => {
  const { create, settings, ownerId } = await openSites();
  const [bakery, other] = [create('Bakery'), create('Other')];
  settings.addHostname(ownerId, bakery.id, 'bakery.example');
  expect(() => settings.addHostname(ownerId, bakery.id, 'bakery.example')).not.toThrow();
  expect(() => settings.addHostname(ownerId, other.id, 'bakery.example')).toThrow('Another project');
  expect(() => settings.setPrimaryHostname(ownerId, other.id, 'bakery.example')).toThrow('no such hostname');
  expect(() => settings.removeHostname(ownerId, other.id, 'bakery.example')).toThrow('no such hostname');
  expect(() => settings.addHostname('another', bakery.id, 'x.example')).toThrow('does not exist');
  for (const ours of ['other.localhost', 'x.preview.localhost']) {
    expect(() => settings.addHostname(ownerId, bakery.id, ours)).toThrow('belongs to doce');
  }
  for (let number = 1; number < 20; number++) settings.addHostname(ownerId, bakery.id, `n${number}.example`);
  expect(() => settings.addHostname(ownerId, bakery.id, 'more.example')).toThrow('at most 20');
});

test('a certificate is worth having for the app, previews, what is published, and hostnames of projects', async () => {
  const { create, publish, settings, ownerId, projects } = await openSites();
  const { id } = create('Bakery');
  const { isServed } = projects.siteNames;
  expect(isServed('bakery.preview.localhost')).toBe(true);
  expect(isServed('bakery.localhost')).toBe(false);
  expect(isServed('live--bakery.preview.localhost')).toBe(false);
  await publish(id);
  settings.addHostname(ownerId, id, 'bakery.example');
  expect(isServed('BAKERY.localhost.')).toBe(true);
  expect(isServed('live--bakery.preview.localhost')).toBe(true);
  expect(isServed('0123456789ab--bakery.preview.localhost')).toBe(false);
  expect(isServed('bakery.example')).toBe(true);
  for (const other of ['www.bakery.example', 'nothing.localhost', 'nothing.preview.localhost', 'localhost', '', 'preview.localhost']) {
    expect(isServed(other), other).toBe(false);
  }
  projects.delete(ownerId, id);
  for (const gone of ['bakery.preview.localhost', 'bakery.localhost', 'bakery.example']) expect(isServed(gone), gone).toBe(false);
});

test('the app’s own hostname is served, and no project can have it', () => {
  const { db } = makeDatabase();
  const at = (name: string) => `https://${name}`;
  const names = createSiteNames({
    db,
    config: { sitesDomain: 'example.com', publicUrl: 'https://studio.example.com', host: '127.0.0.1' },
    origins: { preview: (slug) => at(`${slug}.preview.example.com`), production: (slug) => at(`${slug}.example.com`), custom: at },
  });
  expect(names.isServed('studio.example.com')).toBe(true);
  expect(names.isOfTheApp('studio')).toBe(true);
  expect(names.isOfTheApp('bakery')).toBe(false);
  for (const ours of ['studio.example.com', 'example.com', 'x.preview.example.com']) expect(names.isOurs(ours)).toBe(true);
  expect(names.isOurs('notexample.com')).toBe(false);
});

const failing = (code: string) => async () => Promise.reject(Object.assign(new Error(code), { code }));
const table: Record<string, string[]> = {
  'studio.example.com': ['192.0.2.1', '2001:db8::1'],
  'here.example': ['192.0.2.1'],
  'far.example': ['198.51.100.7'],
};
const resolve = async (hostname: string) => table[hostname] ?? failing('ENOTFOUND')();
const ownAddresses = () => ['10.0.0.5'];

test('a check says where a name leads, compared with where the public one does', async () => {
  const { check } = createHostnameChecks({ resolve, ownAddresses, publicHostname: 'studio.example.com' });
  expect(await check('here.example')).toEqual({ state: 'here', addresses: ['192.0.2.1'] });
  expect((await check('far.example')).state).toBe('elsewhere');
  expect((await check('none.example')).state).toBe('nowhere');
  const unsure = createHostnameChecks({ resolve, ownAddresses, publicHostname: undefined });
  expect((await unsure.check('far.example')).state).toBe('unknown');
  const broken = createHostnameChecks({ resolve: failing('ESERVFAIL'), ownAddresses, publicHostname: undefined });
  expect((await broken.check('far.example')).state).toBe('failed');
  const local = createHostnameChecks({ resolve: async () => ['10.0.0.5'], ownAddresses, publicHostname: undefined });
  expect((await local.check('far.example')).state).toBe('here');
});

test('the record to enter is an alias, or addresses for the bare name of a domain', async () => {
  const named = createHostnameChecks({ resolve, ownAddresses, publicHostname: 'studio.example.com' });
  expect(await named.recordsFor('www.bakery.example')).toEqual([
    { type: 'CNAME', name: 'www.bakery.example', value: 'studio.example.com' },
  ]);
  expect(await named.recordsFor('bakery.example')).toEqual([
    { type: 'A', name: 'bakery.example', value: '192.0.2.1' },
    { type: 'AAAA', name: 'bakery.example', value: '2001:db8::1' },
  ]);
  const bare = createHostnameChecks({ resolve, ownAddresses, publicHostname: '192.0.2.9' });
  expect(await bare.recordsFor('www.bakery.example')).toEqual([{ type: 'A', name: 'www.bakery.example', value: '192.0.2.9' }]);
  const none = createHostnameChecks({ resolve, ownAddresses, publicHostname: undefined });
  expect(await none.recordsFor('www.bakery.example')).toEqual([{ type: 'A', name: 'www.bakery.example', value: null }]);
});
