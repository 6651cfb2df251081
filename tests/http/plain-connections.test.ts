import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { PlainAnswer, PlainRequest } from '#server/plain-exchange.ts';
import type { SitesGateway } from '#server/http/gateway-seam.ts';
import { previewGateway, startServer } from './support.ts';
import type { Overrides } from './support.ts';

const HOST = 'bakery.preview.localhost';
const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\n${more}\r\n`;
const post = (path: string, body: string) => `POST ${path} HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** Our server, with a gateway that says by which way a request came: `plain /path` or `node /path bytes of the body`. */
async function openServer(plainly?: (req: PlainRequest, res: PlainAnswer) => unknown, overrides: Overrides = {}) {
  const say = (res: PlainAnswer, words: string) => res.writeHead(200, { 'content-length': words.length }).end(words);
  const gateway: SitesGateway<string> = {
    ...previewGateway,
    async handleRequest(req: IncomingMessage, res, _match) {
      let bytes = 0;
      for await (const chunk of req) bytes += (chunk as Buffer).length;
      say(res, `node ${req.url} ${bytes}`);
    },
    takesPlain: () => true,
    handlePlain: (req, res) => (req.url === '/now' || !plainly ? say(res, `plain ${req.url}`) : plainly(req, res)),
  };
  const server = await startServer({ gateway, ...overrides });
  const open = async () => {
    const socket = connect(server.port, '127.0.0.1');
    const [[ofServer]] = (await Promise.all([once(server.http.server, 'connection'), once(socket, 'connect')])) as [[Socket], unknown];
    /** Alone in a read of the server's. */
    const send = async (bytes: string) => {
      const { bytesRead } = ofServer;
      socket.write(bytes);
      await vi.waitFor(() => expect(ofServer.bytesRead).toBe(bytesRead + bytes.length));
    };
    return { socket, send, ...readerOf(socket) };
  };
  return { ...server, open };
}

/** Reads the bodies of answers that come on a connection, each with its length. */
function readerOf(socket: Socket) {
  let text = '';
  let heads = '';
  const bodies: string[] = [];
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    for (;;) {
      const [head = '', length] = /^[^]*?content-length: (\d+)\r\n[^]*?\r\n\r\n/i.exec(text) ?? [];
      if (length === undefined || text.length < head.length + Number(length)) return;
      heads += head;
      bodies.push(text.slice(head.length, head.length + Number(length)));
      text = text.slice(head.length + Number(length));
    }
  });
  return { bodies, heads: () => heads, until: (count: number) => vi.waitFor(() => expect(bodies).toHaveLength(count)) };
}

test('requests are answered on their connection until one is not plain, and from then on by node:http', async () => {
  const { open } = await openServer();
  const { socket, bodies, until } = await open();
  for (const [index, bytes] of [get('/a'), get('/b'), post('/c', 'x'.repeat(300_000)), get('/d')].entries()) {
    socket.write(bytes);
    await until(index + 1);
  }
  expect(bodies).toEqual(['plain /a', 'plain /b', 'node /c 300000', 'node /d 0']);
  socket.destroy();
});

test('a body that follows its head later arrives whole', async () => {
  const { open } = await openServer();
  const { socket, bodies, until } = await open();
  const bytes = post('/c', 'x'.repeat(500_000));
  for (let at = 0; at < bytes.length; at += 100_000) {
    socket.write(bytes.slice(at, at + 100_000));
    await delay(2);
  }
  await until(1);
  expect(bodies).toEqual(['node /c 500000']);
  socket.destroy();
});

test('a head in two pieces is left to node:http', async () => {
  const { open } = await openServer();
  const { socket, send, bodies, until } = await open();
  await send(get('/a').slice(0, 20));
  await send(get('/a').slice(20));
  await until(1);
  expect(bodies).toEqual(['node /a 0']);
  socket.destroy();
});

