import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readImageFacts } from '#server/projects/image-facts.ts';
import { UpdateSite } from '#server/projects/site-details.ts';
import { openSites } from './site-world.ts';

const png = (width: number, height: number) => {
  const bytes = Buffer.alloc(64);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
};
const jpg = Buffer.from('ffd8ffe000040000ffc0000b08027604b001011100', 'hex');
const webp = (chunk: string, rest: string) =>
  Buffer.concat([Buffer.from(`RIFF0000WEBP${chunk}0000`), Buffer.from(rest, 'hex'), Buffer.alloc(8)]);

test.each([
  ['a PNG', png(1200, 630), { type: 'png', width: 1200, height: 630 }],
  ['a JPEG', jpg, { type: 'jpg', width: 1200, height: 630 }],
  ['an extended WebP', webp('VP8X', '00000000af0400750200'), { type: 'webp', width: 1200, height: 630 }],
  ['a lossy WebP', webp('VP8 ', '0000009d012ab0047602'), { type: 'webp', width: 1200, height: 630 }],
  ['a lossless WebP', webp('VP8L', '2faf449d00'), { type: 'webp', width: 1200, height: 630 }],
  [
    'an icon',
    Buffer.concat([Buffer.from('000001000100', 'hex'), Buffer.from([32, 32]), Buffer.alloc(20)]),
    { type: 'ico', width: 32, height: 32 },
  ],
  ['an SVG', Buffer.from('<?xml version="1.0"?>\n<!-- a --><svg xmlns="…"/>'), { type: 'svg', width: null, height: null }],
])('%s is known by its bytes', (_what, bytes, facts) => {
  expect(readImageFacts(bytes)).toEqual(facts);
});

test.each([
  ['HTML that mentions one', Buffer.from('<html><svg></svg></html>')],
  ['a GIF', Buffer.from('GIF89a0000000000000000000000')],
  ['a cut PNG', png(1, 1).subarray(0, 12)],
  ['nothing', Buffer.alloc(0)],
])('%s is none', (_what, bytes) => {
  expect(readImageFacts(bytes)).toBeUndefined();
});

async function makeSite(home?: unknown) {
  const world = await openSites();
  const { id } = world.create('Bakery');
  await world.queue.whenIdle();
  const workspace = join(world.dataDir, 'projects', id, 'workspace');
  mkdirSync(join(workspace, 'src', 'content'), { recursive: true });
  mkdirSync(join(workspace, 'public'), { recursive: true });
  const file = join(workspace, 'src', 'content', 'home.json');
  if (home !== undefined) writeFileSync(file, typeof home === 'string' ? home : JSON.stringify(home));
  return { ...world, id, workspace, file, site: () => world.settings.site(world.ownerId, id) };
}

test('title and description change in their file, which keeps the rest', async () => {
  const { settings, ownerId, id, file, site } = await makeSite({ title: 'Old', hero: { text: 'Bread' }, description: 'Was' });
  const { content } = await site();
  expect(content).toMatchObject({ title: 'Old', description: 'Was', path: 'src/content/home.json' });
  await settings.updateSite(ownerId, id, { title: 'New "one"', description: 'Is', baseHash: content!.hash });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ title: 'New "one"', hero: { text: 'Bread' }, description: 'Is' });
});

test('a change underneath is never overwritten', async () => {
  const { settings, ownerId, id, file, site } = await makeSite({ title: 'Old', description: 'Was' });
  const { hash } = (await site()).content!;
  writeFileSync(file, JSON.stringify({ title: 'By the agent', description: 'Was' }));
  await expect(settings.updateSite(ownerId, id, { title: 'Mine', description: 'Is', baseHash: hash })).rejects.toMatchObject({
    code: 'file_changed',
  });
  expect(readFileSync(file, 'utf8')).toContain('By the agent');
});

test.each([undefined, '{ not json', '{"title": 1, "description": "x"}', '[]'])(
  'a site that keeps its title elsewhere (%s) says so',
  async (home) => {
    const { settings, ownerId, id, site } = await makeSite(home);
    expect((await site()).content).toBeNull();
    await expect(settings.updateSite(ownerId, id, { title: 'x', description: 'y', baseHash: 'z' })).rejects.toMatchObject({
      code: 'site_content_elsewhere',
    });
  },
);

test('a picture goes into public under its own type, with its size and whether a page names it', async () => {
  const { settings, ownerId, id, workspace, site } = await makeSite();
  settings.writeSiteImage(ownerId, id, 'share-image', png(1200, 630));
  settings.writeSiteImage(ownerId, id, 'favicon', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
  expect(readFileSync(join(workspace, 'public', 'share.png'))).toEqual(png(1200, 630));
  mkdirSync(join(workspace, 'src', 'layouts'), { recursive: true });
  writeFileSync(join(workspace, 'src', 'layouts', 'Base.astro'), '<link rel="icon" href="/favicon.svg" />');
  expect((await site()).shareImages).toEqual([
    { type: 'png', width: 1200, height: 630, path: 'public/share.png', sizeBytes: 64, isUsed: false },
  ]);
  expect((await site()).favicons).toMatchObject([{ path: 'public/favicon.svg', isUsed: true }]);
});

test('what is no such picture, or too large, is refused beside the field', async () => {
  const { settings, ownerId, id } = await makeSite();
  const write = (image: 'favicon' | 'share-image', bytes: Buffer) => () => settings.writeSiteImage(ownerId, id, image, bytes);
  const large = (sizeBytes: number) => Buffer.concat([png(1, 1), Buffer.alloc(sizeBytes - 64)]);
  for (const refused of [
    write('favicon', jpg),
    write('share-image', Buffer.from('<svg/>')),
    write('favicon', large(256 * 1024 + 1)),
    write('share-image', large(2 * 1024 * 1024 + 1)),
    write('share-image', Buffer.alloc(0)),
  ]) {
    expect(refused).toThrow(expect.objectContaining({ code: 'site_image_invalid', issues: [expect.objectContaining({ path: 'file' })] }));
  }
  expect(write('favicon', large(256 * 1024))).not.toThrow();
  expect(write('share-image', large(2 * 1024 * 1024))).not.toThrow();
});

test('words have a length, and come with what was seen', () => {
  expect(UpdateSite.safeParse({ title: 'x', description: 'y', baseHash: 'h' }).success).toBe(true);
  for (const wrong of [
    { title: ' ' },
    { description: '' },
    { title: 'x'.repeat(201) },
    { description: 'x'.repeat(501) },
    { baseHash: '' },
  ]) {
    expect(UpdateSite.safeParse({ title: 'x', description: 'y', baseHash: 'h', ...wrong }).success).toBe(false);
  }
});
