import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOST, openGateway } from './harness.ts';

const answers = [
  'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\nSet-Cookie: a=b\r\n\r\nhello',
  'HTTP/1.1 302 Found\r\nLocation: /there\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n\x81\x02hi',
];
const GET = `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
const requests = [
  GET,
  `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\nCookie: a=b; doce_session=c\r\n\r\n`,
  `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 3\r\n\r\na=b`,
  `POST / HTTP/1.1\r\nHost: ${HOST}\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n3\r\na=b\r\n0\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n\r\n`,
];
const requestsOfApp = ['GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n'];

/** One of them in which a few bytes are others, are there twice, or are away. */
function spoilt(texts: string[]): fc.Arbitrary<string> {
  const byte = fc.oneof(fc.constantFrom(0, 1, 10, 13, 32, 48, 57, 58), fc.nat(255));
  const changes = fc.array(fc.tuple(fc.nat(), byte, fc.constantFrom('take', 'change', 'add')), { maxLength: 3 });
  return fc.tuple(fc.constantFrom(...texts), changes).map(([text, all]) =>
    all.reduce((so, [place, code, how]) => {
      const at = place % so.length;
      return so.slice(0, at) + (how === 'take' ? '' : String.fromCharCode(code)) + so.slice(how === 'add' ? at : at + 1);
    }, text),
  );
}

/** A preview of a site that says what the test wants and ends the connection. */
async function openScene() {
  const site = { says: answers[0]! };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(site.says, 'latin1'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const gateway = await openGateway(undefined, { port: (server.address() as AddressInfo).port }, 5_000, 3_000);
  /** The beginning of what comes back, or of what comes within a time. */
  const hear = async (request: string, withinMs?: number) => {
    const socket = connect(gateway.port, '127.0.0.1');
    let heard = '';
    const leave = withinMs === undefined ? undefined : setTimeout(() => socket.end(), withinMs);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      setTimeout(() => socket.end(), 1);
    });
    socket.write(request, 'latin1');
    await once(socket, 'close');
    clearTimeout(leave);
    return heard;
  };
  return {
    site,
    hear,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      server.close();
    },
  };
}

// What is thrown where nobody catches it fails the run: it would have ended the host, and every site with it.
test('whatever a site says, the host goes on', { timeout: 120_000 }, async () => {
  await using it = await openScene();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...requests), spoilt(answers), async (request, answer) => {
      it.site.says = answer;
      await it.hear(request, 20);
      it.site.says = answers[0]!;
      expect((await it.hear(GET)).split('\r\n')[0]).toBe('HTTP/1.1 200 OK');
    }),
    { numRuns: 1_000 },
  );
});

test('whatever a stranger says, the host goes on', { timeout: 120_000 }, async () => {
  await using it = await openScene();
  await fc.assert(
    fc.asyncProperty(spoilt([...requests, ...requestsOfApp]), async (request) => {
      await it.hear(request, 20);
      expect((await it.hear(GET)).split('\r\n')[0]).toBe('HTTP/1.1 200 OK');
    }),
    { numRuns: 1_000 },
  );
});