test('requests that are sent at once are answered in their order', async () => {
  const { open } = await openServer();
  const { socket, bodies, until } = await open();
  socket.write(get('/a') + get('/b') + post('/c', 'ccc') + get('/d'));
  await until(4);
  expect(bodies).toEqual(['node /a 0', 'node /b 0', 'node /c 3', 'node /d 0']);
  socket.destroy();
});

test('what comes while an answer is on its way waits for its turn', async () => {
  const waiting: (() => void)[] = [];
  const { open } = await openServer((req, res) => {
    waiting.push(() => res.writeHead(200, { 'content-length': 7 }).end(`late ${req.url}`));
  });
  const { socket, send, bodies, until } = await open();
  for (const bytes of [get('/1'), get('/now'), get('/2')]) await send(bytes);
  for (const bytes of [post('/c', 'x'.repeat(200_000)), get('/d')]) socket.write(bytes);
  for (const answered of [2, 5]) {
    expect(waiting).toHaveLength(1);
    waiting.pop()!();
    await until(answered);
  }
  expect(bodies).toEqual(['late /1', 'plain /now', 'late /2', 'node /c 200000', 'node /d 0']);
  socket.destroy();
});

test('one that came early and alone is still plain', async () => {
  let answerNow = () => {};
  const { open } = await openServer((_req, res) => {
    answerNow = () => res.writeHead(200, { 'content-length': 4 }).end('late');
  });
  const { socket, send, bodies, until } = await open();
  await send(get('/slow'));
  await send(get('/now'));
  answerNow();
  await until(2);
  expect(bodies).toEqual(['late', 'plain /now']);
  socket.destroy();
});

test.each([
  ['the app', { host: (port: number) => `localhost:${port}`, overrides: {}, expected: /^HTTP\/1\.1 200 [^]*"url":"\/a"/ }],
  ['an unknown host', { host: () => 'evil.example', overrides: {}, expected: /^HTTP\/1\.1 421 / }],
  ['no host', { host: () => '', overrides: {}, expected: /^HTTP\/1\.1 421 / }],
  [
    'sites behind a trusted proxy',
    { host: () => HOST, overrides: { config: { trustedProxy: '127.0.0.1' } }, expected: /^HTTP\/1\.1 200 [^]*node \/a 0/ },
  ],
])('%s: node:http reads it', async (_name, { host, overrides, expected }) => {
  const plainly = vi.fn();
  const { port } = await openServer(plainly, overrides);
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.on('data', (bytes) => (heard += bytes.toString('latin1')));
  socket.write(`GET /a HTTP/1.1\r\nHost: ${host(port)}\r\n\r\n`);
  await vi.waitFor(() => expect(heard).toMatch(expected));
  expect(plainly).not.toHaveBeenCalled();
  socket.destroy();
});

test('who is meant can not be found out: the request fails where that is told', async () => {
  const { ask } = await openServer(undefined, {
    gateway: {
      ...previewGateway,
      matchHost: () => {
        throw new Error('secret detail');
      },
    },
  });
  const answer = await ask('/', { host: HOST, headers: { connection: 'keep-alive' } });
  expect(answer.status).toBe(500);
  expect(answer.text).not.toContain('secret detail');
});

test('a crash in the gateway breaks the connection off', async () => {
  const { open } = await openServer(() => Promise.reject(new Error('secret detail')));
  const { socket } = await open();
  socket.write(get('/'));
  await once(socket, 'close');
  expect(socket.bytesRead).toBe(0);
});

test('a reader who goes is noticed, and so is one who says nothing more', async () => {
  for (const leave of [(socket: Socket) => socket.destroy(), (socket: Socket) => socket.end()]) {
    let answer: PlainAnswer | undefined;
    const left = vi.fn();
    const { open } = await openServer((_req, res) => {
      answer = res;
      res.once('close', left);
    });
    const { socket } = await open();
    socket.write(get('/'));
    await vi.waitFor(() => expect(answer).toBeDefined());
    leave(socket);
    await vi.waitFor(() => expect(left).toHaveBeenCalledOnce());
    expect(answer!.destroyed).toBe(true);
    answer!.writeHead(200, {}).end('nobody reads this');
  }
});

