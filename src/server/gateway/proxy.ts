import { Agent, ServerResponse } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createProxyServer } from 'httpxy';
import { cleanAnswerHeaders, cleanRequestHeaders } from './headers.ts';

const ANSWER_TIMEOUT_MS = 60_000;
const HALF_CLOSED_MS = 5_000;
const RETRY_MS = 100;
/** How long a process takes to end, at most, once it has begun to break its connections. */
const ENDING_MS = 1_000;
const CONNECTION_BROKEN = new Set(['ECONNRESET', 'EPIPE']);

/** A site on loopback. A restart may move it: `portNow` is asked before each further try, and is undefined while it is nowhere. */
export interface SitePlace {
  port: number;
  portNow(): number | undefined | Promise<number | undefined>;
}

/** Passes requests to a site on loopback: streaming, cleaned in both directions. */
export interface SiteProxy {
  /** @param more Headers that the site is told besides; they win. */
  pass(req: IncomingMessage, res: ServerResponse, place: SitePlace, more?: Record<string, string>): void;
  passUpgrade(req: IncomingMessage, socket: Socket, head: Buffer, port: number, more?: Record<string, string>): void;
  close(): void;
}

/** A request that may be sent again, and how it was sent last. */
interface Asked {
  place: SitePlace;
  untilMs: number;
  sent: ClientRequest | undefined;
  wasBroken: boolean;
}

/**
 * @param options.frameAncestors Who may frame the sites, which are kept out of caches then; the sites say so themselves when absent.
 * @param options.answerTimeoutMs How long the site may take to begin an answer, 60 s unless given; afterwards it may take as long as it likes.
 * @param options.patienceMs For so long a GET or HEAD is asked again of a site that refuses the connection, or had closed the one
 *   that was kept: it is being started anew.
 * @param options.repeatsBroken Also whenever it broke a connection of this request's own. Of a published program, which that
 *   request may have ended, only once, and only in the second after it broke another's.
 * @param options.onFailed The site can't be reached or broke off before its answer began. Nothing has been sent.
 */
export function createSiteProxy(options: {
  frameAncestors?(): readonly string[];
  answerTimeoutMs: number | undefined;
  patienceMs: number;
  repeatsBroken: boolean;
  onFailed(req: IncomingMessage, res: ServerResponse): void;
}): SiteProxy {
  const { answerTimeoutMs = ANSWER_TIMEOUT_MS } = options;
  const asked = new WeakMap<IncomingMessage, Asked>();
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 32 });
  const upgraded = new Set<Socket>();
  const brokenAtMs = new Map<number, number>();
  const proxy = createProxyServer({ agent, xfwd: false, proxyTimeout: answerTimeoutMs, upgradeTimeout: answerTimeoutMs });
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
  proxy.on('proxyReq', (sent: ClientRequest, req) => {
    const repeatable = asked.get(req);
    if (repeatable) repeatable.sent = sent;
  });
  proxy.on('error', (error, req, res) => {
    if (!(res instanceof ServerResponse)) return void (res as Socket | undefined)?.destroy();
    if (res.headersSent || !req) return void res.destroy();
    const repeatable = asked.get(req);
    if (!repeatable || !mayRepeat(error, repeatable)) return options.onFailed(req, res);
    void askAgain(req, res, repeatable);
  });

  function mayRepeat(error: NodeJS.ErrnoException, repeatable: Asked): boolean {
    if (error.code === 'ECONNREFUSED') return true;
    if (!CONNECTION_BROKEN.has(error.code ?? '')) return false;
    if (options.repeatsBroken || repeatable.sent?.reusedSocket) return true;
    // Whatever ends a program was asked before: what comes while its port goes is not to blame.
    const { port } = repeatable.place;
    const sinceOtherMs = performance.now() - (brokenAtMs.get(port) ?? -Infinity);
    brokenAtMs.set(port, performance.now());
    if (repeatable.wasBroken || sinceOtherMs > ENDING_MS) return false;
    repeatable.wasBroken = true;
    return true;
  }

  async function askAgain(req: IncomingMessage, res: ServerResponse, { place, untilMs }: Asked): Promise<void> {
    // The library listens on both anew with each try; they go with the request.
    for (const emitter of [req, res]) emitter.setMaxListeners(0);
    while (!res.destroyed && performance.now() < untilMs) {
      await delay(RETRY_MS);
      const port = await place.portNow();
      if (port !== undefined && !res.destroyed) return send(req, res, port);
    }
    if (!res.destroyed) options.onFailed(req, res);
  }

  function send(req: IncomingMessage, res: ServerResponse, port: number): void {
    void proxy.web(req, res, { target: `http://127.0.0.1:${port}` });
  }

  return {
    pass(req, res, place, more = {}) {
      cleanRequestHeaders(req.headers);
      Object.assign(req.headers, more);
      delete req.headers.connection;
      if (req.method === 'GET' || req.method === 'HEAD')
        asked.set(req, { place, untilMs: performance.now() + options.patienceMs, sent: undefined, wasBroken: false });
      send(req, res, place.port);
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
