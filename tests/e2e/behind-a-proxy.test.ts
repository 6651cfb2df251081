import { appendFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromium } from 'playwright-core';
import { findProxy } from '../../scripts/test-tools.ts';
import { findFreePort } from '../../src/server/runtime/port.ts';
import { admin, makeDataDir, SETUP_TOKEN, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { startCaddy, startNginx } from './support/proxies.ts';
import type { Ports, Proxy } from './support/proxies.ts';
import { makeVisitor } from './support/visitor.ts';
import type { Visitor } from './support/visitor.ts';

// One app on a public server, as docs/production.md sets it up: first behind Caddy, then behind nginx, on the same ports.
const DOMAIN = 'sites.test';
const APP = `doce.${DOMAIN}`;
const { dataDir, remove } = makeDataDir();
let ports: Ports;
let app: App;
let visitor: Visitor;
let cookie = '';
let project: { id: string; slug: string };

const start = () =>
  startApp(dataDir, {
    PORT: String(ports.app),
    DOCE_PUBLIC_URL: `https://${APP}:${ports.https}`,
    DOCE_SITES_DOMAIN: DOMAIN,
    DOCE_TRUSTED_PROXY: '127.0.0.1',
    LOG_LEVEL: 'debug',
  });
const origin = () => `https://${APP}:${ports.https}`;
const call = async (method: string, path: string, body?: unknown, from?: string) => {
  const headers = { origin: origin(), accept: 'application/json', ...(cookie ? { cookie } : {}) };
  const answer = await visitor.ask(APP, path, { method, headers, body, ...(from === undefined ? {} : { from }) });
  const text = answer.text === '' ? '{}' : answer.text;
  return { ...answer, body: JSON.parse(text) as any }; // eslint-disable-line @typescript-eslint/no-explicit-any
};
const signInFrom = (from: string, password: string, headers: Record<string, string> = {}) =>
  visitor.ask(APP, '/api/session', {
    method: 'POST',
    from,
    headers: { origin: origin(), accept: 'application/json', ...headers },
    body: { username: admin.username, password },
  });
const preview = () => `${project.slug}.preview.${DOMAIN}`;
const published = () => `${project.slug}.${DOMAIN}`;
const home = () => join(dataDir, 'projects', project.id, 'workspace/src/pages/index.astro');

beforeAll(async () => {
  ports = { app: await findFreePort(null), http: await findFreePort(null), https: await findFreePort(null) };
  app = await start();
});
afterAll(async () => {
  await app.stop();
  remove();
});

describe.skipIf(!findProxy('caddy'))('behind Caddy', () => {
  let caddy: Proxy;
  beforeAll(async () => {
    caddy = await startCaddy(APP, ports);
    visitor = makeVisitor({ port: ports.https, ca: caddy.ca });
  });
  afterAll(() => caddy.stop());

  test('the account is made over https, with a cookie that is bound to the hostname', async () => {
    const answer = await call('POST', '/api/setup', { token: SETUP_TOKEN, ...admin });
    expect(answer.status).toBe(201);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-doce_session=.*; Secure/);
    expect(answer.headers['strict-transport-security']).toContain('max-age');
    cookie = answer.headers['set-cookie']![0]!.split(';')[0]!;
    project = (await call('POST', '/api/projects', { prompt: 'a website for a small bakery' })).body.project;
    expect(project).toMatchObject({ previewUrl: `https://${preview()}:${ports.https}` });
    const isBuilt = async () => (await call('GET', `/api/projects/${project.id}/turns`)).body.turns[0].state === 'completed';
    await vi.waitUntil(isBuilt, { timeout: 120_000, interval: 250 });
  });

  test('a certificate is there for what doce serves and for nothing else', async () => {
    expect(await visitor.isServed(APP)).toBe(true);
    expect(await visitor.isServed(preview())).toBe(true);
    expect(await visitor.isServed(`nobody.preview.${DOMAIN}`)).toBe(false);
    expect(await visitor.isServed(`0123456789ab--${preview()}`)).toBe(false);
    expect(await visitor.isServed('www.elsewhere.test')).toBe(false);
    // Four names it had to ask for, and the app's own, which it has from its start.
    await expect.poll(() => app.output().match(/api\/tls\/ask/g)?.length).toBe(4);
  });

  test('a published site has one from its publication on', async () => {
    expect(await visitor.isServed(published())).toBe(false);
    expect((await call('POST', `/api/projects/${project.id}/deployments`)).status).toBe(202);
    const isLive = async () => (await call('GET', `/api/projects/${project.id}`)).body.project.productionStatus === 'running';
    await vi.waitUntil(isLive, { timeout: 120_000, interval: 250 });
    await expect.poll(() => visitor.isServed(published()), { timeout: 10_000 }).toBe(true);
    const site = await visitor.ask(published(), '/');
    expect(site.status).toBe(200);
    expect(site.text).toMatch(/bakery|bread/i);
    expect(site.headers['strict-transport-security']).toBeUndefined();
  });

  test('a hostname of the project’s own has one once it is added', async () => {
    expect(await visitor.isServed('www.bakery.test')).toBe(false);
    expect((await call('POST', `/api/projects/${project.id}/hostnames`, { hostname: 'www.bakery.test' })).status).toBe(201);
    await expect.poll(() => visitor.isServed('www.bakery.test'), { timeout: 10_000 }).toBe(true);
    expect((await visitor.ask('www.bakery.test', '/')).text).toMatch(/bakery|bread/i);
  });

  test('while doce restarts, visitors wait', async () => {
    await app.stop();
    const [answer] = await Promise.all([visitor.ask(published(), '/'), start().then((started) => (app = started))]);
    expect(answer.status).toBe(200);
  });

  behind('Caddy');
});

