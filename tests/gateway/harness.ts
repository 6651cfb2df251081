import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createGateway } from '#server/gateway/gateway.ts';
import type { HostMatch } from '#server/gateway/match-host.ts';
import type { GatewayProject } from '#server/gateway/preview-front.ts';
import { createHttpServer } from '#server/http/http-server.ts';
import { createLog } from '#server/log.ts';
import { makeClock } from '../support/clock.ts';

export const HOST = 'bakery.preview.localhost:4321';
const PUBLISHED_SLUG = 'bread';
export const PUBLISHED = `${PUBLISHED_SLUG}.localhost:4321`;
export const APP = 'http://localhost:4321';

export interface Answer {
  status: number;
  statusMessage: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
}

/** Who reads the requests of previews that bring nothing along: our plain connections, or node:http. */
export const reading = { isPlain: true };

/** A gateway in front of `site` (a real server on loopback), itself on our real server. */
export async function openGateway(
  site?: RequestListener,
  overrides: Partial<GatewayProject> = {},
  answerTimeoutMs = 5_000,
  patienceMs = 0,
) {
  const upstream = createServer(site);
  const upstreamPort = await listen(upstream);
  const project: GatewayProject = { projectId: 'p1', name: 'Bakery', status: 'running', port: upstreamPort, ...overrides };
  const touched: string[] = [];
  const woken: string[] = [];
  const gateway = createGateway({
    sitesDomain: 'localhost',
    appOrigins: () => [APP],
    resolveProject: (slug) => (slug === 'bakery' ? project : undefined),
    // The same site, published as a program under another name.
    servePublished: async (_req, _res, slug) =>
      slug === PUBLISHED_SLUG ? { port: upstreamPort, portNow: () => project.port } : 'unpublished',
    touch: (projectId) => void touched.push(projectId),
    wake: (projectId) => void woken.push(projectId),
    log: createLog('silent'),
    answerTimeoutMs,
    patienceMs,
  });
  const front = createHttpServer({
    config: { host: '127.0.0.1', port: 0, publicUrl: undefined, sitesDomain: 'localhost', trustedProxy: undefined },
    gateway: { ...gateway, takesPlain: (match) => reading.isPlain && gateway.takesPlain(match as HostMatch) },
    handler: (_req, res) => res.writeHead(404).end(),
    locals: () => ({}),
    clientDir: import.meta.dirname,
    clock: makeClock(),
    log: createLog('silent'),
  });
  const port = await front.listen();
  return {
    gateway,
    project,
    upstream,
    port,
    touched,
    woken,
    ask: (path = '/', headers: Record<string, string> = {}, init: { method?: string; body?: string } = {}) =>
      ask(port, path, headers, init),
    openPage: (path = '/') => ask(port, path, { 'sec-fetch-mode': 'navigate', accept: 'text/html' }),
    async [Symbol.asyncDispose]() {
      gateway.close();
      await front.stop(0);
      upstream.closeAllConnections();
      upstream.close();
    },
  };
}

/** Opens a raw connection through the gateway and sends a WebSocket handshake. Resolves with the head of the answer. */
export async function openSocket(
  port: number,
  headers: Record<string, string> = {},
): Promise<{ socket: Socket; head: string; next(): Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  const lines = Object.entries({
    host: HOST,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET /socket HTTP/1.1\r\n${lines.join('')}\r\n`);
  const next = () => new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
  return { socket, head: await next(), next };
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function ask(port: number, path: string, headers: Record<string, string>, init: { method?: string; body?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: init.method ?? 'GET',
        headers: { host: HOST, connection: 'keep-alive', ...headers },
        agent: false,
      },
      (res) => {
        let body = '';
        res.setEncoding('utf8').on('data', (text: string) => (body += text));
        res.once('error', reject);
        res.once('end', () =>
          resolve({
            status: res.statusCode ?? 0,
            statusMessage: res.statusMessage ?? '',
            headers: res.headers,
            rawHeaders: res.rawHeaders,
            body,
          }),
        );
      },
    );
    sent.once('error', reject);
    sent.end(init.body);
  });
}
