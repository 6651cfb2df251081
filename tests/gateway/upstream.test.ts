import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { HOST, openGateway } from './harness.ts';

/** A site that answers each request of a connection with bytes of the test's choice. */
async function openRawSite(answer: (path: string, socket: Socket) => string | Buffer | undefined) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const [, path = ''] of data.toString('latin1').matchAll(/^[A-Z]+ (\S+) HTTP/gm)) {
        const bytes = answer(path, socket);
        if (bytes !== undefined) socket.write(bytes, 'latin1');
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const gateway = await openGateway(undefined, { port: (server.address() as AddressInfo).port });
  return {
    ...gateway,
    sockets,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const plain = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

test('one request after the other goes over one connection', async () => {
  await using it = await openRawSite((path) => plain(path));
  for (const path of ['/a', '/b', '/c']) expect((await it.ask(path)).body).toBe(path);
  expect((await it.ask('/d', {}, { method: 'HEAD' })).headers['content-length']).toBe('2');
  expect(it.sockets).toHaveLength(1);
});

test('what a site sends beyond its answer reaches nobody', async () => {
  await using it = await openRawSite((path) => plain(path) + plain('evil'));
  for (const path of ['/a', '/b']) expect((await it.ask(path)).body).toBe(path);
  expect(it.sockets).toHaveLength(2);
});

test('what a site sends without being asked reaches nobody', async () => {
  await using it = await openRawSite((path, socket) => {
    setTimeout(() => socket.write(plain('evil')), 20);
    return plain(path);
  });
  expect((await it.ask('/a')).body).toBe('/a');
  await vi.waitFor(() => expect(it.sockets[0]!.destroyed).toBe(true));
  expect((await it.ask('/b')).body).toBe('/b');
});

test.each([
  ['a header that would split the answer', 'HTTP/1.1 200 OK\r\nX: a\nSet-Cookie: evil\r\nContent-Length: 4\r\n\r\nevil'],
  ['a length said twice', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nevil'],
  ['no HTTP', 'evil\r\n\r\n'],
  ['a reason that can not be passed on', 'HTTP/1.1 200 e\x01vil\r\nContent-Length: 4\r\n\r\nevil'],
])('%s: the site can not be reached, and nothing of that is passed on', async (_name, bytes) => {
  await using it = await openRawSite(() => bytes);
  const answer = await it.ask('/');
  expect(answer).toMatchObject({ status: 502, statusMessage: 'Bad Gateway' });
  expect(JSON.stringify(answer)).not.toContain('evil');
});

test.each(['GET', 'POST'])('no status line of a site does harm (%s)', async (method) => {
  const lines = ['200 e\x01vil', '200 \x7f', '200 \0', '000 evil', '099 evil', '600 evil', '999 evil'];
  await using it = await openRawSite((path) => `HTTP/1.1 ${lines[Number(path.slice(1))]}\r\nContent-Length: 4\r\n\r\nevil`);
  for (const index of lines.keys()) {
    const answer = await it.ask(`/${index}`, {}, { method, ...(method === 'POST' ? { body: 'a=b' } : {}) });
    expect(answer, lines[index]).toMatchObject({ status: 502, statusMessage: 'Bad Gateway' });
    expect(JSON.stringify(answer)).not.toContain('evil');
  }
});

test('no header of an answer to a form does harm', async () => {
  const values = ['\x01', '\x7f', '\0', 'caf\xe9', '\t'];
  await using it = await openRawSite((path) => `HTTP/1.1 200 OK\r\nX: ${values[Number(path.slice(1))]}\r\nContent-Length: 2\r\n\r\nok`);
  for (const index of values.keys()) {
    const answer = await it.ask(`/${index}`, {}, { method: 'POST', body: 'a=b' });
    expect([200, 502], values[index]).toContain(answer.status);
  }
});

test('an answer that turns out to be broken in the middle is broken off', async () => {
  await using it = await openRawSite((_path, socket) => {
    setTimeout(() => socket.write('nonsense\r\n'), 20);
    return 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n';
  });
  await expect(it.ask('/')).rejects.toThrow();
});

test('an answer that ends with its connection is whole', async () => {
  await using it = await openRawSite(
    (_path, socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end'),
  );
  expect(await it.ask('/')).toMatchObject({ status: 200, body: 'until the end' });
  expect((await it.ask('/')).body).toBe('until the end');
});

test('announcements are read over', async () => {
  await using it = await openRawSite((path) => `HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n${plain(path)}`);
  expect(await it.ask('/a')).toMatchObject({ status: 200, body: '/a' });
});

test('thirty thousand small chunks are one page', async () => {
  const chunks = Array.from({ length: 30_000 }, (_, index) => `${index} `);
  const framed = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
  await using it = await openRawSite(() => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${framed}0\r\n\r\n`);
  expect((await it.ask('/')).body).toBe(chunks.join(''));
});

test('a reader who asks for much and reads late gets every page as it was', async () => {
  const PAGES = 240;
  const page = (path: string) => `${path} `.repeat(50_000 / (path.length + 1));
  await using it = await openRawSite((path) => plain(page(path)));
  const client = connect(it.port, '127.0.0.1');
  await once(client, 'connect');
  const paths = Array.from({ length: PAGES }, (_, index) => `/page-${1_000 + index}`);
  client.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`).join(''));
  // Long enough for the kernel's memory of the connection to fill.
  await vi.waitFor(() => expect(it.sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0)).toBeGreaterThan(6_000_000));
  // Others are served meanwhile, over the same connections to the site.
  for (let round = 0; round < 3; round += 1) await Promise.all(Array.from({ length: 8 }, () => it.ask('/other')));
  let text = '';
  for await (const piece of client.setEncoding('latin1')) {
    text += String(piece);
    if (text.endsWith(page(paths.at(-1)!))) break;
  }
  const bodies = text.split(/HTTP\/1\.1 200 OK\r\n.*?\r\n\r\n/s).slice(1);
  expect(bodies).toHaveLength(PAGES);
  for (const [index, path] of paths.entries()) expect(bodies[index]).toBe(page(path));
});
