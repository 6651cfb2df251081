import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { projectAddresses } from '#server/db/production-tables.ts';
import { projects as projectRows } from '#server/db/schema.ts';
import { KEPT_ADDRESSES, Slug } from '#server/projects/address.ts';
import { UpdateProject } from '#server/projects/project-settings.ts';
import { openSites } from './site-world.ts';

test.each(['bakery', 'b', 'bread-and-butter', '24h', 'a'.repeat(40)])('"%s" can be an address', (slug) => {
  expect(Slug.parse(slug)).toBe(slug);
});

test.each(['-a', 'a-', 'a_b', 'a.b', 'a b', '', 'ä', 'xn--bcker-gra', '0123456789ab--x', 'preview', 'www', 'a'.repeat(41)])(
  '"%s" cannot',
  (slug) => {
    expect(Slug.safeParse(slug).success).toBe(false);
  },
);

test('capital letters and spaces around it are forgiven; a patch changes something', () => {
  expect(UpdateProject.parse({ slug: ' Bakery ' })).toEqual({ slug: 'bakery' });
  expect(UpdateProject.safeParse({}).success).toBe(false);
});

test('preview and production follow at once, and the address before leads to the new one, path and query kept', async () => {
  const { create, publish, settings, ownerId, ask, projects } = await openSites();
  const { id } = create('Bakery');
  await publish(id);
  expect((await ask('bakery.localhost')).body).toContain('Bread');
  settings.update(ownerId, id, { slug: 'bread' });
  expect((await ask('bread.localhost')).body).toContain('Bread');
  expect(await ask('bakery.localhost', '/menu?day=1')).toMatchObject({ status: 308, location: 'http://bread.localhost:4321/menu?day=1' });
  expect(await ask('bakery.preview.localhost', '/a?b', 'POST')).toMatchObject({
    status: 308,
    location: 'http://bread.preview.localhost:4321/a?b',
  });
  expect(projects.view(ownerId, id)).toMatchObject({ slug: 'bread', productionUrl: 'http://bread.localhost:4321' });
  expect(projects.production.view(ownerId, id).address).toBe('http://bread.localhost:4321');
  expect(projects.siteNames.isServed('bakery.localhost')).toBe(true);
});

test('a redirect stays on the host it names, whatever the path says', async () => {
  const { create, settings, ownerId, ask } = await openSites();
  const { id } = create('Bakery');
  settings.update(ownerId, id, { slug: 'bread' });
  expect((await ask('bakery.localhost', '//evil.example/x')).location).toBe('http://bread.localhost:4321//evil.example/x');
  expect((await ask('bakery.localhost', 'http://evil.example/x')).location).toBe('http://bread.localhost:4321/');
  expect((await ask('bakery.preview.localhost', '/.doce/status')).body).toContain('"next":"reload"');
});

test('earlier addresses lead to the present one in one step, and going back to one takes it back', async () => {
  const { create, settings, ownerId, ask } = await openSites();
  const { id } = create('One');
  for (const slug of ['two', 'three']) settings.update(ownerId, id, { slug });
  expect((await ask('one.localhost')).location).toBe('http://three.localhost:4321/');
  settings.update(ownerId, id, { slug: 'one' });
  expect(settings.earlierSlugs(ownerId, id).sort()).toEqual(['three', 'two']);
  expect((await ask('one.localhost')).status).not.toBe(308);
});

test('an address that another project has, or had and redirects from, is refused beside the field', async () => {
  const { create, settings, ownerId, db } = await openSites();
  const bakery = create('Bakery');
  const other = create('Other');
  const refusal = (slug: string) => {
    try {
      settings.update(ownerId, other.id, { slug, name: 'Renamed' });
    } catch (error) {
      return error;
    }
    return undefined;
  };
  expect(refusal('bakery')).toMatchObject({ code: 'slug_taken', issues: [{ path: 'slug' }] });
  settings.update(ownerId, bakery.id, { slug: 'bread' });
  expect(refusal('bakery')).toMatchObject({ code: 'slug_taken', message: expect.stringContaining('leads to Bakery') });
  expect(db.select({ name: projectRows.name }).from(projectRows).where(eq(projectRows.id, other.id)).get()).toEqual({ name: 'Other' });
  settings.giveUpAddress(ownerId, bakery.id, 'bakery');
  expect(refusal('bakery')).toBeUndefined();
});

test('a new project does not get an address that still leads elsewhere', async () => {
  const { create, settings, ownerId } = await openSites();
  const { id } = create('Bakery');
  settings.update(ownerId, id, { slug: 'bread' });
  expect(create('Bakery').slug).toBe('bakery-2');
});

test('an earlier address can be given up once, by its owner', async () => {
  const { create, settings, ownerId, ask } = await openSites();
  const { id } = create('Bakery');
  settings.update(ownerId, id, { slug: 'bread' });
  expect(() => settings.giveUpAddress('another', id, 'bakery')).toThrow('does not exist');
  settings.giveUpAddress(ownerId, id, 'bakery');
  expect((await ask('bakery.localhost')).status).toBe(404);
  expect(() => settings.giveUpAddress(ownerId, id, 'bakery')).toThrow('no such address');
});

test('the oldest of many earlier addresses is given up', async () => {
  const { create, settings, ownerId, clock } = await openSites();
  const { id } = create('Bakery');
  for (let number = 0; number <= KEPT_ADDRESSES; number++) {
    clock.advance(1);
    settings.update(ownerId, id, { slug: `bread-${number}` });
  }
  const earlier = settings.earlierSlugs(ownerId, id);
  expect(earlier).toHaveLength(KEPT_ADDRESSES);
  expect(earlier).not.toContain('bakery');
});

test('open pages are told where the project is, and its page is found by the slug before', async () => {
  const { create, settings, ownerId, events } = await openSites();
  const { id } = create('Bakery');
  const moved = new Promise((resolve) => events.subscribe((event) => event.kind === 'project.moved' && resolve(event.data), id));
  settings.update(ownerId, id, { slug: 'bread' });
  expect(await moved).toEqual({ projectId: id, slug: 'bread' });
  expect(settings.presentSlug(ownerId, 'bakery')).toBe('bread');
  expect(settings.presentSlug('another', 'bakery')).toBeUndefined();
  expect(settings.presentSlug(ownerId, 'nothing')).toBeUndefined();
});

test('deleting a project ends its redirects', async () => {
  const { create, settings, ownerId, ask, projects, queue, db } = await openSites();
  const { id } = create('Bakery');
  settings.update(ownerId, id, { slug: 'bread' });
  projects.delete(ownerId, id);
  expect((await ask('bakery.localhost')).status).toBe(404);
  await queue.whenIdle();
  expect(db.select().from(projectAddresses).all()).toEqual([]);
  expect(settings.presentSlug(ownerId, 'bakery')).toBeUndefined();
});
