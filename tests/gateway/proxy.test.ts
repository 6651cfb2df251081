import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { HOST, listen, openGateway, openSocket, PUBLISHED } from './harness.ts';

test('a request reaches the site under its own host, without what belongs to the app', async () => {
  let seen: IncomingHttpHeaders = {};
  await using it = await openGateway((req, res) => {
    seen = req.headers;
    res.end('hello');
  });
  const answer = await it.ask('/about?x=1', {
    cookie: 'doce_session=s; theme=dark; __Host-doce_session=t; Doce_x=1; __Secure-doce=2',
    authorization: 'Bearer secret',
    'proxy-authorization': 'Basic x',
    forwarded: 'for=1.2.3.4',
    'x-forwarded-for': '1.2.3.4',
    'x-forwarded-host': 'evil',
    'x-real-ip': '1.2.3.4',
    'x-own': 'kept',
  });
  expect(answer).toMatchObject({ status: 200, body: 'hello' });
  expect(seen).toMatchObject({ host: HOST, cookie: 'theme=dark', 'x-own': 'kept' });
  const dropped = /^(authorization|proxy-|forwarded|x-forwarded|x-real-ip)/;
  expect(Object.keys(seen).filter((name) => dropped.test(name))).toEqual([]);
});

test('an answer loses what would reach beyond the site, and only the app may frame it', async () => {
  await using it = await openGateway((_req, res) => {
    res.setHeader('set-cookie', [
      'a=1; Path=/',
      'b=2; Domain=localhost',
      'doce_session=x; Path=/',
      '__Host-doce_session=y; Path=/; Secure',
    ]);
    res.setHeader('strict-transport-security', 'max-age=1');
    res.setHeader('clear-site-data', '"*"');
    res.setHeader('alt-svc', 'h2="evil:443"');
    res.setHeader('content-security-policy', "img-src 'self'");
    res.setHeader('content-type', 'text/html');
    res.setHeader('cache-control', 'max-age=60');
    res.end('<p>hi');
  });
  const { headers, rawHeaders } = await it.ask();
  expect(headers['set-cookie']).toEqual(['a=1; Path=/']);
  for (const name of ['strict-transport-security', 'clear-site-data', 'alt-svc']) expect(headers).not.toHaveProperty(name);
  const policies = rawHeaders.flatMap((name, index) => (name.toLowerCase() === 'content-security-policy' ? [rawHeaders[index + 1]] : []));
  expect(policies).toEqual(["img-src 'self'", 'frame-ancestors http://localhost:4321']);
  expect(headers['cache-control']).toBe('no-store');
});

test('assets keep their own caching, redirects are passed on', async () => {
  await using it = await openGateway((req, res) => {
    if (req.url === '/old') return void res.writeHead(302, { location: '/new' }).end();
    res.writeHead(200, { 'content-type': 'text/css', 'cache-control': 'no-cache', etag: '"1"' }).end('a{}');
  });
  expect((await it.ask('/a.css')).headers).toMatchObject({ 'cache-control': 'no-cache', etag: '"1"' });
  expect(await it.ask('/old')).toMatchObject({ status: 302, headers: { location: '/new' } });
});

test('bodies go up and down unchanged', async () => {
  await using it = await openGateway(async (req, res) => {
    const hash = createHash('sha256');
    for await (const chunk of req) hash.update(chunk as Buffer);
    res.end(`${req.method} ${hash.digest('hex')}`);
  });
  const body = 'x'.repeat(3_000_000);
  const answer = await it.ask('/form', { 'content-type': 'text/plain' }, { method: 'POST', body });
  expect(answer.body).toBe(`POST ${createHash('sha256').update(body).digest('hex')}`);
});

