import { expect, test } from 'vitest';
import { createAppHosts } from '#server/http/app-hosts.ts';
import { previewGateway, startServer } from './support.ts';

const local = { host: '127.0.0.1', publicUrl: undefined };

test.each([
  ['localhost:4321', local, true],
  ['127.0.0.1:4321', local, true],
  ['[::1]:4321', local, true],
  ['localhost', local, false],
  ['localhost:80', local, false],
  ['localhost:4322', local, false],
  ['localhost.:4321', local, false],
  ['evil.example', local, false],
  ['evil.example:4321', local, false],
  ['localhost.evil.example:4321', local, false],
  ['192.168.1.5:4321', local, false],
  ['', local, false],
  ['192.168.1.5:4321', { host: '192.168.1.5', publicUrl: undefined }, true],
  ['[fd00::5]:4321', { host: 'fd00::5', publicUrl: undefined }, true],
  ['0.0.0.0:4321', { host: '0.0.0.0', publicUrl: undefined }, false],
  ['[::]:4321', { host: '::', publicUrl: undefined }, false],
  ['localhost:4321', { host: '0.0.0.0', publicUrl: undefined }, true],
  ['doce.example', { ...local, publicUrl: 'https://doce.example' }, true],
  ['doce.example:443', { ...local, publicUrl: 'https://doce.example' }, true],
  ['doce.example:4321', { ...local, publicUrl: 'https://doce.example' }, false],
  ['doce.example:8443', { ...local, publicUrl: 'https://doce.example:8443' }, true],
  ['doce.example:80', { ...local, publicUrl: 'http://doce.example' }, true],
])('the host "%s" with %o is the app: %s', (host, config, expected) => {
  expect(createAppHosts(config)(host, 4321)).toBe(expected);
});

test('on port 80 browsers leave the port out', () => {
  expect(createAppHosts(local)('localhost', 80)).toBe(true);
});

test('a name longer than DNS knows is nobody', async () => {
  const { ask } = await startServer();
  const rest = '.preview.localhost:65535';
  expect((await ask('/', { host: `${'a'.repeat(259 - rest.length)}${rest}` })).status).toBe(200);
  expect((await ask('/', { host: `${'a'.repeat(260 - rest.length)}${rest}` })).status).toBe(421);
});

test('previews go to the gateway, before any rule of the app', async () => {
  const { ask, port } = await startServer();
  const answer = await ask('/', { host: `roastery.preview.localhost:${port}`, method: 'POST' });
  expect(answer.text).toBe('preview roastery');
  expect(answer.headers['content-security-policy']).toBeUndefined();
});

test('a crash in the gateway is a plain 500', async () => {
  const { ask, port } = await startServer({
    gateway: {
      ...previewGateway,
      matchHost: () => 'x',
      handleRequest: () => Promise.reject(new Error('secret detail')),
      handleUpgrade: () => undefined,
    },
  });
  const answer = await ask('/', { host: `x.preview.localhost:${port}` });
  expect(answer.status).toBe(500);
  expect(answer.text).not.toContain('secret detail');
});

test('WebSockets of previews go to the gateway, other upgrades are ignored offers', async () => {
  const { raw, port } = await startServer();
  const upgrade = (host: string, to: string) =>
    raw(`GET / HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: upgrade, close\r\nUpgrade: ${to}\r\n\r\n`, { wait: true });
  expect(await upgrade('roastery.preview.localhost', 'websocket')).toMatch(/^HTTP\/1.1 101 [^]*roastery$/);
  expect(await upgrade('localhost', 'websocket')).toMatch(/^HTTP\/1.1 400 /);
  expect(await upgrade('localhost', 'h2c')).toMatch(/^HTTP\/1.1 200 /);
});

test('forwarded headers of a stranger reach nobody', async () => {
  const { ask, port } = await startServer();
  const forwarded = {
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'for=1',
    'x-real-ip': '1.2.3.4',
  };
  const seen = JSON.parse((await ask('/', { headers: forwarded })).text);
  expect(seen.edge).toMatchObject({ clientAddress: '127.0.0.1', origin: `http://localhost:${port}`, host: `localhost:${port}` });
  expect(Object.keys(seen.headers).filter((name) => /forwarded|real-ip/.test(name))).toEqual([]);
  expect(seen.headers.host).toBe(`localhost:${port}`);
});

test('the configured proxy is believed: the last value of each list', async () => {
  const { ask } = await startServer({ config: { trustedProxy: '127.0.0.1', publicUrl: 'https://doce.example' } });
  const headers = { 'x-forwarded-for': '10.9.9.9, 203.0.113.9', 'x-forwarded-host': 'doce.example', 'x-forwarded-proto': 'https' };
  const seen = JSON.parse((await ask('/', { host: 'internal:1', headers })).text);
  expect(seen.edge).toMatchObject({ clientAddress: '203.0.113.9', origin: 'https://doce.example' });
  expect((await ask('/', { headers: { ...headers, 'x-forwarded-host': 'evil.example' } })).status).toBe(421);
});

test('a port no host can have is an unknown host', async () => {
  const { ask } = await startServer();
  expect((await ask('/', { host: 'localhost:99999' })).status).toBe(421);
  expect((await ask('/', { host: 'x; script-src *' })).status).toBe(421);
});