test('who reads late is waited for', async () => {
  const size = 30_000_000;
  let written = 0;
  const { port } = await openServer(async (_req, res) => {
    res.writeHead(200, { 'content-length': size });
    for (; written < size; written += 100_000) {
      if (!res.write(Buffer.alloc(100_000, 'x'))) await new Promise<void>((resolve) => res.once('drain', resolve));
    }
    res.end();
  });
  const socket = connect(port, '127.0.0.1');
  socket.write(get('/'));
  await delay(100);
  expect(written).toBeLessThan(size / 2);
  let bytes = 0;
  let tail = '';
  socket.on('data', (read: Buffer) => {
    bytes += read.length;
    tail = (tail + read.toString('latin1')).slice(-40);
  });
  await vi.waitFor(() => expect(bytes).toBeGreaterThan(size), 10_000);
  socket.write(get('/now'));
  await vi.waitFor(() => expect(tail).toMatch(/plain \/now$/));
  socket.destroy();
});

test('an answer that is broken off breaks its connection off', async () => {
  const { open } = await openServer((_req, res) => {
    res.writeHead(200, { 'content-length': 5 }).write(Buffer.from('he'));
    res.destroy();
  });
  const { socket, bodies } = await open();
  socket.write(get('/'));
  await once(socket, 'close');
  expect(bodies).toEqual([]);
});

test('a connection without a request is closed, and an answer may take its time', async () => {
  const { open } = await openServer(
    async (_req, res) => {
      await delay(1_300);
      res.writeHead(200, { 'content-length': 4 }).end('late');
    },
    { timeouts: { idleMs: 100 } },
  );
  const [silent, slow] = [await open(), await open()];
  slow.socket.write(get('/slow'));
  await once(silent.socket, 'close');
  await slow.until(1);
  await once(slow.socket, 'close');
  expect(slow.heads()).toContain('keep-alive: timeout=0.1');
});

test('what node:http answers may take longer than a connection may be without a request', async () => {
  const { ask } = await startServer({
    timeouts: { idleMs: 50 },
    handler: async (_req, res) => {
      await delay(1_300);
      res.end('late');
    },
  });
  expect((await ask('/', { headers: { connection: 'keep-alive' } })).text).toBe('late');
});

test('at the stop connections without a request are closed at once, the others after their answer', async () => {
  let answerNow = () => {};
  const { open, http } = await openServer((_req, res) => {
    answerNow = () => res.writeHead(200, { 'content-length': 4 }).end('done');
  });
  const [silent, idle, busy] = [await open(), await open(), await open()];
  idle.socket.write(get('/now'));
  await idle.until(1);
  await busy.send(get('/slow'));
  const stopped = http.stop(60_000);
  await Promise.all([once(silent.socket, 'close'), once(idle.socket, 'close')]);
  expect(busy.socket.destroyed).toBe(false);
  answerNow();
  await Promise.all([stopped, once(busy.socket, 'close')]);
  expect(busy.bodies).toEqual(['done']);
  expect(busy.heads()).toContain('connection: close');
});

test('an answer that began before the stop is finished, and its connection with it', async () => {
  let finish = () => {};
  const { open, http } = await openServer((_req, res) => {
    res.writeHead(200, { 'content-length': 4 }).write(Buffer.from('do'));
    finish = () => res.end('ne');
  });
  const { socket, bodies, heads } = await open();
  socket.write(get('/slow'));
  await vi.waitFor(() => expect(socket.bytesRead).toBeGreaterThan(0));
  const stopped = http.stop(60_000);
  finish();
  await Promise.all([stopped, once(socket, 'close')]);
  expect(heads()).toContain('connection: keep-alive');
  expect(bodies).toEqual(['done']);
});

test('what is not answered by the deadline of the stop is cut', async () => {
  const closed = vi.fn();
  const { open, http } = await openServer((_req, res) => void res.once('close', closed));
  const { socket, send } = await open();
  await send(get('/slow'));
  await Promise.all([http.stop(10), once(socket, 'close')]);
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
});
