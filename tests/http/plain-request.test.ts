import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlainRequest } from '#server/plain-exchange.ts';
import { readPlainRequest } from '#server/http/plain-request.ts';

const CHROMIUM = [
  'GET /about?x=1&y=%20 HTTP/1.1',
  'Host: bakery.preview.localhost:4321',
  'Connection: keep-alive',
  'sec-ch-ua: "Chromium";v="148", "Not A(Brand";v="8"',
  'sec-ch-ua-mobile: ?0',
  'Upgrade-Insecure-Requests: 1',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36',
  'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
  'Sec-Fetch-Mode: navigate',
  'Accept-Encoding: gzip, deflate, br, zstd',
  'Cookie: theme=dark; a="b c"',
];
const head = (lines: readonly string[]) => `${lines.join('\r\n')}\r\n\r\n`;
const read = (bytes: string) => readPlainRequest(Buffer.from(bytes, 'latin1'));
const seen = ({ method, url, headers }: PlainRequest) => ({ method, url, headers: { ...headers } });

const requests: ReturnType<typeof seen>[] = [];
const server = createServer({ requireHostHeader: false }, (req, res) => {
  requests.push(seen(req));
  res.end();
});
beforeAll(async () => void (await once(server.listen(0, '127.0.0.1'), 'listening')));
afterAll(() => void server.close());

/** All that node:http finds in a connection with these bytes; an error when it finds anything that is no request. */
async function readByNode(bytes: string): Promise<ReturnType<typeof seen>[]> {
  requests.length = 0;
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.end(bytes, 'latin1');
  if (/^HTTP\/1\.1 400 /m.test(await text(socket))) throw new Error('That was no request.');
  return [...requests];
}

/** Whatever is read here is the one request that node:http finds in the same bytes. */
async function expectTheSame(bytes: string): Promise<boolean> {
  const ours = read(bytes);
  if (ours) expect([seen(ours)], JSON.stringify(bytes)).toEqual(await readByNode(bytes));
  return ours !== undefined;
}

test('what browsers send is read as node:http reads it', async () => {
  expect(await expectTheSame(head(CHROMIUM))).toBe(true);
  expect(await expectTheSame(head(['HEAD / HTTP/1.1', 'host:a']))).toBe(true);
  expect(await expectTheSame(head(['GET //x/../%2e#y"<>\\^`{|} HTTP/1.1', 'Host: \t a \t ', 'Empty:', 'X: a: b\tc']))).toBe(true);
});

const refused: [string, string][] = [
  ['nothing', ''],
  ['no head', '\r\n\r\n'],
  ['the beginning of a head', head(CHROMIUM).slice(0, -2)],
  ['a head and more', `${head(CHROMIUM)}x`],
  ['two heads', head(CHROMIUM).repeat(2)],
  ['an empty line first', `\r\n${head(CHROMIUM)}`],
  ['another method', head(['POST / HTTP/1.1', 'Host: a'])],
  ['a method in lower case', head(['get / HTTP/1.1', 'Host: a'])],
  ['HTTP/1.0', head(['GET / HTTP/1.0', 'Host: a'])],
  ['HTTP/2', head(['PRI * HTTP/2.0', 'Host: a'])],
  ['a whole address', head(['GET http://a/ HTTP/1.1', 'Host: a'])],
  ['no address', head(['GET * HTTP/1.1', 'Host: a'])],
  ['a space in the address', head(['GET /a b HTTP/1.1', 'Host: a'])],
  ['letters beyond ASCII in the address', head(['GET /caf\xe9 HTTP/1.1', 'Host: a'])],
  ['letters beyond ASCII in a header', head(['GET / HTTP/1.1', 'Host: a', 'X: caf\xe9'])],
  ['a bare line feed', 'GET / HTTP/1.1\nHost: a\r\n\r\n'],
  ['a bare carriage return', 'GET / HTTP/1.1\rHost: a\r\n\r\n'],
  ['a line feed in a header', head(['GET / HTTP/1.1', 'Host: a', 'X: a\nContent-Length: 5'])],
  ['a NUL', head(['GET / HTTP/1.1', 'Host: a', 'X: a\0b'])],
  ['a folded header', head(['GET / HTTP/1.1', 'Host: a', 'X: a', ' b'])],
  ['a space before the colon', head(['GET / HTTP/1.1', 'Host : a'])],
  ['a header without a colon', head(['GET / HTTP/1.1', 'Host'])],
  ['a header without a name', head(['GET / HTTP/1.1', ': a'])],
  ['a name that is none', head(['GET / HTTP/1.1', 'Ho(st: a'])],
  ['a name of Object.prototype', head(['GET / HTTP/1.1', '__proto__: a'])],
  ['two hosts', head(['GET / HTTP/1.1', 'Host: a', 'host: b'])],
  ['a header twice', head(['GET / HTTP/1.1', 'Host: a', 'X: ', 'x: '])],
  ['a length', head(['GET / HTTP/1.1', 'Host: a', 'Content-Length: 0'])],
  ['chunks', head(['GET / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked'])],
  ['trailers', head(['GET / HTTP/1.1', 'Host: a', 'Trailer: X'])],
  ['another protocol', head(['GET / HTTP/1.1', 'Host: a', 'Upgrade: h2c'])],
  ['a WebSocket', head(['GET / HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: websocket'])],
  ['a body to come', head(['GET / HTTP/1.1', 'Host: a', 'Expect: 100-continue'])],
  ['a last request', head(['GET / HTTP/1.1', 'Host: a', 'Connection: close'])],
  ['options of the connection', head(['GET / HTTP/1.1', 'Host: a', 'Connection: keep-alive, X'])],
  ['a list', head(['GET / HTTP/1.1', 'Host: a', 'Set-Cookie: a=b'])],
  ['too much', head(['GET / HTTP/1.1', 'Host: a', `X: ${'x'.repeat(8 * 1024)}`])],
];

