import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '#server/log.ts';
import { framePolicy } from './headers.ts';
import { matchHost } from './match-host.ts';
import type { HostMatch } from './match-host.ts';
import { sendPage } from './page-shell.ts';
import type { GatewayPage } from './page-shell.ts';
import {
  brokenPage,
  deletingPage,
  downPage,
  failedPage,
  missingPage,
  notPublishedPage,
  unknownPage,
  unreachablePage,
  versionGonePage,
  waitingPage,
} from './pages.ts';
import { createSiteProxy } from './proxy.ts';
import type { SitePlace } from './proxy.ts';
import { createViewers } from './viewers.ts';

const ANSWER_TIMEOUT_MS = 60_000;
/** How long a dev server may be gone between two answers. */
const PATIENCE_MS = 3_000;
/** As long as a visit waits for a published program that is known to be away. */
const PRODUCTION_PATIENCE_MS = 10_000;
const WAKE_SETTLES_MS = 5_000;

/** What the gateway needs to know of a project. */
export interface GatewayProject {
  projectId: string;
  name: string;
  status: 'created' | 'starting' | 'running' | 'stopping' | 'stopped' | 'error' | 'deleting';
  /** Of the dev server that answers at this moment; undefined while none does. Never a remembered one. */
  port: number | undefined;
  /** For `error`: the last lines of the log, as text. */
  errorDetail?: string | null | undefined;
}

/** The published site is a program; `down`: it does not answer at the moment. */
export type PassedOn = SitePlace | 'down';

/** `missing`: the site is live, but has nothing there and no 404 page of its own. Nothing was sent unless `served`. */
export type ServedPages = 'served' | 'missing' | 'unpublished';
export type ServedSite = ServedPages | PassedOn;

export interface GatewayOptions {
  /** Sites live at `<slug>.preview.<sitesDomain>` and `<slug>.<sitesDomain>`. */
  sitesDomain: string;
  /** Origins under which the app is seen; only they may frame a preview. */
  appOrigins(): readonly string[];
  /** The slug of the published site that a hostname of another domain shows. */
  slugOfHostname?(hostname: string): string | undefined;
  /** The origin at which a site is instead of this one: its slug has changed, or it prefers another of its hostnames. */
  movedTo?(match: HostMatch): string | undefined;
  resolveProject(slug: string): GatewayProject | undefined | Promise<GatewayProject | undefined>;
  /** Serves what is published under a slug. */
  servePublished?(req: IncomingMessage, res: ServerResponse, slug: string): Promise<ServedSite>;
  /** Which program takes a WebSocket to a published site; undefined when the site is none. */
  takePublishedUpgrade?(socket: Socket, slug: string): Promise<PassedOn | undefined>;
  /** Serves the built site of an old version, by its slug and the first digits of its hash. As `servePublished`. */
  serveVersion?(req: IncomingMessage, res: ServerResponse, slug: string, shortHash: string): Promise<ServedPages>;
  /** Somebody is looking: at the start and end of each request and WebSocket, and every 15 s while one is open. */
  touch(projectId: string): void;
  /** Asks for a stopped or failed preview to be started; called often, must be idempotent. */
  wake(projectId: string): void | Promise<void>;
  log: Log;
  /** How long a site may take to begin an answer. */
  answerTimeoutMs?: number;
  /** How long a request for a page is repeated while the server of a preview, or of a published site, does not take it. */
  patienceMs?: number;
}

/** Serves sites on their own hostnames. Never throws: what goes wrong becomes a page. */
export interface Gateway {
  /** See {@link matchHost}; undefined = not a site's hostname. */
  matchHost(host: string | undefined): HostMatch | undefined;
  handleRequest(req: IncomingMessage, res: ServerResponse, match: HostMatch): Promise<void>;
  handleUpgrade(req: IncomingMessage, socket: Socket, head: Buffer, match: HostMatch): Promise<void>;
  /** Open answers and WebSockets of a project's preview. */
  viewers(projectId: string): number;
  close(): void;
}

