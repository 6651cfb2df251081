import { createServer, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createGateway } from '#server/gateway/gateway.ts';
import { createLog } from '#server/log.ts';
import { createRuntime } from '#server/runtime/runtime.ts';
import type { Runtime } from '#server/runtime/runtime.ts';
import { warmStore } from '#server/runtime/store.ts';

const templatesDir = join(import.meta.dirname, '../../templates');
// Kept between runs: fetching the packages again would prove nothing.
const storeDir = join(tmpdir(), 'doce-test-store');
const log = createLog('silent');
const dataDir = mkdtempSync(join(tmpdir(), 'doce-starter-test-'));
const projectDir = join(dataDir, 'projects', 'p1');
const page = join(projectDir, 'workspace', 'src', 'pages', 'index.astro');
let runtime: Runtime;
let gatewayPort = 0;
let publicHost = '';
const wakes: string[] = [];
const gateway = createGateway({
  sitesDomain: 'localhost',
  appOrigins: () => [`http://localhost:${gatewayPort}`],
  resolveProject: () => {
    const port = runtime.devServer('p1')?.port;
    return { projectId: 'p1', name: 'Bakery', status: port === undefined ? 'stopped' : 'running', port };
  },
  touch: () => {},
  wake: (projectId) => void wakes.push(projectId),
  log,
});
const front = createServer((req, res) => void gateway.handleRequest(req, res, { kind: 'preview', slug: 'bakery' }));
front.on('upgrade', (req, socket: Socket, head) => void gateway.handleUpgrade(req, socket, head, { kind: 'preview', slug: 'bakery' }));

const prepare = () =>
  runtime.prepareWorkspace({ projectDir, projectId: 'p1', template: 'starter', signal: AbortSignal.timeout(60_000), onLog: () => {} });
const start = (port: number | null = null) =>
  runtime.startDevServer({
    projectId: 'p1',
    projectDir,
    port,
    publicHost,
    signal: AbortSignal.timeout(60_000),
    onLog: () => {},
    onExit: () => {},
  });

beforeAll(async () => {
  await mkdir(join(dataDir, 'projects'), { recursive: true });
  expect((await warmStore({ storeDir, templatesDir, template: 'starter', log })).state).not.toBe('cold');
  runtime = createRuntime({ dataDir, templatesDir, storeDir, log, sandbox: 'auto' });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  gatewayPort = (front.address() as AddressInfo).port;
  publicHost = `bakery.preview.localhost:${gatewayPort}`;
}, 300_000);

afterAll(async () => {
  gateway.close();
  front.closeAllConnections();
  front.close();
  await runtime.stopAll();
  rmSync(dataDir, { recursive: true, force: true });
});

function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: gatewayPort, path, headers: { host: publicHost, ...headers }, agent: false }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (text: string) => (body += text));
      res.once('end', () => resolve({ status: res.statusCode ?? 0, type: res.headers['content-type'] ?? '', body }));
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** Connects like Vite's client does and collects what it is told. */
async function openHmr(): Promise<{ received: () => string; close(): void }> {
  const client = await get('/@vite/client');
  const token = /wsToken = "([^"]+)"/.exec(client.body)?.[1] ?? '';
  // The client must connect to the page's own host and port, which is the gateway's.
  expect(client.body).toMatch(/hmrPort = null/);
  const headers = {
    host: publicHost,
    origin: `http://${publicHost}`,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': 'vite-hmr',
  };
  const sent = request({ host: '127.0.0.1', port: gatewayPort, path: `/?token=${token}`, headers }).end();
  const socket = await new Promise<Socket>((resolve, reject) => {
    sent.once('upgrade', (_res: IncomingMessage, upgraded: Socket, head: Buffer) => {
      upgraded.unshift(head);
      resolve(upgraded);
    });
    sent.once('response', (res) => reject(new Error(`refused with ${res.statusCode}`)));
    sent.once('error', reject);
  });
  let received = '';
  // Frames from a server are not masked: their JSON is readable as it is.
  socket.on('data', (data: Buffer) => (received += data.toString('latin1')));
  return { received: () => received, close: () => socket.destroy() };
}

