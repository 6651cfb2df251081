import { expect, test } from 'vitest';
import { APP, openGateway } from './harness.ts';

test('opening a sleeping preview wakes it once and shows a page that waits', async () => {
  await using it = await openGateway(undefined, { status: 'stopped', port: undefined });
  const page = await it.openPage('/menu');
  expect(page.status).toBe(503);
  expect(page.headers['retry-after']).toBe('1');
  expect(page.headers['content-security-policy']).toContain(`frame-ancestors ${APP}`);
  expect(page.body).toContain('Waking the preview');
  expect(JSON.parse((await it.ask('/.doce/status')).body)).toEqual({ status: 'stopped', next: 'wait' });
  await it.openPage();
  expect(it.woken).toEqual(['p1']);
});

test('assets, prefetches, HEAD requests and status polls do not wake anything', async () => {
  await using it = await openGateway(undefined, { status: 'stopped', port: undefined });
  expect(await it.ask('/app.js', { 'sec-fetch-mode': 'no-cors' })).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
  await it.ask('/', { 'sec-fetch-mode': 'navigate', 'sec-purpose': 'prefetch;prerender' });
  await it.ask('/', { accept: 'text/html' }, { method: 'HEAD' });
  await it.ask('/.doce/status');
  expect(it.woken).toEqual([]);
});

test.each([
  ['created', 'Starting the preview', 'wait'],
  ['starting', 'Starting the preview', 'wait'],
  ['stopping', 'Starting the preview', 'wait'],
  ['running', 'Restarting the preview', 'wait'],
] as const)('while %s without a port the page says "%s"', async (status, title, next) => {
  await using it = await openGateway(undefined, { status, port: undefined });
  expect((await it.openPage()).body).toContain(title);
  expect(JSON.parse((await it.ask('/.doce/status')).body)).toEqual({ status, next });
  expect(it.woken).toEqual([]);
});

test('once it runs, the waiting page is told to reload', async () => {
  await using it = await openGateway((_req, res) => void res.end('site'), { status: 'stopped', port: undefined });
  await it.openPage();
  Object.assign(it.project, { status: 'running', port: (it.upstream.address() as { port: number }).port });
  expect(JSON.parse((await it.ask('/.doce/status')).body)).toEqual({ status: 'running', next: 'reload' });
  expect((await it.openPage()).body).toBe('site');
});

test('a failed preview shows the line that failed, escaped, and a way to restart', async () => {
  const errorDetail = 'astro v7\nError: Cannot find <script>alert(1)</script> & "x"\n    at index.astro:3';
  await using it = await openGateway(undefined, { status: 'error', port: undefined, errorDetail });
  const page = await it.openPage();
  expect(page.status).toBe(502);
  expect(page.body).toContain('The preview couldn’t start');
  expect(page.body).toContain('Error: Cannot find &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;');
  expect(page.body).not.toContain('<script>alert');
  expect(page.body).toContain('action="/.doce/restart"');
});

test('restarting needs a post from the page itself', async () => {
  await using it = await openGateway(undefined, { status: 'error', port: undefined });
  const post = (headers: Record<string, string>) => it.ask('/.doce/restart', headers, { method: 'POST' });
  expect((await it.ask('/.doce/restart')).status).toBe(404);
  expect((await post({})).status).toBe(403);
  expect((await post({ 'sec-fetch-site': 'same-site' })).status).toBe(403);
  expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await post({ origin: 'http://evil.localhost:4321' })).status).toBe(403);
  expect(it.woken).toEqual([]);
  expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(202);
  expect(it.woken).toEqual(['p1']);
  expect((await it.openPage()).body).toContain('Starting the preview');
});

test('a form without JavaScript gets a redirect back', async () => {
  await using it = await openGateway(undefined, { status: 'error', port: undefined });
  const headers = { origin: 'http://bakery.preview.localhost:4321', accept: 'text/html', 'sec-fetch-mode': 'navigate' };
  expect(await it.ask('/.doce/restart', headers, { method: 'POST' })).toMatchObject({ status: 303, headers: { location: '/' } });
});

test('unknown, deleted and unpublished addresses say so calmly', async () => {
  await using it = await openGateway(undefined, { status: 'deleting' });
  expect(await it.openPage()).toMatchObject({ status: 410 });
  expect(await it.ask('/', { host: 'nobody.preview.localhost' })).toMatchObject({ status: 404 });
  const unpublished = await it.ask('/', { host: 'bakery.localhost' });
  expect(unpublished.status).toBe(404);
  expect(unpublished.body).toContain('Nothing is published here yet');
});

test('a failure of the host becomes a page, not a crash', async () => {
  await using it = await openGateway();
  Object.defineProperty(it.project, 'status', {
    get: () => {
      throw new Error('database is gone');
    },
  });
  const page = await it.openPage();
  expect(page.status).toBe(500);
  expect(page.body).not.toContain('database');
});

test('names are escaped and pages allow no script but their own', async () => {
  await using it = await openGateway(undefined, { status: 'starting', port: undefined, name: '<img src=x onerror=alert(1)>' });
  const page = await it.openPage();
  expect(page.body).toContain('&lt;img src=x');
  const nonce = /script-src 'nonce-([^']+)'/.exec(String(page.headers['content-security-policy']))?.[1];
  expect(page.body.match(/<script/g)).toHaveLength(1);
  expect(page.body).toContain(`<script nonce="${nonce}">`);
});
