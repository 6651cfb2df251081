import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAnswerReader } from '#server/gateway/answer-reader.ts';

interface Read {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: string;
}

/** What we make of an answer that arrives in these pieces, after which the connection ends. */
function readInPieces(pieces: Buffer[], method = 'GET'): Read & { isReusable: boolean } {
  const reader = createAnswerReader(method);
  // Copied at once: what is returned points into what was read.
  const body = pieces.flatMap((piece) => reader.read(piece).map((part) => part.toString('latin1'))).join('');
  const wasDone = reader.isDone;
  if (!reader.endsHere()) throw new Error('It ended in the middle.');
  return { status: reader.head?.status, headers: { ...reader.head?.headers }, body, isReusable: wasDone && reader.isReusable };
}

/** What node:http makes of it. */
async function readByNode(answer: Buffer, method: string): Promise<Read> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const sent = request({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, method, agent: false });
    sent.end();
    const [got] = (await once(sent, 'response')) as [IncomingMessage];
    const body = await buffer(got);
    return { status: got.statusCode, headers: { ...got.headers }, body: body.toString('latin1') };
  } finally {
    server.close();
  }
}

const answers: [string, string, string?][] = [
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
  ['no body', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['no reason', 'HTTP/1.1 404\r\nContent-Length: 2\r\n\r\nno'],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n'],
  ['extensions and trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n'],
  ['the end of the connection', 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end'],
  ['the end of the connection, of HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nold'],
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n', 'HEAD'],
  ['HEAD with chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 'HEAD'],
  ['nothing new', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 999\r\nETag: "a"\r\n\r\n'],
  ['no content', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['announcements first', 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['cookies', 'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n'],
  ['headers twice', 'HTTP/1.1 200 OK\r\nVary: a\r\nVary: b\r\nContent-Type: text/a\r\nContent-Type: text/b\r\nContent-Length: 0\r\n\r\n'],
  ['spaces', 'HTTP/1.1 200 OK\r\nA:   b \t\r\nEmpty:\r\nContent-Length:  1 \r\n\r\nx'],
  ['letters beyond ASCII', 'HTTP/1.1 200 OK\r\nX: caf\xe9\r\nContent-Length: 1\r\n\r\n\xff'],
];

test.each(answers)('%s: read as node:http reads it, in whatever pieces it comes', async (_name, text, method = 'GET') => {
  const answer = Buffer.from(text, 'latin1');
  const byNode = await readByNode(answer, method);
  const { isReusable: _, ...whole } = readInPieces([answer], method);
  expect(whole).toEqual(byNode);
  for (let at = 1; at < answer.length; at += 1)
    expect(readInPieces([answer.subarray(0, at), answer.subarray(at)], method)).toMatchObject(byNode);
  expect(
    readInPieces(
      Array.from(answer, (byte) => Buffer.from([byte])),
      method,
    ),
  ).toMatchObject(byNode);
});

test.each([
  ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'],
  ['a signed length', 'HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello'],
  ['a coding that is not known', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
  ['chunks of HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a size that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n'],
  ['a chunk that is longer than it says', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n'],
  ['a chunk whose line ends early', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n'],
  ['a folded header', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n'],
  ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello'],
  ['a header without a name', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n'],
  ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
  ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n'],
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['announcements and nothing else', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(5_000)],
  ['a head without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`],
  ['a size without end', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}`],
  ['trailers without end', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'A: b\r\n'.repeat(5_000)}`],
  ['the middle of a body', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell'],
  ['the middle of a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhell'],
  ['the middle of the head', 'HTTP/1.1 200 OK\r\nContent-Len'],
])('%s: refused', (_name, text) => {
  expect(() => readInPieces([Buffer.from(text, 'latin1')])).toThrow();
});

test.each([
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', true],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', true],
  ['a site that closes', 'HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nok', false],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', false],
  ['HTTP/1.0 that keeps', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok', true],
  ['more than it said', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil', false],
  ['more after its chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', false],
  ['a body where there is none', 'HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', false],
])('%s: whether the connection may be used again is %s', (_name, text, isReusable) => {
  expect(readInPieces([Buffer.from(text, 'latin1')]).isReusable).toBe(isReusable);
});

test('bodies of any size, in any chunks and pieces, are what was sent', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (chunks, sizes) => {
      const sent = chunks.filter((chunk) => chunk.length > 0).map((chunk) => Buffer.from(chunk));
      const framed = sent.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]);
      const head = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      let rest = Buffer.concat([head, ...framed, Buffer.from('0\r\n\r\n')]);
      const pieces: Buffer[] = [];
      for (let index = 0; rest.length > 0; index += 1) {
        const size = sizes[index % sizes.length]!;
        pieces.push(rest.subarray(0, size));
        rest = rest.subarray(size);
      }
      expect(readInPieces(pieces).body).toBe(Buffer.concat(sent).toString('latin1'));
    }),
  );
});
