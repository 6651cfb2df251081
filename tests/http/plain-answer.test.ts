import { once } from 'node:events';
import { createServer as createHttpServer, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { SocketAnswer } from '#server/http/plain-answer.ts';
import type { PlainAnswer } from '#server/plain-exchange.ts';

interface Written {
  status: number;
  statusMessage?: string;
  headers: Record<string, string | number | string[]>;
  pieces: string[];
  last?: string;
}

function write(res: PlainAnswer, { status, statusMessage, headers, pieces, last }: Written): void {
  if (statusMessage !== undefined) res.statusMessage = statusMessage;
  res.writeHead(status, headers);
  if (pieces.length === 0 && last === undefined) res.flushHeaders();
  for (const piece of pieces) res.write(Buffer.from(piece));
  res.end(last);
}

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Two servers that send what is put before them: node:http's, and one of ours. */
async function openBoth() {
  let next: { written: Written; keepAlive: boolean } | undefined;
  const byNode = createHttpServer({ keepAliveTimeout: 7_000 }, (_req, res) => {
    if (!next?.keepAlive) res.setHeader('connection', 'close');
    write(res, next!.written);
  });
  const byUs = createServer((socket) => {
    socket.once('data', (bytes) => {
      const method = bytes.toString().split(' ')[0];
      const onSent = (isLast: boolean) => void (isLast && socket.end());
      write(new SocketAnswer({ socket, method, keepAliveSeconds: () => (next!.keepAlive ? 7 : 0), onSent }), next!.written);
    });
  });
  const ports = [await listening(byNode), await listening(byUs)];
  return async (written: Written, { method = 'GET', keepAlive = true } = {}) => {
    next = { written, keepAlive };
    return Promise.all(ports.map((port) => ask(port, method)));
  };
}

async function ask(port: number, method: string) {
  const sent = request({ host: '127.0.0.1', port, method, agent: false, headers: { connection: 'keep-alive' } }).end();
  const [res] = (await once(sent, 'response')) as [IncomingMessage];
  const body = (await buffer(res)).toString('latin1');
  sent.destroy();
  const { date, ...headers } = res.headers;
  return { status: res.statusCode, reason: res.statusMessage, headers, isDated: !Number.isNaN(Date.parse(date ?? '')), body };
}

const page = { 'content-type': 'text/html', 'content-length': 5 };
test.each<[string, Written, string?]>([
  ['a length', { status: 200, headers: page, pieces: [], last: 'hello' }],
  ['a length, in pieces', { status: 200, headers: page, pieces: ['he', 'llo'] }],
  ['chunks', { status: 200, headers: {}, pieces: ['hello', ' ', 'world'] }],
  ['chunks, one of them empty', { status: 200, headers: {}, pieces: ['hello', '', 'world'], last: '' }],
  ['chunks of more than ASCII', { status: 200, headers: {}, pieces: ['ä'], last: 'ö€' }],
  ['no body', { status: 200, headers: { 'content-length': 0 }, pieces: [] }],
  ['no body of unknown length', { status: 200, headers: {}, pieces: [] }],
  ['HEAD', { status: 200, headers: page, pieces: [] }, 'HEAD'],
  ['HEAD of unknown length', { status: 200, headers: {}, pieces: [] }, 'HEAD'],
  ['HEAD and a body', { status: 200, headers: page, pieces: ['he'], last: 'llo' }, 'HEAD'],
  ['nothing new', { status: 304, headers: { etag: '"a"' }, pieces: [] }],
  ['no content', { status: 204, headers: {}, pieces: [] }],
  ['a reason', { status: 404, statusMessage: 'Gone fishing', headers: { 'content-length': 0 }, pieces: [] }],
  ['a status that nobody knows', { status: 299, headers: { 'content-length': 0 }, pieces: [] }],
  ['several values', { status: 200, headers: { 'set-cookie': ['a=1', 'b=2'], vary: ['a', 'b'] }, pieces: [] }],
  ['more than ASCII, and nothing at all', { status: 200, headers: { 'x-a': 'caf\xe9\t!', 'x-b': '' }, pieces: ['hello'] }],
])('%s: sent as node:http sends it', async (_name, written, method = 'GET') => {
  const askBoth = await openBoth();
  for (const keepAlive of [true, false]) {
    const [byNode, byUs] = await askBoth(written, { method, keepAlive });
    expect(byUs).toEqual(byNode);
  }
});

test('a date that the site gave stays', async () => {
  const askBoth = await openBoth();
  const date = 'Tue, 24 Nov 2026 03:00:00 GMT';
  const answers = await askBoth({ status: 200, headers: { date, 'x-dates': '1' }, pieces: [] });
  for (const answer of answers) expect(answer).toMatchObject({ isDated: true, headers: { 'x-dates': '1' } });
});

test('bodies of any pieces arrive as they were', async () => {
  const askBoth = await openBoth();
  const pieces = fc.array(fc.string({ unit: 'binary', maxLength: 2_000 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.boolean(), async (parts, isLengthSaid) => {
      const length = Buffer.byteLength(parts.join(''));
      const headers: Written['headers'] = isLengthSaid ? { 'content-length': length } : {};
      const last = parts.at(-1);
      const [byNode, byUs] = await askBoth({ status: 200, headers, pieces: parts.slice(0, -1), ...(last === undefined ? {} : { last }) });
      expect(byUs).toEqual(byNode);
    }),
  );
});

test.each<[string, Partial<Written>]>([
  ['a line feed in a value', { headers: { a: 'b\nset-cookie: evil' } }],
  ['a carriage return in one of several values', { headers: { a: ['b', 'c\r'] } }],
  ['a NUL in a value', { headers: { a: '\0' } }],
  ['letters beyond one byte in a value', { headers: { a: '€' } }],
  ['a name with a colon', { headers: { 'a: b\r\nc': 'd' } }],
  ['a name of nothing', { headers: { '': 'd' } }],
  ['a reason that ends its line', { statusMessage: 'OK\r\nset-cookie: evil' }],
])('%s: refused before anything is sent', async (_name, some) => {
  const port = await listening(
    createServer((socket) => {
      socket.once('data', () => {
        const res = new SocketAnswer({ socket, method: 'GET', keepAliveSeconds: () => 1, onSent: () => {} });
        const written = { status: 200, headers: {}, pieces: [], ...some };
        expect(() => write(res, written)).toThrow(TypeError);
        expect(res.headersSent).toBe(false);
        res.statusMessage = '';
        write(res, { status: 502, headers: {}, pieces: [] });
      });
    }),
  );
  expect(await ask(port, 'GET')).toMatchObject({ status: 502, body: '' });
});
