import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { nanoid } from 'nanoid';
import type { Clock } from '#server/clock.ts';
import type { Config } from '#server/config.ts';
import { AppError } from '#server/errors.ts';
import type { Log } from '#server/log.ts';
import type { PlainAnswer, PlainRequest } from '#server/plain-exchange.ts';
import { createAppHosts } from './app-hosts.ts';
import { refuseDeclared } from './body-limits.ts';
import { isOurOwnRequest } from './csrf-guard.ts';
import { createEventStreams } from './event-stream.ts';
import { createFlashes } from './flash.ts';
import type { SitesGateway } from './gateway-seam.ts';
import { intendedMethod } from './method-override.ts';
import { sendError, sendErrorOnSocket } from './refusal.ts';
import type { RequestEdge } from './request-edge.ts';
import { createFactsReader, readHost } from './request-facts.ts';
import type { RequestFacts } from './request-facts.ts';
import { securityHeaders } from './security-headers.ts';

/** Where Astro's development server looks for `Astro.locals` (`astro/dist/core/constants.js`, `clientLocalsSymbol`). */
const LOCALS = Symbol.for('astro.locals');
/** A reverse proxy asks this by the name it knows us by, whatever that is; the answer has nothing of the name in it. */
const ASKED_BY_ANY_NAME = '/api/tls/ask';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

export interface HttpEdgeOptions {
  config: Pick<Config, 'host' | 'publicUrl' | 'sitesDomain' | 'trustedProxy'>;
  clock: Clock;
  log: Log;
  gateway: SitesGateway;
  /** What `Astro.locals` holds besides `edge`. */
  locals(edge: RequestEdge): object;
  /** Under Vite: its client's inline scripts and WebSocket are let through. */
  dev?: boolean;
  heartbeatMs?: number;
}

/** The rules every request passes before anything else sees it. The same pieces run in front of Astro and of Vite. */
export interface HttpEdge {
  /**
   * Routes previews to the gateway; for the app sets the security headers, refuses what breaks a rule and calls `next`
   * with the rest. `accept` is called right before the request goes on, when a client awaits `100 Continue`.
   */
  handle(req: IncomingMessage, res: ServerResponse, next: () => unknown, accept?: () => void): void;
  /**
   * Who answers a request that brings nothing along, where that is the gateway and nothing that was forwarded has to be believed.
   *
   * @returns Undefined: for `handle` to find out.
   */
  findPlain(req: PlainRequest, localPort: number | undefined): ((res: PlainAnswer) => void) | undefined;
  /** Hands an upgrade to the gateway; false when the hostname is not one of its. */
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  refuseOnSocket(socket: Duplex, error: AppError, origin: string): void;
  localsOf(req: IncomingMessage): object;
  /** From now on: event streams end, connections are not kept alive. */
  stop(): void;
}

export function createHttpEdge(options: HttpEdgeOptions): HttpEdge {
  const { config, log, gateway, dev = false } = options;
  const streams = createEventStreams({ log, ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }) });
  const flashes = createFlashes({ clock: options.clock, secure: config.publicUrl?.startsWith('https:') ?? false });
  const readFacts = createFactsReader(config);
  const isAppHost = createAppHosts(config);
  let stopping = false;

  const isApp = (req: IncomingMessage, { host }: RequestFacts) => isAppHost(host, req.socket.localPort);

  /** The app's own hostname comes first: on a domain shared with sites it looks like one of them. */
  const siteOf = (req: IncomingMessage, facts: RequestFacts) => (isApp(req, facts) ? undefined : gateway.matchHost(facts.host));

  function requestEdge(req: IncomingMessage, res: ServerResponse, facts: RequestFacts): RequestEdge {
    const connection = { pendingBytes: () => res.writableLength, drop: () => void res.destroy() };
    return {
      ...facts,
      flash: flashes.of(req.headers.cookie),
      openEventStream: (input) => streams.open(input, connection),
      closeEventStreams: streams.closeOwner,
    };
  }

  function handleApp(req: IncomingMessage, res: ServerResponse, facts: RequestFacts, proceed: () => unknown): unknown {
    const isByName = isApp(req, facts);
    const known = isByName || (req.method === 'GET' && req.url?.split('?')[0] === ASKED_BY_ANY_NAME);
    const origin = isByName ? facts.origin : `http://localhost:${req.socket.localPort ?? 80}`;
    if (!isByName) req.headers.host = new URL(origin).host;
    for (const [name, value] of securityHeaders(config, origin, dev)) res.setHeader(name, value);
    res.setHeader('X-Request-Id', facts.requestId);
    const refusal = known ? refusalOf(req, res, facts) : new AppError('unknown_host');
    if (refusal) return sendError(req, res, refusal, facts.requestId);
    req.method = intendedMethod(req);
    const edge = requestEdge(req, res, facts);
    Reflect.set(req, LOCALS, { ...options.locals(edge), edge });
    logWhenDone(req, res, facts);
    return proceed();
  }

  function refusalOf(req: IncomingMessage, res: ServerResponse, facts: RequestFacts): AppError | undefined {
    if (!METHODS.has(req.method ?? '')) {
      res.setHeader('Allow', [...METHODS].join(', '));
      return new AppError('method_not_allowed');
    }
    if (!req.url?.startsWith('/')) return new AppError('bad_request');
    if (!isOurOwnRequest(req, { request: facts.origin, configured: config.publicUrl })) return new AppError('cross_site_request');
    return refuseDeclared(req);
  }

  function logWhenDone(req: IncomingMessage, res: ServerResponse, { requestId }: RequestFacts): void {
    const startedAtMs = performance.now();
    const { method } = req;
    // Without the query: the setup link's token is in it.
    const path = req.url?.split('?')[0];
    res.once('close', () => {
      log.debug({ requestId, method, path, status: res.statusCode, durationMs: Math.round(performance.now() - startedAtMs) }, 'request');
    });
  }

  return {
    handle(req, res, next, accept = () => {}) {
      const facts = readFacts(req);
      if (stopping) res.setHeader('Connection', 'close');
      const answer = async () => {
        const match = siteOf(req, facts);
        const proceed = (go: () => unknown) => {
          accept();
          return go();
        };
        if (match !== undefined) await proceed(() => gateway.handleRequest(req, res, match));
        else await handleApp(req, res, facts, () => proceed(next));
      };
      answer().catch((error: unknown) => {
        log.error({ error, requestId: facts.requestId }, 'a request failed');
        sendError(req, res, error, facts.requestId);
      });
    },

    findPlain(req, localPort) {
      const host = readHost(req.headers.host);
      if (config.trustedProxy !== undefined || host === '' || isAppHost(host, localPort)) return undefined;
      const match = gateway.matchHost(host);
      if (match === undefined || !gateway.takesPlain(match)) return undefined;
      return (res) => {
        const answer = async () => gateway.handlePlain(req, res, match);
        answer().catch((error: unknown) => {
          log.error({ error }, 'a request failed');
          res.destroy();
        });
      };
    },

    handleUpgrade(req, socket, head) {
      const match = siteOf(req, readFacts(req));
      if (match === undefined) return false;
      const upgrade = async () => gateway.handleUpgrade(req, socket, head, match);
      upgrade().catch((error: unknown) => {
        log.error({ error }, 'an upgrade failed');
        socket.destroy();
      });
      return true;
    },

    refuseOnSocket(socket, error, origin) {
      sendErrorOnSocket(socket, error, nanoid(), securityHeaders(config, origin, dev));
    },

    localsOf: (req) => Reflect.get(req, LOCALS) as object,

    stop() {
      stopping = true;
      streams.stop();
    },
  };
}