export function createGateway(options: GatewayOptions): Gateway {
  const viewers = createViewers(options.touch);
  const wakes = createWakes(options.wake);
  const show = (req: IncomingMessage, res: ServerResponse, page: GatewayPage) => sendPage(req, res, page, options.appOrigins());
  const proxy = createSiteProxy({
    frameAncestors: options.appOrigins,
    answerTimeoutMs: options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    repeatsBroken: true,
    onFailed: (req, res) => (isNavigation(req) ? show(req, res, unreachablePage()) : sendNotReady(res, 502)),
  });
  const production = createSiteProxy({
    answerTimeoutMs: options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
    patienceMs: options.patienceMs ?? PRODUCTION_PATIENCE_MS,
    repeatsBroken: false,
    onFailed: (req, res) => (isNavigation(req) ? show(req, res, downPage) : sendDown(res)),
  });

  async function servePreview(req: IncomingMessage, res: ServerResponse, slug: string): Promise<void> {
    if (req.method === 'TRACE' || req.method === 'CONNECT') return sendPlain(res, 405, 'That method is not served here.');
    const project = await options.resolveProject(slug);
    if (!project) return show(req, res, unknownPage);
    if (project.status === 'deleting') return show(req, res, deletingPage);
    const path = (req.url ?? '/').split('?', 1)[0] ?? '/';
    if (path.startsWith('/.doce/')) return serveOwn(req, res, project, path);
    // Vite would start an editor on this machine.
    if (/__open-in-editor/i.test(path)) return sendPlain(res, 404, 'There is no editor here.');
    if (project.status === 'running' && project.port !== undefined) {
      wakes.settle(project.projectId);
      res.once('close', viewers.begin(project.projectId));
      const { port } = project;
      return proxy.pass(req, res, { port, portNow: async () => (await options.resolveProject(slug))?.port });
    }
    return serveWaiting(req, res, project);
  }

  /** Published sites are for everyone: no login, no viewers to count, nothing to wake. */
  async function serveProduction(req: IncomingMessage, res: ServerResponse, match: HostMatch): Promise<void> {
    const outcome = (await options.servePublished?.(req, res, match.slug)) ?? 'unpublished';
    if (outcome === 'down') return isNavigation(req) ? show(req, res, downPage) : sendDown(res);
    if (typeof outcome === 'string') return showUnserved(req, res, outcome, notPublishedPage);
    if (req.method === 'TRACE' || req.method === 'CONNECT') return sendPlain(res, 405, 'That method is not served here.');
    if (res.destroyed) return;
    production.pass(req, res, outcome, forwardedHeaders(req, match));
  }

  /** What a visitor's address and scheme are, said by us: what the visitor says of them was dropped. */
  function forwardedHeaders(req: IncomingMessage, { isOwnPort }: HostMatch): Record<string, string> {
    const scheme = !isOwnPort && options.appOrigins()[0]?.startsWith('https:') ? 'https' : 'http';
    return { 'x-forwarded-proto': scheme, 'x-forwarded-host': req.headers.host ?? '' };
  }

  async function upgradeProduction(req: IncomingMessage, socket: Socket, head: Buffer, match: HostMatch): Promise<void> {
    const outcome = await options.takePublishedUpgrade?.(socket, match.slug);
    if (outcome === undefined) return refuseUpgrade(socket, '404 Not Found');
    if (outcome === 'down') return refuseUpgrade(socket, '503 Service Unavailable');
    if (!socket.destroyed) production.passUpgrade(req, socket, head, outcome.port, forwardedHeaders(req, match));
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
      res.setHeader('allow', 'GET, HEAD');
      return sendPlain(res, 405, 'Nothing can be sent to this site.');
    }
    show(req, res, outcome === 'missing' ? missingPage : unpublished);
  }

  async function serveWaiting(req: IncomingMessage, res: ServerResponse, project: GatewayProject): Promise<void> {
    if (!isNavigation(req)) return sendNotReady(res, 503);
    if (project.status === 'error' && !wakes.isRecent(project.projectId))
      return show(req, res, failedPage(project.errorDetail ?? undefined));
    if (project.status === 'stopped' && req.method === 'GET' && !isPrefetch(req)) await wakes.wake(project.projectId);
    const kind = project.status === 'running' ? 'restarting' : project.status === 'stopped' ? 'waking' : 'starting';
    show(req, res, waitingPage(kind, project.name));
  }

  /** `/.doce/…` is ours on every preview's hostname. */
  async function serveOwn(req: IncomingMessage, res: ServerResponse, project: GatewayProject, path: string): Promise<void> {
    if (path === '/.doce/status' && req.method === 'GET') {
      return sendJson(res, 200, { status: project.status, next: isWaiting(project) ? 'wait' : 'reload' });
    }
    if (path === '/.doce/restart' && req.method === 'POST') {
      if (!isSameOrigin(req)) return sendPlain(res, 403, 'That request came from another site and was refused.');
      if (project.status === 'error' || project.status === 'stopped') await wakes.wake(project.projectId);
      if (!isNavigation(req, 'POST')) return sendJson(res, 202, { status: 'starting' });
      res.writeHead(303, { location: '/', 'cache-control': 'no-store' }).end();
      return;
    }
    sendPlain(res, 404, 'There is nothing at this address.');
  }

  /** A project that was just woken stays `stopped` or `error` until its job begins. */
  function isWaiting(project: GatewayProject): boolean {
    if (project.status === 'running') return project.port === undefined;
    if (project.status === 'stopped' || project.status === 'error') return wakes.isRecent(project.projectId);
    return project.status !== 'deleting';
  }

  return {
    matchHost: (host) => matchHost(host, options.sitesDomain, options.slugOfHostname),
    async handleRequest(req, res, match) {
      try {
        const origin = match.isOwnPort ? undefined : options.movedTo?.(match);
        if (origin !== undefined) sendMoved(req, res, origin);
        else if (match.kind === 'version') await serveVersion(req, res, match);
        else if (match.kind === 'production') await serveProduction(req, res, match);
        else await servePreview(req, res, match.slug);
      } catch (error) {
        options.log.error({ err: error, slug: match.slug }, 'serving a preview failed');
        if (res.headersSent) res.destroy();
        else show(req, res, brokenPage);
      }
    },
    async handleUpgrade(req, socket, head, match) {
      // A client that goes away in the meantime must not become an uncaught error.
      socket.on('error', () => socket.destroy());
      try {
        if (match.kind === 'production') return await upgradeProduction(req, socket, head, match);
        const project = match.kind === 'preview' ? await options.resolveProject(match.slug) : undefined;
        if (!project || project.status === 'deleting') return refuseUpgrade(socket, '404 Not Found');
        if (project.status !== 'running' || project.port === undefined) return refuseUpgrade(socket, '503 Service Unavailable');
        if (socket.destroyed) return;
        socket.once('close', viewers.begin(project.projectId));
        proxy.passUpgrade(req, socket, head, project.port);
      } catch (error) {
        options.log.error({ err: error, slug: match.slug }, 'upgrading a connection failed');
        refuseUpgrade(socket, '500 Internal Server Error');
      }
    },
    viewers: viewers.count,
    close() {
      viewers.close();
      proxy.close();
      production.close();
    },
  };
}