test.each(refused)('%s: left to node:http', (_name, bytes) => {
  expect(read(bytes)).toBeUndefined();
});

test('one byte put in, taken out or changed anywhere never makes another request of it than node:http reads', async () => {
  const whole = head(CHROMIUM);
  const byte = fc.oneof(fc.constantFrom(0, 9, 10, 13, 32, 44, 58, 127), fc.nat({ max: 255 })).map((code) => String.fromCharCode(code));
  const places = fc.oneof(
    fc.nat({ max: whole.length }),
    fc.nat({ max: 30 }),
    fc.nat({ max: 4 }).map((back) => whole.length - back),
  );
  const change = fc.tuple(places, byte, fc.constantFrom(0, 1, 2), fc.boolean());
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(change, async ([at, inserted, removed, isInsertion]) => {
      const changed = whole.slice(0, at) + (isInsertion ? inserted : '') + whole.slice(at + removed);
      if (await expectTheSame(changed)) accepted += 1;
    }),
    { numRuns: 1_000 },
  );
  expect(accepted).toBeGreaterThan(50);
});

test('heads put together at random are read as node:http reads them, or not at all', async () => {
  const any = fc.string({ unit: 'binary-ascii', maxLength: 12 });
  /** Mostly what is usual: otherwise hardly one of them would be read. */
  const mostly = (usual: string[], unusual: fc.Arbitrary<string>) =>
    fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: unusual });
  const method = mostly(['GET', 'HEAD'], fc.constantFrom('POST', 'OPTIONS', 'get', ''));
  const url = mostly(
    ['/', '/a/b.css?v=1', '//a', '/%00'],
    fc.oneof(
      fc.constantFrom('*', 'http://a/'),
      any.map((rest) => `/${rest}`),
    ),
  );
  const version = mostly(['HTTP/1.1'], fc.constantFrom('HTTP/1.0', 'HTTP/1.2', 'http/1.1'));
  const name = mostly(['Host', 'Accept', 'Cookie', 'Connection', 'Range', 'TE', 'constructor', 'Content-Length', 'Transfer-Encoding'], any);
  const value = mostly(['a', ' b ', '', '0', 'keep-alive', 'Keep-Alive', 'close', 'gzip, br'], any);
  const line = fc.tuple(name, mostly([':', ': ', ':\t'], fc.constant(' :')), value).map((parts) => parts.join(''));
  const end = mostly(['\r\n'], fc.constantFrom('\n', '\r', '\r\n\r\n'));
  const lines = fc.array(fc.tuple(line, end), { maxLength: 5 }).map((parts) => parts.flat().join(''));
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(method, url, version, end, lines, mostly(['\r\n'], any), async (...parts) => {
      const [ofMethod, ofUrl, ofVersion, ...rest] = parts;
      if (await expectTheSame(`${ofMethod} ${ofUrl} ${ofVersion}${rest.join('')}`)) accepted += 1;
    }),
    { numRuns: 2_000 },
  );
  expect(accepted).toBeGreaterThan(50);
});
