import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { previewGateway, startServer } from './support.ts';

function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

test('a request under way is finished, nothing new is taken, and connections do not linger', async () => {
  const arrived = gate();
  const release = gate();
  const server = await startServer({
    handler: async (_req, res: ServerResponse) => {
      arrived.open();
      await release.opened;
      res.end('done');
    },
  });
  const underWay = fetch(`${server.origin.replace('localhost', '127.0.0.1')}/`);
  await arrived.opened;
  const stopped = server.http.stop(60_000);
  await expect(server.ask('/')).rejects.toThrow(/ECONNREFUSED/);
  release.open();
  expect(await (await underWay).text()).toBe('done');
  await stopped;
});

test('what is not done by the deadline is cut', async () => {
  const arrived = gate();
  const server = await startServer({ handler: () => arrived.open() });
  const hanging = server.ask('/');
  const failed = expect(hanging).rejects.toThrow(/socket hang up|ECONNRESET/);
  await arrived.opened;
  await server.http.stop(10);
  await failed;
});

test('WebSockets are ended at once', async () => {
  const { port, http } = await startServer({
    gateway: {
      ...previewGateway,
      matchHost: () => 'site',
      handleRequest: () => undefined,
      handleUpgrade: (_req, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    },
  });
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET / HTTP/1.1\r\nHost: x.preview.localhost:${port}\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n`);
  await once(socket, 'data');
  const closed = once(socket, 'close');
  await http.stop(60_000);
  await closed;
});

test('a taken port is reported', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  await expect(startServer({ config: { port: (taken.address() as AddressInfo).port } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
