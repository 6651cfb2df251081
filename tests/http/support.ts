import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SitesGateway } from '#server/http/gateway-seam.ts';
import { createHttpServer } from '#server/http/http-server.ts';
import type { HttpServerOptions } from '#server/http/http-server.ts';
import type { RequestEdge } from '#server/http/request-edge.ts';
import { createLog } from '#server/log.ts';
import { makeClock } from '../support/clock.ts';

export type Overrides = Partial<Omit<HttpServerOptions, 'config'>> & { config?: Partial<HttpServerOptions['config']> };

/** Takes `<anything>.preview.localhost` and says so. */
export const previewGateway: SitesGateway<string> = {
  matchHost: (host) => /^([a-z0-9-]+)\.preview\.localhost(:\d+)?$/.exec(host)?.[1],
  handleRequest: (_req, res, slug) => void res.end(`preview ${slug}`),
  takesPlain: () => false,
  handlePlain: (_req, res) => void res.destroy(),
  handleUpgrade: (_req, socket, _head, slug) => void socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${slug}`),
};

/** Our real server on a free port; behind it a handler that says what reached it. */
export async function startServer(overrides: Overrides = {}) {
  const clientDir = mkdtempSync(join(tmpdir(), 'doce-http-'));
  mkdirSync(join(clientDir, '_astro'));
  writeFileSync(join(clientDir, '_astro', 'app.abc123.js'), 'export {};\n');
  writeFileSync(join(clientDir, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>\n');
  writeFileSync(join(clientDir, '.hidden'), 'no\n');
  const http = createHttpServer({
    clock: makeClock(),
    log: createLog('silent'),
    gateway: previewGateway,
    locals: () => ({ marker: 'from the host' }),
    handler: echo,
    clientDir,
    ...overrides,
    config: { host: '127.0.0.1', port: 0, publicUrl: undefined, sitesDomain: 'localhost', trustedProxy: undefined, ...overrides.config },
  });
  const port = await http.listen();
  onTestFinished(async () => {
    await http.stop(0);
    rmSync(clientDir, { recursive: true, force: true });
  });
  return { http, port, clientDir, origin: `http://localhost:${port}`, ...clientOf(port) };
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json: () => { error: { code: string; message: string; requestId: string; issues?: unknown } };
}

export interface Ask {
  method?: string;
  host?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

function clientOf(port: number) {
  function ask(path: string, { method = 'GET', host = `localhost:${port}`, headers = {}, body }: Ask = {}): Promise<Answer> {
    const length = body === undefined || headers['transfer-encoding'] ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method, headers: { host, ...length, ...headers }, agent: false });
      sent.on('error', reject);
      sent.on('response', (response) => {
        collect(response).then((text) => {
          resolve({ status: response.statusCode!, headers: response.headers, text, json: () => JSON.parse(text) });
        }, reject);
      });
      sent.end(body);
    });
  }

  /** Sends bytes as they are and returns all that comes back until the server closes. */
  function raw(bytes: string, { wait = false } = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => (wait ? socket.write(bytes) : socket.end(bytes)));
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('close', () => resolve(received));
      socket.on('error', reject);
    });
  }

  return { ask, raw };
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function echo(req: IncomingMessage, res: ServerResponse, next: () => void, locals: object): Promise<void> {
  if (req.url?.startsWith('/nowhere') || req.url?.startsWith('/api/nowhere')) return next();
  if (req.url?.startsWith('/throw')) throw new Error('secret detail');
  if (req.url === '/404') return next();
  const body = await collect(req);
  const { edge, marker } = locals as { edge: RequestEdge; marker: string };
  const seen = { method: req.method, url: req.url, headers: req.headers, bodyBytes: body.length, marker, edge };
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(seen));
}
