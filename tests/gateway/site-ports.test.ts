import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createSitePorts } from '#server/gateway/site-ports.ts';
import { createLog } from '#server/log.ts';

/** A range whose first port another program holds. */
async function setup(length = 3) {
  const other = createServer();
  const first = await listenBelow(other);
  onTestFinished(() => void other.close());
  const range = { first, last: first + length };
  const make = () => {
    const ports = createSitePorts({
      host: '127.0.0.1',
      range,
      handleRequest: (_req, res, match) => void res.end(`${match.kind} ${match.slug} ${match.isOwnPort}`),
      handleUpgrade: (_req, socket, _head, match) => void socket.end(`HTTP/1.1 418 ${match.slug}\r\n\r\n`),
      log: createLog('silent'),
    });
    onTestFinished(() => ports.closeAll());
    return ports;
  };
  return { range, ports: make(), make };
}

/** Below what the system gives to whoever asks for any port: those beside one of that are other tests' at any moment. */
async function listenBelow(server: Server): Promise<number> {
  for (let port = 20_000 + (process.pid % 1_000) * 10; ; port += 10) {
    server.listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (isFree) return port;
  }
}

const read = async (port: number | undefined) => (await fetch(`http://127.0.0.1:${port}/`)).text();

test('a site gets the first port that is free, and is served there under whatever name it has', async () => {
  const { ports, range } = await setup();
  let slug = 'shop';
  const port = await ports.open('p1', null, () => slug);
  expect(port).toBeGreaterThan(range.first);
  expect(await read(port)).toBe('production shop true');
  slug = 'bakery';
  expect(await read(port)).toBe('production bakery true');
  expect(await ports.open('p1', null, () => slug)).toBe(port);
  expect(ports.portOf('p1')).toBe(port);
});

test('sites get ports of their own, and keep them when they can', async () => {
  const { ports, make } = await setup();
  const [one, two] = await Promise.all(['p1', 'p2'].map((id) => ports.open(id, null, () => id)));
  expect(one).not.toBe(two);
  ports.closeAll();
  const later = make();
  expect(await later.open('p2', two!, () => 'p2')).toBe(two);
  expect(await later.open('p1', one!, () => 'p1')).toBe(one);
});

test('a port that somebody else has taken meanwhile is replaced; one outside the range is not used', async () => {
  const { ports, range } = await setup();
  expect(await ports.open('p1', range.first, () => 'a')).toBeGreaterThan(range.first);
  expect(await ports.open('p2', range.last + 1, () => 'b')).toBeLessThanOrEqual(range.last);
});

test('when every port is taken the site has none, until one is free again', async () => {
  const { ports } = await setup(0);
  expect(await ports.open('p1', null, () => 'a')).toBeUndefined();
  expect(ports.portOf('p1')).toBeUndefined();
});

test('a closed port is nobody’s', async () => {
  const { ports } = await setup();
  const port = await ports.open('p1', null, () => 'a');
  ports.close('p1');
  await expect(read(port)).rejects.toThrow();
});

test('without a range nothing is opened', async () => {
  const handle = () => expect.fail('nothing listens');
  const ports = createSitePorts({
    host: '127.0.0.1',
    range: undefined,
    handleRequest: handle,
    handleUpgrade: handle,
    log: createLog('silent'),
  });
  expect(ports.isOn).toBe(false);
  expect(await ports.open('p1', 4400, () => 'a')).toBeUndefined();
});
