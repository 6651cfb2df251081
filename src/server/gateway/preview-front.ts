import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { PlainAnswer, PlainRequest } from '#server/plain-exchange.ts';
import { createShowPage, isNavigation, isPrefetch, isSameOrigin, isTraceOrConnect, refuseUpgrade, sendJson, sendPlain } from './answers.ts';
import { deletingPage, failedPage, unknownPage, unreachablePage, waitingPage } from './pages.ts';
import { createSiteProxy } from './proxy.ts';
import type { SitePlace } from './proxy.ts';
import { createViewers } from './viewers.ts';
import { createWakes } from './wakes.ts';

/** How long a dev server may be gone between two answers. */
const PATIENCE_MS = 3_000;

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

export interface PreviewFrontOptions {
  /** Origins under which the app is seen; only they may frame a preview. */
  appOrigins(): readonly string[];
  resolveProject(slug: string): GatewayProject | undefined | Promise<GatewayProject | undefined>;
  /** Somebody is looking: at the start and end of each request and WebSocket, and every 15 s while one is open. */
  touch(projectId: string): void;
  /** Asks for a stopped or failed preview to be started; called often, must be idempotent. */
  wake(projectId: string): void | Promise<void>;
  /** How long a site may take to begin an answer. */
  answerTimeoutMs?: number;
  /** How long a request for a page is repeated while the dev server does not take it. */
  patienceMs?: number;
}

/** What stands in front of the dev servers: it wakes them, counts who looks, and says what is the matter while they don't answer. */
export interface PreviewFront {
  serve(req: IncomingMessage, res: ServerResponse, slug: string): Promise<void>;
  /** The same for what brings nothing along, from wherever it was read. */
  servePlain(req: PlainRequest, res: PlainAnswer, slug: string): Promise<void>;
  upgrade(req: IncomingMessage, socket: Socket, head: Buffer, slug: string): Promise<void>;
  /** Open answers and WebSockets of a project's preview. */
  viewers(projectId: string): number;
  close(): void;
}

export function createPreviewFront(options: PreviewFrontOptions): PreviewFront {
  const viewers = createViewers(options.touch);
  const wakes = createWakes(options.wake);
  const show = createShowPage(options.appOrigins);
  const proxy = createSiteProxy({
    frameAncestors: options.appOrigins,
    answerTimeoutMs: options.answerTimeoutMs,
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    repeatsBroken: true,
    onFailed: (req, res) => (isNavigation(req) ? show(req, res, unreachablePage()) : sendNotReady(res, 502)),
  });

  async function answer(req: PlainRequest, res: PlainAnswer, slug: string, pass: (place: SitePlace) => void): Promise<void> {
    if (isTraceOrConnect(req)) return sendPlain(res, 405, 'That method is not served here.');
    const found = options.resolveProject(slug);
    // Known at once, the request goes on at once: the dev server works while we tidy up.
    const project = found instanceof Promise ? await found : found;
    if (!project) return show(req, res, unknownPage);
    if (project.status === 'deleting') return show(req, res, deletingPage);
    const path = (req.url ?? '/').split('?', 1)[0] ?? '/';
    if (path.startsWith('/.doce/')) return serveOwn(req, res, project, path);
    // Vite would start an editor on this machine.
    if (/__open-in-editor/i.test(path)) return sendPlain(res, 404, 'There is no editor here.');
    if (project.status === 'running' && project.port !== undefined) {
      const { port } = project;
      pass({ port, portNow: async () => (await options.resolveProject(slug))?.port });
      wakes.settle(project.projectId);
      res.once('close', viewers.begin(project.projectId));
      return;
    }
    return serveWaiting(req, res, project);
  }

  async function serveWaiting(req: PlainRequest, res: PlainAnswer, project: GatewayProject): Promise<void> {
    if (!isNavigation(req)) return sendNotReady(res, 503);
    if (project.status === 'error' && !wakes.isRecent(project.projectId))
      return show(req, res, failedPage(project.errorDetail ?? undefined));
    if (project.status === 'stopped' && req.method === 'GET' && !isPrefetch(req)) await wakes.wake(project.projectId);
    const kind = project.status === 'running' ? 'restarting' : project.status === 'stopped' ? 'waking' : 'starting';
    show(req, res, waitingPage(kind, project.name));
  }

  /** `/.doce/…` is ours on every preview's hostname. */
  async function serveOwn(req: PlainRequest, res: PlainAnswer, project: GatewayProject, path: string): Promise<void> {
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

  async function upgrade(req: IncomingMessage, socket: Socket, head: Buffer, slug: string): Promise<void> {
    const project = await options.resolveProject(slug);
    if (!project || project.status === 'deleting') return refuseUpgrade(socket, '404 Not Found');
    if (project.status !== 'running' || project.port === undefined) return refuseUpgrade(socket, '503 Service Unavailable');
    if (socket.destroyed) return;
    socket.once('close', viewers.begin(project.projectId));
    proxy.passUpgrade(req, socket, head, project.port);
  }

  return {
    serve: (req, res, slug) => answer(req, res, slug, (place) => proxy.pass(req, res, place)),
    servePlain: (req, res, slug) => answer(req, res, slug, (place) => proxy.passPlain(req, res, place)),
    upgrade,
    viewers: viewers.count,
    close() {
      viewers.close();
      proxy.close();
    },
  };
}

function sendNotReady(res: PlainAnswer, status: 502 | 503): void {
  sendPlain(res, status, 'The preview is not ready yet. Try again in a moment.', { 'retry-after': '2' });
}
