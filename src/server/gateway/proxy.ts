import { Agent, ServerResponse } from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createProxyServer } from 'httpxy';
import { SENDABLE } from '#server/plain-exchange.ts';
import type { PlainAnswer, PlainRequest } from '#server/plain-exchange.ts';
import { cleanAnswerHeaders, cleanRequestHeaders } from './headers.ts';
import { createUpstream } from './upstream.ts';
import type { Failure } from './upstream.ts';

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
  /** The same for what brings nothing along, from wherever it was read. */
  passPlain(req: PlainRequest, res: PlainAnswer, place: SitePlace): void;
  passUpgrade(req: IncomingMessage, socket: Socket, head: Buffer, port: number, more?: Record<string, string>): void;
  close(): void;
}

/** A request that is repeated while the site does not take it. */
interface Asked {
  req: PlainRequest;
  res: PlainAnswer;
  place: SitePlace;
  untilMs: number;
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
  onFailed(req: PlainRequest, res: PlainAnswer): void;
}): SiteProxy {
  const { answerTimeoutMs = ANSWER_TIMEOUT_MS } = options;
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 32 });
  const upgraded = new Set<Socket>();
  const brokenAtMs = new Map<number, number>();
  const cleanAnswer = (headers: IncomingHttpHeaders) => cleanAnswerHeaders(headers, options.frameAncestors?.());
  const upstream = createUpstream({ clean: cleanAnswer, answerTimeoutMs });
  const proxy = createProxyServer({ agent, xfwd: false, proxyTimeout: answerTimeoutMs, upgradeTimeout: answerTimeoutMs });

  proxy.on('proxyReq', (sent, req, res) => {
    // Nobody asked for another protocol; without a listener node:http closes the connection without a word.
    sent.once('upgrade', (_answer, site) => {
      site.destroy();
      options.onFailed(req, res);
    });
  });
  proxy.on('proxyRes', (answer, req, res) => {
    if (!isPassable(answer)) {
      answer.destroy();
      return options.onFailed(req, res);
    }
    cleanAnswer(answer.headers);
    // An idle event stream is no failure.
    answer.socket.setTimeout(0);
  });
  proxy.on('proxyReqWs', (sent: ClientRequest, _req, socket: Socket) => {
    sent.prependOnceListener('response', (answer: IncomingMessage) => cleanAnswer(answer.headers));
    sent.prependOnceListener('upgrade', (answer: IncomingMessage, site: Socket) => {
      cleanAnswer(answer.headers);
      site.setTimeout(0);
      bindSockets(socket, site);
      upgraded.add(site);
      site.once('close', () => upgraded.delete(site));
    });
  });
  proxy.on('error', (_error, req, res) => {
    if (!(res instanceof ServerResponse)) return void (res as Socket | undefined)?.destroy();
    if (res.headersSent || !req) return void res.destroy();
    options.onFailed(req, res);
  });

  function ask(asked: Asked, port: number): void {
    upstream.ask(asked.req, asked.res, port, (failure) => {
      if (mayRepeat(failure, asked)) void askAgain(asked).catch(() => options.onFailed(asked.req, asked.res));
      else options.onFailed(asked.req, asked.res);
    });
  }

  function mayRepeat({ code, wasKept }: Failure, asked: Asked): boolean {
    if (code === 'ECONNREFUSED') return true;
    if (!CONNECTION_BROKEN.has(code)) return false;
    if (options.repeatsBroken || wasKept) return true;
    // Whatever ends a program was asked before: what comes while its port goes is not to blame.
    const { port } = asked.place;
    const sinceOtherMs = performance.now() - (brokenAtMs.get(port) ?? -Infinity);
    brokenAtMs.set(port, performance.now());
    if (asked.wasBroken || sinceOtherMs > ENDING_MS) return false;
    asked.wasBroken = true;
    return true;
  }

  async function askAgain(asked: Asked): Promise<void> {
    const { req, res, place, untilMs } = asked;
    while (!res.destroyed && performance.now() < untilMs) {
      await delay(RETRY_MS);
      const port = await place.portNow();
      if (port !== undefined && !res.destroyed) return ask(asked, port);
    }
    if (!res.destroyed) options.onFailed(req, res);
  }

  function askFor(req: PlainRequest, res: PlainAnswer, place: SitePlace): void {
    ask({ req, res, place, untilMs: performance.now() + options.patienceMs, wasBroken: false }, place.port);
  }

  function clean(req: PlainRequest, more: Record<string, string> = {}): void {
    cleanRequestHeaders(req.headers);
    Object.assign(req.headers, more);
    delete req.headers.connection;
  }

  return {
    passPlain(req, res, place) {
      clean(req);
      askFor(req, res, place);
    },
    pass(req, res, place, more) {
      clean(req, more);
      if (isAskedForOnly(req)) askFor(req, res, place);
      else void proxy.web(req, res, { target: `http://127.0.0.1:${place.port}` });
    },
    passUpgrade(req, socket, head, port, more = {}) {
      cleanRequestHeaders(req.headers);
      Object.assign(req.headers, more);
      void proxy.ws(req, socket, { target: `http://127.0.0.1:${port}`, agent: false }, head);
    },
    close() {
      agent.destroy();
      upstream.close();
      for (const socket of upgraded) socket.destroy();
    },
  };
}

/** It changes nothing and brings nothing along, so it may be sent again. */
function isAskedForOnly({ method, url, headers }: PlainRequest): boolean {
  const bringsNothing = (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined;
  return (method === 'GET' || method === 'HEAD') && bringsNothing && (url?.startsWith('/') ?? false);
}

/** The proxy library has node:http throw at the rest, where nobody catches it. */
function isPassable({ statusCode = 0, statusMessage = '' }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 600 && SENDABLE.test(statusMessage);
}

/** The proxy library ends a side when the other ends or fails, but not when it is destroyed without either. */
function bindSockets(client: Socket, upstream: Socket): void {
  client.once('close', () => upstream.destroy());
  upstream.once('close', () => {
    client.end();
    setTimeout(() => client.destroy(), HALF_CLOSED_MS).unref();
  });
}
