import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createGateway } from '#server/gateway/gateway.ts';
import { createLog } from '#server/log.ts';
import { createProcessDriver } from '#server/runtime/process/driver.ts';
import { createSiteServers } from '#server/runtime/site-servers.ts';
import { makeRunningProject, setupProjects } from '../support/projects.ts';

const log = createLog('silent');

/** The projects domain with real processes for what is published, behind a real gateway. */
async function setup() {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-switch-'));
  const world = setupProjects({ dataDir });
  const driver = createProcessDriver({ dataDir, log, sandbox: 'off' });
  mkdirSync(join(dataDir, 'store'));
  const sites = createSiteServers(driver, join(dataDir, 'store'), { log });
  Object.assign(world.fakeRuntime.runtime, sites, { stopAll: world.fakeRuntime.runtime.stopAll, storeDir: join(dataDir, 'store') });
  const host = await makeRunningProject(world);
  host.projects.production.recover();
  const { production } = host.projects;
  const gateway = createGateway({
    sitesDomain: 'localhost',
    appOrigins: () => ['http://localhost:4321'],
    resolveProject: () => undefined,
    servePublished: production.serve,
    takePublishedUpgrade: production.takeUpgrade,
    touch: () => {},
    wake: () => {},
    log,
  });
  const match = { kind: 'production', slug: host.project.slug } as const;
  const server = createServer((req, res) => void gateway.handleRequest(req, res, match));
  server.on('upgrade', (req, socket, head) => void gateway.handleUpgrade(req, socket as Socket, head, match));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  onTestFinished(async () => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
    gateway.close();
    production.stopServing();
    await sites.stopAll();
    await driver.close();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });
  const { port } = server.address() as AddressInfo;
  const visit = (path = '/') =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, agent }, (res) => {
        let text = '';
        res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        res.once('end', () => resolve({ status: res.statusCode ?? 0, text }));
        res.once('error', reject);
      });
      sent.once('error', reject);
      sent.end();
    });
  const { id } = host.project;
  const { ownerId, fakeReleases } = world;
  const publish = async (files: Record<string, string>, program?: string) => {
    Object.assign(fakeReleases.script, { files, program });
    world.clock.advance(1_000);
    const { id: deploymentId } = await production.deploy(ownerId, id, {});
    await host.queue.whenIdle();
    return production.list(ownerId, id).find((one) => one.id === deploymentId)!;
  };
  return { ...world, ...host, id, port, production, sites, publish, visit };
}

const program = (name: string) => ({
  'server.mjs': `
    import { createServer } from 'node:http';
    const server = createServer((req, res) => {
      if (req.url === '/exit') process.exit(7);
      res.setHeader('content-type', 'text/html');
      res.write('${name} begins');
      setTimeout(() => res.end(' ${name} ends'), req.url === '/slow' ? 1500 : 2);
    });
    server.on('upgrade', (req, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n');
      socket.on('data', (data) => socket.write('${name}: ' + data));
    });
    server.listen(process.env.PORT, process.env.HOST);`,
});
const pages = (name: string) => ({ 'index.html': `${name} begins ${name} ends`, 'slow/index.html': 'slow' });

test(
  'pages, a program, another program, pages, twenty times under load: no request fails, none is mixed',
  { timeout: 120_000 },
  async () => {
    const { publish, visit, production, ownerId, id, sites } = await setup();
    const kept = [
      await publish(pages('pages')),
      await publish(program('first'), 'server.mjs'),
      await publish(program('second'), 'server.mjs'),
    ].map(({ id: deploymentId, state }) => (expect(state).toBe('running'), deploymentId));
    const seen = new Set<string>();
    const wrong: string[] = [];
    let isOpen = true;
    const visitor = async () => {
      while (isOpen) {
        const { status, text } = await visit().catch((error: unknown) => ({ status: 0, text: String(error) }));
        const name = /^(\w+) begins \1 ends$/.exec(text)?.[1];
        if (status === 200 && name) seen.add(name);
        else wrong.push(`${status} ${text.slice(0, 80)}`);
      }
    };
    const visitors = Array.from({ length: 6 }, visitor);
    for (let count = 0; count < 20; count += 1) {
      await production.promote(ownerId, id, kept[count % 3]!);
      await visit();
    }
    isOpen = false;
    await Promise.all(visitors);
    expect(wrong).toEqual([]);
    expect([...seen].sort()).toEqual(['first', 'pages', 'second']);
    // What is not live has ended by itself.
    await expect.poll(() => sites.siteReleases(id), { timeout: 10_000 }).toHaveLength(1);
  },
);

test('an answer that was begun is ended by the program that began it', { timeout: 60_000 }, async () => {
  const { publish, visit } = await setup();
  await publish(program('first'), 'server.mjs');
  const slow = visit('/slow');
  await publish(program('second'), 'server.mjs');
  expect((await visit()).text).toBe('second begins second ends');
  expect(await slow).toEqual({ status: 200, text: 'first begins first ends' });
});

test('a WebSocket reaches the program', { timeout: 60_000 }, async () => {
  const { publish, port } = await setup();
  await publish(program('first'), 'server.mjs');
  const sent = request({ host: '127.0.0.1', port, headers: { connection: 'Upgrade', upgrade: 'websocket' } }).end();
  const socket = await new Promise<Socket>((resolve, reject) => {
    sent.once('upgrade', (_res, upgraded) => resolve(upgraded));
    sent.once('error', reject);
  });
  socket.write('hello');
  expect(String(await new Promise((resolve) => socket.once('data', resolve)))).toBe('first: hello');
  socket.destroy();
});

test('visits wait while a program that died is started again', { timeout: 60_000 }, async () => {
  const { publish, visit } = await setup();
  await publish(program('first'), 'server.mjs');
  expect((await visit('/exit')).status).toBe(503);
  expect(await Promise.all([visit(), visit(), visit()])).toEqual(Array(3).fill({ status: 200, text: 'first begins first ends' }));
});

test('a program that ends at once is not put live; what is live goes on, and nothing of it is left', { timeout: 60_000 }, async () => {
  const { publish, visit, sites, id } = await setup();
  await publish(program('first'), 'server.mjs');
  const failed = await publish(
    { 'server.mjs': 'console.error("TOKEN is required: set this environment variable", import.meta.url); process.exit(1);' },
    'server.mjs',
  );
  expect(failed).toMatchObject({
    state: 'failed',
    error: { code: 'server_variable_missing', detail: 'TOKEN is required: set this environment variable server.mjs' },
  });
  expect((await visit()).text).toBe('first begins first ends');
  expect(sites.siteReleases(id)).toHaveLength(1);
});

test('taken down, the program ends; started again, it answers', { timeout: 60_000 }, async () => {
  const { publish, visit, production, ownerId, id, sites } = await setup();
  await publish(program('first'), 'server.mjs');
  production.stop(ownerId, id);
  await expect.poll(() => sites.siteReleases(id), { timeout: 10_000 }).toEqual([]);
  expect((await visit()).status).toBe(404);
  await production.start(ownerId, id);
  expect((await visit()).text).toBe('first begins first ends');
});
