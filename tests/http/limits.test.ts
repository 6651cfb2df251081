import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { endpoint } from '../../src/pages/api/_endpoint.ts';
import { startApp } from './app-server.ts';
import { startServer } from './support.ts';

const MIB = 1024 * 1024;
const size = { POST: endpoint({ auth: 'public', summary: 'Measures.', input: z.looseObject({}) }, () => ({ body: 'read' })) };

test.each([
  ['application/json', MIB, 200],
  ['application/json', MIB + 1, 413],
  ['application/x-www-form-urlencoded', MIB + 1, 413],
  ['multipart/form-data; boundary=x', 10 * MIB, 200],
  ['multipart/form-data; boundary=x', 10 * MIB + 1, 413],
])('%s of %i bytes: %i', async (type, bytes, status) => {
  const { ask, origin } = await startServer();
  const answer = await ask('/api/x', { method: 'POST', headers: { origin, 'content-type': type }, body: Buffer.alloc(bytes) });
  expect(answer.status).toBe(status);
  if (status === 413) expect(answer.headers.connection).toBe('close');
});

test('a form that is sent without scripts and is too large is answered with a page that says so, and where what was typed is', async () => {
  const { ask, origin } = await startServer();
  const headers = {
    origin,
    'content-type': 'multipart/form-data; boundary=x',
    accept: 'text/html,*/*;q=0.8',
    'sec-fetch-dest': 'document',
  };
  const answer = await ask('/api/projects?_from=/', { method: 'POST', headers, body: Buffer.alloc(10 * MIB + 1) });
  expect(answer.status).toBe(413);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.text).toMatch(/7 MiB together/);
  expect(answer.text).toMatch(/Go back in your browser/);
});

test('too large a body is refused before a byte of it was sent', async () => {
  const { port, origin } = await startServer();
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `POST / HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: ${origin}\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n`,
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString()).toMatch(/^HTTP\/1.1 413 /);
  socket.destroy();
});

test('a client that asks first is told to go on when nothing speaks against it', async () => {
  const { port, origin } = await startServer();
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `POST / HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: ${origin}\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write('{}');
  const [second] = (await once(socket, 'data')) as [Buffer];
  expect(second.toString()).toMatch(/^HTTP\/1.1 200 /);
  socket.destroy();
});

test('a body of unknown length is counted while it arrives', async () => {
  const { origin, clientDir: _, ...app } = await startApp({ routes: { '/api/setup': size } });
  const chunked = (bytes: number) =>
    app.ask('/api/setup', {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      body: JSON.stringify({ text: 'x'.repeat(bytes) }),
    });
  expect((await chunked(MIB / 2)).status).toBe(200);
  const refused = await chunked(2 * MIB);
  expect([refused.status, refused.json().error.code, refused.headers.connection]).toEqual([413, 'body_too_large', 'close']);
});

test('headers that dribble are cut with 408', async () => {
  const { raw, port } = await startServer({ timeouts: { headersMs: 50, requestMs: 100, checkMs: 20 } });
  expect(await raw(`GET / HTTP/1.1\r\nHost: localhost:${port}\r\n`, { wait: true })).toMatch(/^HTTP\/1.1 408 [^]*request_timeout/);
});

test('a body that dribbles is cut with 408', async () => {
  const { raw, port, origin } = await startServer({ timeouts: { headersMs: 50, requestMs: 100, checkMs: 20 } });
  const head = `POST / HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: ${origin}\r\nContent-Length: 10\r\n\r\n`;
  expect(await raw(`${head}abc`, { wait: true })).toMatch(/^HTTP\/1.1 408 /);
});

test('the timeouts and sizes are the ones we promise', async () => {
  const { http } = await startServer();
  expect(http.server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 60_000 });
});
