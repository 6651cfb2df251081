import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '#server/log.ts';
import type { PlainAnswer, PlainRequest } from '#server/plain-exchange.ts';
import { remembered } from '#server/remembered.ts';
import { createShowPage, refuseUpgrade, sendJson } from './answers.ts';
import { matchHost } from './match-host.ts';
import type { HostMatch } from './match-host.ts';
import { brokenPage } from './pages.ts';
import { createPreviewFront } from './preview-front.ts';
import type { PreviewFrontOptions } from './preview-front.ts';
import { createPublishedFront } from './published-front.ts';
import type { PublishedFrontOptions } from './published-front.ts';

export interface GatewayOptions extends PreviewFrontOptions, PublishedFrontOptions {
  /** Sites live at `<slug>.preview.<sitesDomain>` and `<slug>.<sitesDomain>`. */
  sitesDomain: string;
  /** The slug of the published site that a hostname of another domain shows. */
  slugOfHostname?(hostname: string): string | undefined;
  /** The origin at which a site is instead of this one: its slug has changed, or it prefers another of its hostnames. */
  movedTo?(match: HostMatch): string | undefined;
  log: Log;
}

/** Serves sites on their own hostnames. Never throws: what goes wrong becomes a page. */
export interface Gateway {
  /** See {@link matchHost}; undefined = not a site's hostname. */
  matchHost(host: string | undefined): HostMatch | undefined;
  handleRequest(req: IncomingMessage, res: ServerResponse, match: HostMatch): Promise<void>;
  /** Whether {@link Gateway.handlePlain} may be asked: of previews. */
  takesPlain(match: HostMatch): boolean;
  /** As `handleRequest`, for what brings nothing along, from wherever it was read. */
  handlePlain(req: PlainRequest, res: PlainAnswer, match: HostMatch): Promise<void>;
  handleUpgrade(req: IncomingMessage, socket: Socket, head: Buffer, match: HostMatch): Promise<void>;
  /** Open answers and WebSockets of a project's preview. */
  viewers(projectId: string): number;
  close(): void;
}

export function createGateway(options: GatewayOptions): Gateway {
  const previews = createPreviewFront(options);
  const published = createPublishedFront(options);
  const show = createShowPage(options.appOrigins);
  const { sitesDomain, slugOfHostname } = options;
  // What is below our own domain is told by the name alone; whose the others are may change.
  const matchOwn = remembered((host: string | undefined) => matchHost(host, sitesDomain));

  async function answer(req: PlainRequest, res: PlainAnswer, match: HostMatch, serve: () => Promise<void>): Promise<void> {
    try {
      const origin = match.isOwnPort ? undefined : options.movedTo?.(match);
      if (origin !== undefined) sendMoved(req, res, origin);
      else await serve();
    } catch (error) {
      options.log.error({ err: error, slug: match.slug }, 'serving a preview failed');
      if (res.headersSent) res.destroy();
      else show(req, res, brokenPage);
    }
  }

  return {
    matchHost: (host) => matchOwn(host) ?? matchHost(host, sitesDomain, slugOfHostname),
    handleRequest: (req, res, match) =>
      answer(req, res, match, () => {
        if (match.kind === 'version') return published.serveVersion(req, res, match);
        if (match.kind === 'production') return published.serve(req, res, match);
        return previews.serve(req, res, match.slug);
      }),
    takesPlain: (match) => match.kind === 'preview',
    handlePlain: (req, res, match) => answer(req, res, match, () => previews.servePlain(req, res, match.slug)),
    async handleUpgrade(req, socket, head, match) {
      // A client that goes away in the meantime must not become an uncaught error.
      socket.on('error', () => socket.destroy());
      try {
        if (match.kind === 'production') return await published.upgrade(req, socket, head, match);
        if (match.kind === 'preview') return await previews.upgrade(req, socket, head, match.slug);
        refuseUpgrade(socket, '404 Not Found');
      } catch (error) {
        options.log.error({ err: error, slug: match.slug }, 'upgrading a connection failed');
        refuseUpgrade(socket, '500 Internal Server Error');
      }
    },
    viewers: previews.viewers,
    close() {
      previews.close();
      published.close();
    },
  };
}

/** With its method, path and query. Not to be remembered: the hostname may become another site's. */
function sendMoved(req: PlainRequest, res: PlainAnswer, origin: string): void {
  // A waiting page asks from its own origin, and could not read an answer from the other one.
  if (req.url === '/.doce/status') return sendJson(res, 200, { status: 'moved', next: 'reload' });
  const path = req.url?.startsWith('/') ? req.url : '/';
  res.writeHead(308, { location: `${origin}${path}`, 'cache-control': 'no-store' }).end();
}
