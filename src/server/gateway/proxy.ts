import { Agent, ServerResponse } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { createProxyServer } from 'httpxy';
import { cleanAnswerHeaders, cleanRequestHeaders } from './headers.ts';

const HALF_CLOSED_MS = 5_000;
const RETRY_MS = 100;
const CONNECTION_LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Passes requests to a site on loopback: streaming, cleaned in both directions. */
export interface SiteProxy {
  /** @param more Headers that the site is told besides; they win. */
  pass(req: IncomingMessage, res: ServerResponse, port: number, more?: Record<string, string>): void;
  passUpgrade(req: IncomingMessage, socket: Socket, head: Buffer, port: number, more?: Record<string, string>): void;
  close(): void;
}

/**
 * @param options.frameAncestors Who may frame the sites, which are kept out of caches then; the sites say so themselves when absent.
 * @param options.answerTimeoutMs How long the site may take to begin an answer; afterwards it may take as long as it likes.
 * @param options.patienceMs For so long a GET or HEAD is asked again of a site that refuses or breaks the connection: a dev server
 *   that starts anew because its configuration changed is gone for a moment. Not at all unless said.
 * @param options.onFailed The site can't be reached or broke off before its answer began. Nothing has been sent.
 */
export function createSiteProxy(options: {
  frameAncestors?(): readonly string[];
  answerTimeoutMs: number;
  patienceMs?: number;
  onFailed(req: IncomingMessage, res: ServerResponse): void;
}): SiteProxy {
  const { patienceMs = 0 } = options;
  const asked = new WeakMap<IncomingMessage, { port: number; untilMs: number }>();
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 32 });
  const upgraded = new Set<Socket>();
  const proxy = createProxyServer({ agent, xfwd: false, proxyTimeout: options.answerTimeoutMs, upgradeTimeout: options.answerTimeoutMs });
  const clean = (answer: IncomingMessage) => cleanAnswerHeaders(answer.headers, options.frameAncestors?.());

  proxy.on('proxyRes', (answer) => {
    clean(answer);
    // An idle event stream is no failure.
    answer.socket.setTimeout(0);
  });
  proxy.on('proxyReqWs', (sent: ClientRequest, _req, socket: Socket) => {
    sent.prependOnceListener('response', clean);
    sent.prependOnceListener('upgrade', (answer: IncomingMessage, upstream: Socket) => {
      clean(answer);
      upstream.setTimeout(0);
      bindSockets(socket, upstream);
      upgraded.add(upstream);
      upstream.once('close', () => upgraded.delete(upstream));
    });
  });
  proxy.on('error', (error, req, res) => {
    if (!(res instanceof ServerResponse)) return void (res as Socket | undefined)?.destroy();
    if (res.headersSent || !req) return void res.destroy();
    const pending = asked.get(req);
    if (
      !pending ||
      res.destroyed ||
      performance.now() > pending.untilMs ||
      !CONNECTION_LOST.has((error as NodeJS.ErrnoException).code ?? '')
    )
      return options.onFailed(req, res);
    setTimeout(() => (res.destroyed ? undefined : send(req, res, pending.port)), RETRY_MS);
  });

  function send(req: IncomingMessage, res: ServerResponse, port: number): void {
    void proxy.web(req, res, { target: `http://127.0.0.1:${port}` });
  }

  return {
    pass(req, res, port, more = {}) {
      cleanRequestHeaders(req.headers);
      Object.assign(req.headers, more);
      delete req.headers.connection;
      if (patienceMs > 0 && (req.method === 'GET' || req.method === 'HEAD'))
        asked.set(req, { port, untilMs: performance.now() + patienceMs });
      send(req, res, port);
    },
    passUpgrade(req, socket, head, port, more = {}) {
      cleanRequestHeaders(req.headers);
      Object.assign(req.headers, more);
      void proxy.ws(req, socket, { target: `http://127.0.0.1:${port}`, agent: false }, head);
    },
    close() {
      agent.destroy();
      for (const socket of upgraded) socket.destroy();
    },
  };
}

/** The proxy library ends a side when the other ends or fails, but not when it is destroyed without either. */
function bindSockets(client: Socket, upstream: Socket): void {
  client.once('close', () => upstream.destroy());
  upstream.once('close', () => {
    client.end();
    setTimeout(() => client.destroy(), HALF_CLOSED_MS).unref();
  });
}
