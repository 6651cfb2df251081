import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { serveSite, setupStore } from './setup.ts';
import type { Files } from './setup.ts';

const PAGE = `<h1>${'Bread and butter. '.repeat(100)}</h1>`;
const STYLE = 'body { margin: 0 }\n'.repeat(200);
const FILM = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));

async function setup(files: Files = { 'index.html': PAGE, '_astro/main.abc.css': STYLE, 'film.mp4': FILM, 'note.txt': '0123456789' }) {
  const world = setupStore();
  const release = await world.place(files);
  return { ...world, release, ...(await serveSite(() => ({ live: release }))) };
}

test('a page is asked for each time, a hashed asset is kept for a year', async () => {
  const { get } = await setup();
  const page = await get('/?utm=1');
  expect(page).toMatchObject({ status: 200, text: PAGE });
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'public, max-age=0, must-revalidate',
    'x-content-type-options': 'nosniff',
    vary: 'Accept-Encoding',
  });
  expect(page.headers).not.toHaveProperty('last-modified');
  expect((await get('/_astro/main.abc.css')).headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

test('the copy made at build goes to who takes it', async () => {
  const { get } = await setup();
  const br = await get('/', { 'accept-encoding': 'gzip, deflate, br, zstd' });
  expect(br.headers['content-encoding']).toBe('br');
  expect(brotliDecompressSync(br.body).toString()).toBe(PAGE);
  const zipped = await get('/', { 'accept-encoding': 'gzip' });
  expect(gunzipSync(zipped.body).toString()).toBe(PAGE);
  expect(new Set([br.headers.etag, zipped.headers.etag, (await get('/')).headers.etag]).size).toBe(3);
  expect((await get('/film.mp4', { 'accept-encoding': 'br' })).headers).not.toHaveProperty('content-encoding');
});

test.each([
  ['br;q=0, gzip', 'gzip'],
  ['gzip;q=0, br;q=0.5', 'br'],
  ['br;q=0.0', undefined],
  ['identity', undefined],
  ['brotli-ish', undefined],
])('accepting %j gives %s', async (accepted, encoding) => {
  const { get } = await setup();
  expect((await get('/', { 'accept-encoding': accepted })).headers['content-encoding']).toBe(encoding);
});

test('who has it already gets 304 without a body', async () => {
  const { get } = await setup();
  const first = await get('/', { 'accept-encoding': 'br' });
  const again = await get('/', { 'accept-encoding': 'br', 'if-none-match': first.headers.etag! });
  expect(again).toMatchObject({ status: 304, text: '' });
  expect(again.headers.etag).toBe(first.headers.etag);
  expect((await get('/', { 'if-none-match': '"other"' })).status).toBe(200);
});

test('a time proves nothing: an older release may come back', async () => {
  const { get } = await setup();
  expect((await get('/', { 'if-modified-since': new Date(2100, 0).toUTCString() })).status).toBe(200);
});

test.each([
  ['/note.txt', 'bytes=2-4', '234', 'bytes 2-4/10'],
  ['/note.txt', 'bytes=-3', '789', 'bytes 7-9/10'],
  ['/note.txt', 'bytes=8-', '89', 'bytes 8-9/10'],
])('part of %s: %s', async (path, range, text, contentRange) => {
  const { get } = await setup();
  const answer = await get(path, { range, 'accept-encoding': 'br' });
  expect(answer).toMatchObject({ status: 206, text });
  expect(answer.headers['content-range']).toBe(contentRange);
});

test('part of a file that is too large to be kept in memory', async () => {
  const { get } = await setup();
  expect((await get('/film.mp4')).body.equals(FILM)).toBe(true);
  const part = await get('/film.mp4', { range: 'bytes=200000-200999' });
  expect(part.body.equals(FILM.subarray(200_000, 201_000))).toBe(true);
  const beyond = await get('/film.mp4', { range: 'bytes=900000-' });
  expect(beyond.status).toBe(416);
  expect(beyond.headers['content-range']).toBe('bytes */300000');
});

test('a part is only given of what the client has the beginning of', async () => {
  const { get } = await setup();
  const { etag } = (await get('/note.txt')).headers;
  expect((await get('/note.txt', { range: 'bytes=0-1', 'if-range': etag! })).status).toBe(206);
  expect(await get('/note.txt', { range: 'bytes=0-1', 'if-range': '"old"' })).toMatchObject({ status: 200, text: '0123456789' });
  expect((await get('/note.txt', { 'if-match': '"old"' })).status).toBe(412);
});

test('HEAD is GET without the body', async () => {
  const { get } = await setup();
  for (const path of ['/', '/film.mp4']) {
    const [full, head] = [await get(path), await get(path, {}, 'HEAD')];
    expect(head).toMatchObject({ status: full.status, text: '' });
    expect({ ...head.headers, date: '' }).toMatchObject({ ...full.headers, date: '', connection: head.headers.connection });
  }
});

test('the site’s own 404 page is shown with 404, and in full', async () => {
  const { get } = await setup({ 'index.html': PAGE, '404.html': `lost ${PAGE}` });
  const lost = await get('/nowhere', { range: 'bytes=0-3', 'if-none-match': '*' });
  expect(lost).toMatchObject({ status: 404, text: `lost ${PAGE}` });
  expect(lost.headers).not.toHaveProperty('etag');
  expect((await get('/nowhere', { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBe('gzip');
});

test('nothing but the listed files can be reached', async () => {
  const { get, projectDir } = await setup();
  const paths = [
    '/../release.json',
    '/%2e%2e/release.json',
    '/..%5crelease.json',
    '/.draft',
    '/br/index.html',
    `/${projectDir}`,
    '/%00',
    '/%ff',
  ];
  for (const path of paths) expect(await get(path), path).toMatchObject({ status: 404, text: 'nothing' });
});

test('an earlier release lends its hashed assets, and only those', async () => {
  const { place } = setupStore();
  const earlier = await place({ 'index.html': 'old', 'old.html': 'old page', '_astro/old.css': 'old style' });
  const live = await place({ 'index.html': 'new', '_astro/new.css': 'new style' });
  const { get } = await serveSite(() => ({ live, earlier: [earlier] }));
  expect(await get('/_astro/old.css')).toMatchObject({ status: 200, text: 'old style' });
  expect((await get('/old.html')).status).toBe(404);
  expect((await get('/')).text).toBe('new');
});

test('a file that is gone from the disk is an error of this answer only', async () => {
  const { get, release } = await setup();
  rmSync(join(release.folder, 'site'), { recursive: true });
  expect((await get('/')).status).toBe(500);
  expect((await get('/film.mp4')).status).toBe(500);
  expect((await get('/', { 'accept-encoding': 'br' })).status).toBe(200);
});

test('a release counts who is being served from it', async () => {
  const { release, get } = await setup();
  await Promise.all([get('/'), get('/film.mp4'), get('/', { 'if-none-match': '*' })]);
  await expect.poll(() => release.users).toBe(0);
});