test('the starter is installed without a network and starts', async () => {
  await prepare();
  await prepare();
  expect(await start()).toMatchObject({ state: 'running' });
  const front = await get('/');
  expect(front).toMatchObject({ status: 200, type: expect.stringContaining('text/html') as string });
  expect(runtime.logTail('p1').join('\n')).not.toMatch(/error/i);
});

test('everything that the page asks for comes through the gateway', async () => {
  const { body } = await get('/');
  const addresses = [...body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] as string);
  expect(addresses).toContain('/@vite/client');
  for (const address of addresses) expect(await get(address), address).toMatchObject({ status: 200 });
});

test('a change to a file reaches the open page and the next request', async () => {
  const hmr = await openHmr();
  await vi.waitFor(() => expect(hmr.received()).toContain('"connected"'), { timeout: 10_000 });
  expect(gateway.viewers('p1')).toBe(1);
  writeFileSync(page, readFileSync(page, 'utf8').replace(/<\/h1>/, ' and rye</h1>'));
  await vi.waitFor(() => expect(hmr.received()).toMatch(/full-reload|"update"/), { timeout: 10_000 });
  expect((await get('/')).body).toContain('and rye');
  hmr.close();
  await vi.waitFor(() => expect(gateway.viewers('p1')).toBe(0));
});

test('a page that was asked for before its component existed is shown once it is there, and again once it is gone', async () => {
  const good = readFileSync(page, 'utf8');
  const component = join(projectDir, 'workspace', 'src', 'layouts', 'Late.astro');
  for (let round = 0; round < 3; round += 1) {
    writeFileSync(page, good.replace(/^---\n/, `---\nimport Late from '../layouts/Late.astro';\n`).replace(/<\/h1>/, ' <Late /></h1>'));
    await vi.waitFor(async () => expect((await get('/')).status).toBe(500), { timeout: 20_000 });
    writeFileSync(component, `<em>late ${round}</em>\n`);
    await vi.waitFor(async () => expect((await get('/')).body).toContain(`late ${round}`), { timeout: 20_000, interval: 200 });
    writeFileSync(page, good);
    rmSync(component);
    await vi.waitFor(
      async () => expect(await get('/')).toMatchObject({ status: 200, body: expect.not.stringContaining('late') as string }),
      {
        timeout: 20_000,
      },
    );
  }
});

test('a page that can’t be rendered is shown as such, and the server stays', async () => {
  const good = readFileSync(page, 'utf8');
  writeFileSync(page, '---\nimport Missing from "./missing.astro";\n---\n<Missing />');
  await vi.waitFor(async () => expect((await get('/')).status).toBe(500), { timeout: 10_000 });
  writeFileSync(page, good);
  await vi.waitFor(async () => expect((await get('/')).status).toBe(200), { timeout: 10_000 });
  expect(runtime.devServer('p1')).toMatchObject({ restarts: 0 });
});

test('stopped, it sleeps behind a page that wakes it; started again it keeps its port', async () => {
  const { port } = runtime.devServer('p1') as { port: number };
  await runtime.stopDevServer('p1');
  const asleep = await get('/', { accept: 'text/html' });
  expect(asleep).toMatchObject({ status: 503 });
  expect(wakes).toEqual(['p1']);
  expect(await start(port)).toMatchObject({ state: 'running', port });
});

test('on a domain of one’s own it answers under whatever name the project gets, and under no name elsewhere', async () => {
  await runtime.stopDevServer('p1');
  publicHost = 'spare.preview.example.test';
  expect(await start()).toMatchObject({ state: 'running' });
  expect(await get('/', { host: 'florist.preview.example.test' })).toMatchObject({ status: 200 });
  for (const host of ['example.test', 'florist.example.test', 'preview.example.test.evil.test'])
    expect(await get('/', { host }), host).toMatchObject({ status: 403 });
});

test('an astro config that fails ends the start with its message', async () => {
  await runtime.stopDevServer('p1');
  writeFileSync(join(projectDir, 'workspace', 'astro.config.mjs'), 'throw new Error("the flour is missing");');
  expect(await start()).toMatchObject({ state: 'exited', logTail: expect.stringContaining('the flour is missing') as string });
});

test('deleted, nothing is left', async () => {
  await runtime.removeProject(projectDir);
  expect(runtime.devServer('p1')).toBeUndefined();
});
