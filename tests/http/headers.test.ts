import { expect, test } from 'vitest';
import { startServer } from './support.ts';

type Server = Awaited<ReturnType<typeof startServer>>;

function expectSecurityHeaders(headers: Record<string, unknown>, port: number) {
  expect(headers['content-security-policy']).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
      `form-action 'self'; frame-src http://*.preview.localhost:${port}; frame-ancestors 'none'; base-uri 'none'`,
  );
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toBe('no-referrer');
  expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  expect(headers['permissions-policy']).toContain('camera=()');
  expect(headers['strict-transport-security']).toBeUndefined();
  expect(headers['access-control-allow-origin']).toBeUndefined();
}

const cases: [string, number, (server: Server) => ReturnType<Server['ask']>][] = [
  ['a page', 200, ({ ask }) => ask('/')],
  ['an unknown address', 404, ({ ask }) => ask('/nowhere')],
  ['an unknown API address', 404, ({ ask }) => ask('/api/nowhere', { headers: { accept: 'text/html' } })],
  ['a method nobody takes', 405, ({ ask }) => ask('/', { method: 'TRACE' })],
  ['a request from another site', 403, ({ ask }) => ask('/', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })],
  ['an unknown host', 421, ({ ask }) => ask('/', { host: 'evil.example' })],
  ['a crash in the handler', 500, ({ ask }) => ask('/throw')],
  ['an address in absolute form', 400, ({ ask }) => ask('http://evil.example/')],
  ['too large a body', 413, ({ ask, origin }) => ask('/', { method: 'POST', headers: { origin }, body: Buffer.alloc(1024 * 1024 + 1) })],
  ['a static file', 200, ({ ask }) => ask('/_astro/app.abc123.js')],
];

test.each(cases)('%s answers %i with all security headers', async (_name, status, request) => {
  const server = await startServer();
  const answer = await request(server);
  expect(answer.status).toBe(status);
  expectSecurityHeaders(answer.headers, server.port);
  expect(answer.headers['x-request-id']).toMatch(/^[\w-]{21}$/);
});

test.each([
  [
    '431 for too many header bytes',
    (port: number) => `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nX-Big: ${'a'.repeat(20_000)}\r\n\r\n`,
    431,
  ],
  ['400 for what is not HTTP', () => 'hello\r\n\r\n', 400],
  ['421 without a Host', () => 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 421],
  [
    '421 for two Hosts',
    (port: number) => `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    421,
  ],
  [
    '400 for a WebSocket to the app',
    (port: number) => `GET /api/events HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n`,
    400,
  ],
])('%s, with all security headers', async (_name, bytes, status) => {
  const { raw, port } = await startServer();
  const [head = '', body = ''] = (await raw(bytes(port), { wait: true })).split('\r\n\r\n');
  const [statusLine, ...lines] = head.split('\r\n');
  expect(statusLine).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expectSecurityHeaders(
    Object.fromEntries(lines.map((line) => [line.split(': ')[0]!.toLowerCase(), line.slice(line.indexOf(': ') + 2)])),
    port,
  );
  expect(JSON.parse(body).error.requestId).toMatch(/./);
});

test('errors show no internals and carry the request id', async () => {
  const { ask } = await startServer();
  const answer = await ask('/throw');
  expect(answer.text).not.toContain('secret detail');
  expect(answer.json().error).toMatchObject({ code: 'internal_error', requestId: answer.headers['x-request-id'] });
});

test('a person gets a page, a program gets JSON', async () => {
  const { ask } = await startServer();
  const page = await ask('/nowhere', { headers: { accept: 'text/html,*/*', 'sec-fetch-dest': 'document' } });
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.text).toContain('<h1>There is nothing at this address.</h1>');
  const fragment = await ask('/nowhere', { headers: { accept: 'text/html', 'sec-fetch-dest': 'empty' } });
  expect(fragment.json().error.code).toBe('not_found');
});

test('HSTS and https preview origins only when the public origin is https', async () => {
  const { ask } = await startServer({ config: { publicUrl: 'https://doce.example', sitesDomain: 'sites.example' } });
  const { headers } = await ask('/', { host: 'doce.example' });
  expect(headers['strict-transport-security']).toBe('max-age=31536000');
  expect(headers['content-security-policy']).toContain('frame-src https://*.preview.sites.example;');
});

test('on plain http beyond loopback the browser may tell us our own origin', async () => {
  const { ask } = await startServer({ config: { publicUrl: 'http://192.168.1.5:4321' } });
  expect((await ask('/', { host: '192.168.1.5:4321' })).headers['referrer-policy']).toBe('same-origin');
});

test('pages and API are not stored, hashed files are kept for a year, others are revalidated', async () => {
  const { ask } = await startServer();
  expect((await ask('/')).headers['cache-control']).toBe('no-store');
  expect((await ask('/api/x')).headers['cache-control']).toBe('no-store');
  expect((await ask('/nowhere')).headers['cache-control']).toBe('no-store');
  expect((await ask('/_astro/app.abc123.js')).headers['cache-control']).toBe('public, max-age=31536000, immutable');
  const icon = await ask('/favicon.svg');
  expect(icon.headers['cache-control']).toBe('no-cache');
  expect((await ask('/favicon.svg', { headers: { 'if-none-match': icon.headers.etag! } })).status).toBe(304);
});