describe.skipIf(!findProxy('nginx') || !findProxy('caddy'))('behind nginx', () => {
  let nginx: Proxy;
  beforeAll(async () => {
    nginx = await startNginx(DOMAIN, ports);
    visitor = makeVisitor({ port: ports.https, ca: nginx.ca });
  });
  afterAll(() => nginx.stop());

  test('the app, the preview and the published site answer over https', async () => {
    expect((await call('GET', '/api/health')).body.status).toBe('ok');
    expect((await visitor.ask(published(), '/')).status).toBe(200);
    expect((await visitor.ask(preview(), '/', { headers: { accept: 'text/html' } })).status).toBeLessThan(504);
  });

  behind('nginx');
});

/** What holds behind every proxy. */
function behind(proxy: 'Caddy' | 'nginx'): void {
  const heading = `Fresh from behind ${proxy}`;
  const guesser = proxy === 'Caddy' ? '127.0.7.1' : '127.0.7.2';

  test('http leads to https', async () => {
    const answer = await new Promise<{ status: number; location: string | undefined }>((resolve, reject) => {
      const headers = { host: APP };
      const sent = request({ host: '127.0.0.1', port: ports.http, path: '/login?next=%2Fqueue', headers, agent: false }, (res) => {
        res.resume();
        resolve({ status: res.statusCode ?? 0, location: res.headers.location });
      });
      sent.once('error', reject).end();
    });
    expect([301, 308]).toContain(answer.status);
    expect(answer.location).toBe(`https://${APP}/login?next=%2Fqueue`);
  });

  test('an event comes at once, in a stream that goes on', async () => {
    const stream = await visitor.open(APP, '/api/events', { headers: { cookie, accept: 'text/event-stream' } });
    let received = '';
    stream.on('data', (chunk: Buffer) => (received += chunk.toString()));
    await expect.poll(() => received).toContain('retry:');
    expect((await call('PATCH', `/api/projects/${project.id}`, { name: 'Bread and more' })).status).toBe(200);
    await expect.poll(() => received).toContain('project.');
    expect(stream.complete).toBe(false);
    stream.destroy();
  });

  test('an edit of a file shows in the open preview, over its WebSocket', async () => {
    const browser = await chromium.launch({
      executablePath: process.env.DOCE_BROWSER ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', `--host-resolver-rules=MAP *.${DOMAIN} 127.0.0.1`],
    });
    try {
      const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
      const sockets: string[] = [];
      page.on('websocket', (socket) => sockets.push(socket.url()));
      await page.goto(`https://${preview()}:${ports.https}/`);
      await page.locator('h1').first().waitFor({ timeout: 60_000 });
      await expect.poll(() => sockets[0] ?? '', { timeout: 60_000 }).toContain(`wss://${preview()}:${ports.https}/`);
      appendFileSync(home(), `\n<h2>${heading}</h2>\n`);
      await page.getByRole('heading', { name: heading }).waitFor({ timeout: 20_000 });
    } finally {
      await browser.close();
    }
  });

  test('who asks is who came to the proxy, whatever they claim', async () => {
    const claim = (index: number) => ({
      'x-forwarded-for': `203.0.113.${index}`,
      forwarded: `for=203.0.113.${index}`,
      'x-real-ip': '203.0.113.9',
    });
    const statuses: number[] = [];
    for (let index = 0; index < 7; index += 1) statuses.push((await signInFrom(guesser, 'not the password', claim(index))).status);
    expect(statuses).toContain(429);
    expect((await signInFrom('127.0.8.1', admin.password, { 'x-forwarded-for': guesser })).status).toBe(201);
  });

  test('a hostname or scheme that the client claims is not believed', async () => {
    const answer = await visitor.ask(APP, '/login', {
      headers: { accept: 'text/html', 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'http' },
    });
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain('evil.test');
    const crossSite = { origin: 'https://evil.test', 'x-forwarded-host': 'evil.test', cookie };
    expect((await visitor.ask(APP, '/api/session', { method: 'DELETE', headers: crossSite })).status).toBe(403);
  });
}
