import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { createGateway } from '#server/gateway/gateway.ts';
import { createLog } from '#server/log.ts';
import { setupProjects } from '../support/projects.ts';

/** Projects behind the real gateway on a real server. */
export async function openSites() {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-sites-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const world = setupProjects({ dataDir, spareIsWanted: false });
  const host = world.boot();
  host.queue.start();
  const { projects } = host;
  const gateway = createGateway({
    sitesDomain: 'localhost',
    appOrigins: () => ['http://localhost:4321'],
    slugOfHostname: projects.siteNames.slugOfHostname,
    movedTo: projects.siteNames.movedTo,
    resolveProject: projects.findPreview,
    servePublished: projects.production.serve,
    touch: () => {},
    wake: projects.wake,
    log: createLog('silent'),
  });
  const server = createServer((req, res) => {
    const match = gateway.matchHost(req.headers.host);
    if (match) void gateway.handleRequest(req, res, match);
    else res.writeHead(421).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    gateway.close();
    server.closeAllConnections();
    server.close();
  });

  return {
    ...world,
    ...host,
    dataDir,
    settings: projects.settings,
    create(name: string) {
      const { id, slug } = projects.create(world.ownerId, { prompt: 'a site', name, template: 'starter' });
      return { id, slug };
    },
    async publish(projectId: string) {
      await host.queue.whenIdle();
      await projects.production.deploy(world.ownerId, projectId, {});
      await host.queue.whenIdle();
    },
    /** Status and, of a redirect, where it leads. */
    ask(hostname: string, path = '/', method = 'GET'): Promise<{ status: number; location: string | undefined; body: string }> {
      return new Promise((resolve, reject) => {
        const sent = request({ host: '127.0.0.1', port, path, method, headers: { host: hostname }, agent: false }, (answer) => {
          let body = '';
          answer.setEncoding('utf8');
          answer.on('data', (text: string) => (body += text));
          answer.on('end', () => resolve({ status: answer.statusCode!, location: answer.headers.location, body }));
        });
        sent.on('error', reject);
        sent.end();
      });
    },
  };
}
