import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AddressInfo } from 'node:net';
import type { ViteDevServer } from 'vite';
import { loadEnvironment, readConfig } from '#server/config.ts';
import { openHost } from '#server/host.ts';
import { createHttpEdge } from '#server/http/http-edge.ts';

type Upgrade = (req: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Boots the same host under `pnpm dev`: its edge runs in front of Vite's own middlewares. */
export async function attachToDevServer(server: ViteDevServer): Promise<void> {
  const httpServer = server.httpServer as Server | null;
  if (!httpServer) return;
  loadEnvironment();
  const config = readConfig(process.env);
  const port = () => (httpServer.address() as AddressInfo | null)?.port ?? config.port;
  const host = await openHost({ config, port, onSetupToken: (token) => announce(host.services.appOrigin(), token) });
  const { services, gateway } = host;
  const edge = createHttpEdge({
    config,
    clock: services.clock,
    log: services.log,
    gateway,
    locals: () => ({ services }),
    dev: true,
  });

  server.middlewares.stack.unshift({
    route: '',
    handle: (req: IncomingMessage, res: ServerResponse, next: () => unknown) => edge.handle(req, res, next),
  });
  httpServer.once('listening', () => {
    // Vite's listener would answer the hot-reload sockets of the previews as its own.
    const others = httpServer.listeners('upgrade') as Upgrade[];
    httpServer.removeAllListeners('upgrade');
    httpServer.on('upgrade', (req, socket, head) => {
      if (!edge.handleUpgrade(req, socket, head)) for (const listener of others) listener.call(httpServer, req, socket, head);
    });
    const token = services.auth.needsSetup() ? services.auth.setupToken() : undefined;
    if (token) announce(services.appOrigin(), token);
  });
  await host.start();

  const close = server.close.bind(server);
  server.close = async () => {
    edge.stop();
    await host.stop();
    await close();
  };
}

function announce(appOrigin: string, token: string): void {
  process.stdout.write(`Create your account at ${appOrigin}/setup?token=${token}\n`);
}
