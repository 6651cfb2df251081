import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { PlainAnswer, PlainRequest } from '#server/plain-exchange.ts';
import { createShowPage, isNavigation, isTraceOrConnect, refuseUpgrade, sendPlain } from './answers.ts';
import { framePolicy } from './headers.ts';
import type { HostMatch } from './match-host.ts';
import type { GatewayPage } from './page-shell.ts';
import { downPage, missingPage, notPublishedPage, versionGonePage } from './pages.ts';
import { createSiteProxy } from './proxy.ts';
import type { SitePlace } from './proxy.ts';

/** As long as a visit waits for a published program that is known to be away. */
const PATIENCE_MS = 10_000;

/** The published site is a program; `down`: it does not answer at the moment. */
export type PassedOn = SitePlace | 'down';

/** `missing`: the site is live, but has nothing there and no 404 page of its own. Nothing was sent unless `served`. */
export type ServedPages = 'served' | 'missing' | 'unpublished';
export type ServedSite = ServedPages | PassedOn;

export interface PublishedFrontOptions {
  /** Origins under which the app is seen; only they may frame an old version. */
  appOrigins(): readonly string[];
  /** Serves what is published under a slug. */
  servePublished?(req: IncomingMessage, res: ServerResponse, slug: string): Promise<ServedSite>;
  /** Which program takes a WebSocket to a published site; undefined when the site is none. */
  takePublishedUpgrade?(socket: Socket, slug: string): Promise<PassedOn | undefined>;
  /** Serves the built site of a version, by its slug and the first digits of its hash, or `live`. As `servePublished`. */
  serveVersion?(req: IncomingMessage, res: ServerResponse, slug: string, shortHash: string): Promise<ServedPages>;
  /** How long a site may take to begin an answer. */
  answerTimeoutMs?: number;
  /** How long a request for a page is repeated while the server of a published site does not take it. */
  patienceMs?: number;
}

/** What stands in front of built sites: they are for everyone, so there is no login, no viewer to count and nothing to wake. */
export interface PublishedFront {
  serve(req: IncomingMessage, res: ServerResponse, match: HostMatch): Promise<void>;
  upgrade(req: IncomingMessage, socket: Socket, head: Buffer, match: HostMatch): Promise<void>;
  serveVersion(req: IncomingMessage, res: ServerResponse, match: HostMatch): Promise<void>;
  close(): void;
}

export function createPublishedFront(options: PublishedFrontOptions): PublishedFront {
  const show = createShowPage(options.appOrigins);
  const proxy = createSiteProxy({
    answerTimeoutMs: options.answerTimeoutMs,
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    repeatsBroken: false,
    onFailed: showDown,
  });

  function showDown(req: PlainRequest, res: PlainAnswer): void {
    return isNavigation(req) ? show(req, res, downPage) : sendDown(res);
  }

  async function serve(req: IncomingMessage, res: ServerResponse, match: HostMatch): Promise<void> {
    const outcome = (await options.servePublished?.(req, res, match.slug)) ?? 'unpublished';
    if (outcome === 'down') return showDown(req, res);
    if (typeof outcome === 'string') return showUnserved(req, res, outcome, notPublishedPage);
    if (isTraceOrConnect(req)) return sendPlain(res, 405, 'That method is not served here.');
    if (res.destroyed) return;
    proxy.pass(req, res, outcome, forwardedHeaders(req, match));
  }

  /** What a visitor's address and scheme are, said by us: what the visitor says of them was dropped. */
  function forwardedHeaders(req: IncomingMessage, { isOwnPort }: HostMatch): Record<string, string> {
    const scheme = !isOwnPort && options.appOrigins()[0]?.startsWith('https:') ? 'https' : 'http';
    return { 'x-forwarded-proto': scheme, 'x-forwarded-host': req.headers.host ?? '' };
  }

  async function upgrade(req: IncomingMessage, socket: Socket, head: Buffer, match: HostMatch): Promise<void> {
    const outcome = await options.takePublishedUpgrade?.(socket, match.slug);
    if (outcome === undefined) return refuseUpgrade(socket, '404 Not Found');
    if (outcome === 'down') return refuseUpgrade(socket, '503 Service Unavailable');
    if (!socket.destroyed) proxy.passUpgrade(req, socket, head, outcome.port, forwardedHeaders(req, match));
  }

  /** The same pages as production's, of another time: framed by the app only, and nothing for a search engine. */
  async function serveVersion(req: IncomingMessage, res: ServerResponse, { slug, shortHash = '' }: HostMatch): Promise<void> {
    res.setHeader('x-robots-tag', 'noindex, nofollow');
    res.setHeader('content-security-policy', framePolicy(options.appOrigins()));
    const outcome = (await options.serveVersion?.(req, res, slug, shortHash)) ?? 'unpublished';
    showUnserved(req, res, outcome, versionGonePage);
  }

  function showUnserved(req: IncomingMessage, res: ServerResponse, outcome: ServedPages, unpublished: GatewayPage): void {
    if (outcome === 'served') return;
    if (outcome === 'missing' && req.method !== 'GET' && req.method !== 'HEAD') {
      return sendPlain(res, 405, 'Nothing can be sent to this site.', { allow: 'GET, HEAD' });
    }
    show(req, res, outcome === 'missing' ? missingPage : unpublished);
  }

  return { serve, upgrade, serveVersion, close: proxy.close };
}

function sendDown(res: PlainAnswer): void {
  sendPlain(res, 503, 'The site does not answer at the moment. Try again shortly.', { 'retry-after': '5' });
}
