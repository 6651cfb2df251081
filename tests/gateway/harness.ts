import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createGateway } from '#server/gateway/gateway.ts';
import type { GatewayProject } from '#server/gateway/preview-front.ts';
import { createLog } from '#server/log.ts';

export const HOST = 'bakery.preview.localhost:4321';
const PUBLISHED_SLUG = 'bread';
export const PUBLISHED = `${PUBLISHED_SLUG}.localhost:4321`;
export const APP = 'http://localhost:4321';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
}

/** A gateway in front of `site` (a real server on loopback), itself on a real server. */
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
  const front = createServer((req, res) => {
    const match = gateway.matchHost(req.headers.host);
    if (match) void gateway.handleRequest(req, res, match);
    else res.writeHead(421).end();
  });
  front.on('upgrade', (req: IncomingMessage, socket: Socket, head: Buffer) => {
    const match = gateway.matchHost(req.headers.host);
    if (match) void gateway.handleUpgrade(req, socket, head, match);
    else socket.destroy();
  });
  const port = await listen(front);
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
      for (const server of [front, upstream]) {
        server.closeAllConnections();
        server.close();
      }
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
      { host: '127.0.0.1', port, path, method: init.method ?? 'GET', headers: { host: HOST, ...headers }, agent: false },
      (res) => {
        let body = '';
        res.setEncoding('utf8').on('data', (text: string) => (body += text));
        res.once('error', reject);
        res.once('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, rawHeaders: res.rawHeaders, body }));
      },
    );
    sent.once('error', reject);
    sent.end(init.body);
  });
}