test('an answer streams: the first part arrives while the rest is still being made', async () => {
  const held: ServerResponse[] = [];
  await using it = await openGateway((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write('data: one\n\n');
    held.push(res);
  });
  const sent = request({ host: '127.0.0.1', port: it.port, headers: { host: HOST }, agent: false }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const [first] = (await once(answer, 'data')) as [Buffer];
  expect(first.toString()).toBe('data: one\n\n');
  expect(it.gateway.viewers('p1')).toBe(1);
  const ended = once(answer, 'end');
  held[0]?.end('data: two\n\n');
  const [second] = (await once(answer, 'data')) as [Buffer];
  expect(second.toString()).toBe('data: two\n\n');
  await ended;
  await vi.waitFor(() => expect(it.gateway.viewers('p1')).toBe(0));
});

test('a slow reader slows the site down instead of filling memory', async () => {
  let written = 0;
  await using it = await openGateway((_req, res) => {
    const chunk = Buffer.alloc(256 * 1024);
    const push = () => {
      while (written < 200 * 1024 * 1024) {
        written += chunk.length;
        if (!res.write(chunk)) return void res.once('drain', push);
      }
      res.end();
    };
    push();
  });
  const sent = request({ host: '127.0.0.1', port: it.port, headers: { host: HOST }, agent: false }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let before = -1;
  await vi.waitFor(() => {
    const isSteady = written === before;
    before = written;
    expect(isSteady).toBe(true);
  });
  expect(written).toBeLessThan(100 * 1024 * 1024);
  answer.destroy();
});

test('when the reader goes away, so does the request to the site', async () => {
  const gone = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  await using it = await openGateway((req) => {
    req.socket.once('close', () => gone.resolve());
    begun.resolve();
  });
  const sent = request({ host: '127.0.0.1', port: it.port, headers: { host: HOST }, agent: false }).end();
  sent.on('error', () => {});
  await begun.promise;
  sent.destroy();
  await gone.promise;
  await vi.waitFor(() => expect(it.gateway.viewers('p1')).toBe(0));
});

test('when the site breaks off in the middle, so does the answer', async () => {
  await using it = await openGateway((req, res) => {
    res.writeHead(200, { 'content-length': 100 });
    res.write('half', () => req.socket.destroy());
  });
  await expect(it.ask()).rejects.toThrow(/aborted|hang up|ECONNRESET/);
});

test('a site that does not begin to answer in time becomes a page that tries again', async () => {
  await using it = await openGateway(() => {}, {}, 60);
  const answer = await it.openPage();
  expect(answer.status).toBe(502);
  expect(answer.body).toContain('The preview stopped answering');
  expect(answer.body).toContain('http-equiv="refresh"');
});

test('a quiet stream is not cut by the time limit for its beginning', async () => {
  const held: ServerResponse[] = [];
  await using it = await openGateway(
    (_req, res) => {
      held.push(res);
      res.write('a');
    },
    {},
    40,
  );
  const sent = request({ host: '127.0.0.1', port: it.port, headers: { host: HOST }, agent: false }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  await once(answer, 'data');
  await new Promise((resolve) => setTimeout(resolve, 150));
  held[0]?.end('b');
  const [second] = (await once(answer, 'data')) as [Buffer];
  expect(second.toString()).toBe('b');
});

test('a refused connection is a page for people and a plain 502 for scripts', async () => {
  await using it = await openGateway();
  await new Promise((resolve) => it.upstream.close(resolve));
  const page = await it.openPage();
  expect(page).toMatchObject({ status: 502, headers: { 'cache-control': 'no-store' } });
  expect(page.body).toContain('The preview stopped answering');
  expect(await it.ask('/app.js', { 'sec-fetch-mode': 'cors' })).toMatchObject({ status: 502, headers: { 'retry-after': '2' } });
});

test('odd methods and the editor opener stop here', async () => {
  const seen: string[] = [];
  await using it = await openGateway((req, res) => {
    seen.push(req.url ?? '');
    res.end();
  });
  expect((await it.ask('/', {}, { method: 'TRACE' })).status).toBe(405);
  expect((await it.ask('/__open-in-editor?file=/etc/passwd')).status).toBe(404);
  expect(seen).toEqual([]);
});

function acceptUpgrades(it: Awaited<ReturnType<typeof openGateway>>) {
  const upgrades: { headers: IncomingHttpHeaders; socket: Socket }[] = [];
  it.upstream.on('upgrade', (req: IncomingMessage, socket: Socket) => {
    upgrades.push({ headers: req.headers, socket });
    socket.on('error', () => {});
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSet-Cookie: x=1; Domain=localhost\r\nSet-Cookie: own=1\r\nStrict-Transport-Security: max-age=1\r\n\r\n',
    );
    socket.on('end', () => socket.end());
    socket.on('data', (data) => socket.write(`echo ${data.toString()}`));
  });
  return upgrades;
}

test('a WebSocket passes both ways, cleaned like any request, and counts as a viewer', async () => {
  await using it = await openGateway();
  const upgrades = acceptUpgrades(it);
  const client = await openSocket(it.port, { cookie: 'doce_session=s; own=1', authorization: 'Bearer x', 'x-forwarded-for': '1.1.1.1' });
  expect(client.head).toMatch(/^HTTP\/1\.1 101 /);
  expect(client.head).not.toMatch(/domain=localhost|strict-transport-security/i);
  expect(client.head).toMatch(/set-cookie: own=1/i);
  expect(upgrades[0]?.headers).toMatchObject({ host: HOST, cookie: 'own=1', upgrade: 'websocket' });
  expect(upgrades[0]?.headers).not.toHaveProperty('authorization');
  expect(upgrades[0]?.headers).not.toHaveProperty('x-forwarded-for');
  const echoed = client.next();
  client.socket.write('hi');
  expect(await echoed).toBe('echo hi');
  expect(it.gateway.viewers('p1')).toBe(1);
  const closed = once(upgrades[0]?.socket as Socket, 'close');
  client.socket.destroy();
  await closed;
  await vi.waitFor(() => expect(it.gateway.viewers('p1')).toBe(0));
});

test('when the site ends a WebSocket, the client learns', async () => {
  await using it = await openGateway();
  const upgrades = acceptUpgrades(it);
  const client = await openSocket(it.port);
  upgrades[0]?.socket.destroy();
  await once(client.socket, 'close');
});

test('a WebSocket that the site refuses gets the refusal', async () => {
  await using it = await openGateway((_req, res) => void res.writeHead(426).end('no'));
  it.upstream.on('upgrade', (_req, socket: Socket) => void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno'));
  expect((await openSocket(it.port)).head).toMatch(/^HTTP\/1\.1 403 /);
});

test.each([
  [{ status: 'stopped', port: undefined } as const, /^HTTP\/1\.1 503 /],
  [{ status: 'deleting' } as const, /^HTTP\/1\.1 404 /],
])('a WebSocket to a preview that is %o is refused', async (state, head) => {
  await using it = await openGateway(undefined, state);
  expect((await openSocket(it.port)).head).toMatch(head);
  expect(it.woken).toEqual([]);
});

test('closing the gateway ends open WebSockets', async () => {
  await using it = await openGateway();
  acceptUpgrades(it);
  const client = await openSocket(it.port);
  it.gateway.close();
  await once(client.socket, 'close');
});

test('what is asked of a dev server that is gone for a moment is asked again; what would change something is not', async () => {
  const came: string[] = [];
  await using it = await openGateway(
    (req, res) => {
      came.push(req.method!);
      if (came.length % 3 === 0) res.end('here again');
      else req.socket.resetAndDestroy();
    },
    {},
    5_000,
    60_000,
  );
  expect(await it.ask('/app.css')).toMatchObject({ status: 200, body: 'here again' });
  expect(came).toEqual(['GET', 'GET', 'GET']);
  expect((await it.ask('/form', {}, { method: 'POST', body: 'x' })).status).toBe(502);
  expect(came).toEqual(['GET', 'GET', 'GET', 'POST']);
});

test('a page of a published program that is away is had from where the program comes up again', async () => {
  await using it = await openGateway(undefined, {}, 5_000, 60_000);
  it.upstream.close();
  await once(it.upstream, 'close');
  it.project.port = undefined;
  const asked = it.ask('/', { host: PUBLISHED });
  const again = createServer((_req, res) => res.end('here again'));
  it.project.port = await listen(again);
  expect(await asked).toMatchObject({ status: 200, body: 'here again' });
  expect((await it.ask('/form', { host: PUBLISHED }, { method: 'POST', body: 'x' })).status).toBe(503);
  again.close();
});

test('a published program that breaks off is not asked the same again: that may be what ended it', async () => {
  let count = 0;
  await using it = await openGateway((req) => void ((count += 1), req.socket.resetAndDestroy()), {}, 5_000, 60_000);
  expect((await it.ask('/', { host: PUBLISHED })).status).toBe(503);
  expect(count).toBe(1);
});

test('a connection that a published program had kept, and closes as the next request comes, costs no page', async () => {
  const came: string[] = [];
  await using it = await openGateway(
    (req, res) => {
      came.push(req.url!);
      if (came.filter((path) => path === '/second').length === 1) req.socket.resetAndDestroy();
      else res.end(req.url);
    },
    {},
    5_000,
    60_000,
  );
  for (const path of ['/first', '/second']) expect(await it.ask(path, { host: PUBLISHED })).toMatchObject({ status: 200, body: path });
  expect(came).toEqual(['/first', '/second', '/second']);
});

test('a page that a published program breaks off while it ends for another one is had from it when it is back', async () => {
  const came: string[] = [];
  await using it = await openGateway(
    (req, res) => {
      came.push(req.url!);
      if (came.length <= 2) req.socket.resetAndDestroy();
      else res.end('here again');
    },
    {},
    5_000,
    60_000,
  );
  expect((await it.ask('/deadly', { host: PUBLISHED })).status).toBe(503);
  expect(await it.ask('/innocent', { host: PUBLISHED })).toMatchObject({ status: 200, body: 'here again' });
  expect(came).toEqual(['/deadly', '/innocent', '/innocent']);
});
