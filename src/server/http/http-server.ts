import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Config } from '#server/config.ts';
import { AppError } from '#server/errors.ts';
import { createHttpEdge } from './http-edge.ts';
import type { HttpEdgeOptions } from './http-edge.ts';
import { createPlainConnections } from './plain-connections.ts';
import { sendError, wantsPage } from './refusal.ts';
import { createStaticFiles } from './static-files.ts';

/** `handler` of `@astrojs/node` in middleware mode. */
export type AstroHandler = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void, locals: object) => unknown;

export interface HttpServerOptions extends Omit<HttpEdgeOptions, 'dev' | 'config'> {
  config: Pick<Config, 'host' | 'port' | 'publicUrl' | 'sitesDomain' | 'trustedProxy'>;
  handler: AstroHandler;
  /** Absolute path of `dist/client`. */
  clientDir: string;
  timeouts?: { headersMs?: number; requestMs?: number; checkMs?: number; idleMs?: number };
}

export interface HttpServer {
  readonly server: Server;
  /**
   * @returns the port that was bound.
   * @throws the system's error (`EADDRINUSE`, `EACCES`) when it cannot be.
   */
  listen(): Promise<number>;
  /** Accepts nothing new, ends event streams and WebSockets, lets requests finish, and after `graceMs` cuts what is left. */
  stop(graceMs: number): Promise<void>;
}

const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** As long as a connection may be without a request. */
const IDLE_MS = 10_000;
const CHECK_EVERY_MS = 5_000;

/** Our own server in front of Astro: Host routing, limits, security headers, CSRF guard, static files, graceful stop. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { config, log, handler } = options;
  const edge = createHttpEdge(options);
  const staticFiles = createStaticFiles(options.clientDir);
  const sockets = new Set<Socket>();
  const upgraded = new Set<Duplex>();
  const answers = new WeakMap<Duplex, ServerResponse>();
  const idleMs = options.timeouts?.idleMs ?? IDLE_MS;
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: options.timeouts?.headersMs ?? HEADERS_TIMEOUT_MS,
    requestTimeout: options.timeouts?.requestMs ?? REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: options.timeouts?.checkMs ?? CHECK_EVERY_MS,
    keepAliveTimeout: idleMs,
    // Refused by us as an unknown host, with all headers; Node's own 400 has none.
    requireHostHeader: false,
    // `Upgrade: h2c` and the like are offers that may be ignored (RFC 9110 §7.8).
    shouldUpgradeCallback: (req) => req.headers.upgrade?.toLowerCase() === 'websocket',
  });
  const origin = () => `http://localhost:${portOf(server)}`;

  /** Resolves to false when Astro knows no route for the request. */
  async function rendered(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    let missed = false;
    await handler(req, res, () => void (missed = true), edge.localsOf(req));
    return !missed;
  }

  async function render(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if ((await staticFiles(req, res)) || (await rendered(req, res))) return;
    const readsPage = (req.method === 'GET' || req.method === 'HEAD') && wantsPage(req.headers) && !req.url?.startsWith('/api/');
    if (readsPage) req.url = '/404';
    if (readsPage && (await rendered(req, res))) return;
    sendError(req, res, new AppError('not_found'), String(res.getHeader('X-Request-Id')));
  }

  function answer(req: IncomingMessage, res: ServerResponse, accept?: () => void): void {
    answers.set(req.socket, res);
    res.once('close', () => answers.delete(req.socket));
    edge.handle(req, res, () => render(req, res), accept);
  }

  // A connection is node:http's by this event, which may be emitted by hand: https://nodejs.org/api/http.html#event-connection
  const [serveConnection] = server.listeners('connection');
  server.removeAllListeners('connection');
  const plain = createPlainConnections({
    find: (req, socket) => edge.findPlain(req, socket.localPort),
    handOver: (socket) => void serveConnection?.call(server, socket),
    idleMs,
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    plain.open(socket);
  });
  server.on('request', (req, res) => answer(req, res));
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => answer(req, res, () => res.writeContinue()));
  server.on('checkExpectation', (req: IncomingMessage, res: ServerResponse) => answer(req, res));
  server.on('upgrade', (req, socket, head) => {
    socket.on('error', (error) => log.debug({ error }, 'upgraded connection broke'));
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    if (!edge.handleUpgrade(req, socket, head)) edge.refuseOnSocket(socket, new AppError('bad_request'), origin());
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // A refusal must not be written into the middle of an answer.
    if (error.code === 'ECONNRESET' || answers.get(socket)?.headersSent) return void socket.destroy();
    edge.refuseOnSocket(socket, unreadable(error.code), origin());
  });

  return {
    server,
    listen: () => listen(server, config),
    async stop(graceMs) {
      edge.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      upgraded.forEach((socket) => socket.destroy());
      plain.stop();
      // A connection whose last answer was begun before the stop stays open until it is noticed to be idle.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const deadline = setTimeout(() => sockets.forEach((socket) => socket.destroy()), graceMs);
      await closed;
      clearInterval(idle);
      clearTimeout(deadline);
    },
  };
}

function unreadable(code: string | undefined): AppError {
  if (code === 'HPE_HEADER_OVERFLOW') return new AppError('headers_too_large');
  return new AppError(code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'bad_request');
}

async function listen(server: Server, config: Pick<Config, 'host' | 'port'>): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return portOf(server);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 80;
}