/** Passes a wake on once, and remembers it while it takes effect. */
function createWakes(wake: GatewayOptions['wake']) {
  const askedMs = new Map<string, number>();
  const isRecent = (projectId: string) => performance.now() - (askedMs.get(projectId) ?? -Infinity) < WAKE_SETTLES_MS;
  return {
    isRecent,
    settle: (projectId: string) => void askedMs.delete(projectId),
    async wake(projectId: string): Promise<void> {
      if (isRecent(projectId)) return;
      askedMs.set(projectId, performance.now());
      try {
        await wake(projectId);
      } catch (error) {
        askedMs.delete(projectId);
        throw error;
      }
    },
  };
}

/** Whether a person is opening a page, by Fetch Metadata where the browser sends it, else by what it accepts. */
function isNavigation(req: IncomingMessage, method: 'GET' | 'POST' = 'GET'): boolean {
  if (req.method !== method && !(method === 'GET' && req.method === 'HEAD')) return false;
  const mode = req.headers['sec-fetch-mode'];
  return mode === undefined ? (req.headers.accept ?? '').includes('text/html') : mode === 'navigate';
}

function isPrefetch(req: IncomingMessage): boolean {
  return [req.headers['sec-purpose'], req.headers['purpose']].some((purpose) => String(purpose ?? '').includes('prefetch'));
}

function isSameOrigin(req: IncomingMessage): boolean {
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const origin = URL.parse(req.headers.origin ?? '');
  return origin !== null && origin.host === req.headers.host;
}

/** With its method, path and query. Not to be remembered: the hostname may become another site's. */
function sendMoved(req: IncomingMessage, res: ServerResponse, origin: string): void {
  // A waiting page asks from its own origin, and could not read an answer from the other one.
  if (req.url === '/.doce/status') return sendJson(res, 200, { status: 'moved', next: 'reload' });
  const path = req.url?.startsWith('/') ? req.url : '/';
  res.writeHead(308, { location: `${origin}${path}`, 'cache-control': 'no-store' }).end();
}

function sendNotReady(res: ServerResponse, status: 502 | 503): void {
  res.setHeader('retry-after', '2');
  sendPlain(res, status, 'The preview is not ready yet. Try again in a moment.');
}

function sendDown(res: ServerResponse): void {
  res.setHeader('retry-after', '5');
  sendPlain(res, 503, 'The site does not answer at the moment. Try again shortly.');
}

function sendPlain(res: ServerResponse, status: number, text: string): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  res.writeHead(status, headers).end(`${text}\n`);
}

function sendJson(res: ServerResponse, status: number, body: object): void {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  res.writeHead(status, headers).end(JSON.stringify(body));
}

function refuseUpgrade(socket: Socket, status: string): void {
  if (socket.destroyed) return;
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n`);
}
