import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '#server/log.ts';
import type { HostMatch } from './match-host.ts';

export interface SitePortsOptions {
  /** The interface that the app listens on: sites are seen no further than it is. */
  host: string;
  /** Both included; undefined = no site gets a port. */
  range: { first: number; last: number } | undefined;
  handleRequest(req: IncomingMessage, res: ServerResponse, match: HostMatch): void;
  handleUpgrade(req: IncomingMessage, socket: Socket, head: Buffer, match: HostMatch): void;
  log: Log;
}

/** Listeners of published sites on ports of their own, for where there are no hostnames. */
export interface SitePorts {
  readonly isOn: boolean;
  /**
   * Listens for a project: on the preferred port when it can, else on the first of the range that is free. Bound before it is told,
   * never looked up first.
   *
   * @param slug Asked with each request: it can change.
   * @returns Undefined when none is free, or the range is not set.
   */
  open(projectId: string, preferred: number | null, slug: () => string): Promise<number | undefined>;
  /** The port that the project is answered on at this moment. */
  portOf(projectId: string): number | undefined;
  close(projectId: string): void;
  closeAll(): void;
}

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 10_000,
};

export function createSitePorts(options: SitePortsOptions): SitePorts {
  const { range } = options;
  const servers = new Map<string, { server: Server; port: number }>();
  const opening = new Map<string, Promise<number | undefined>>();

  function listen(projectId: string, port: number, slug: () => string): Promise<Server | undefined> {
    const match = (): HostMatch => ({ kind: 'production', slug: slug(), isOwnPort: true });
    const server = createServer(LIMITS, (req, res) => options.handleRequest(req, res, match()));
    server.on('upgrade', (req, socket, head) => options.handleUpgrade(req, socket as Socket, head, match()));
    return new Promise((resolve) => {
      server.once('error', () => resolve(undefined));
      server.listen({ port, host: options.host, exclusive: true }, () => {
        server.removeAllListeners('error');
        server.on('error', (error) => options.log.error({ error, projectId }, 'the port of a published site failed'));
        resolve(server);
      });
    });
  }

  async function bind(projectId: string, preferred: number | null, slug: () => string): Promise<number | undefined> {
    if (!range) return undefined;
    const taken = new Set([...servers.values()].map(({ port }) => port));
    const all = Array.from({ length: range.last - range.first + 1 }, (_, index) => range.first + index);
    const candidates = preferred !== null && all.includes(preferred) ? [preferred, ...all.filter((port) => port !== preferred)] : all;
    for (const port of candidates) {
      if (taken.has(port)) continue;
      const server = await listen(projectId, port, slug);
      if (!server) continue;
      servers.set(projectId, { server, port });
      return port;
    }
    options.log.warn({ projectId }, 'every port of DOCE_SITES_PORTS is taken');
    return undefined;
  }

  function close(projectId: string): void {
    const known = servers.get(projectId);
    servers.delete(projectId);
    known?.server.close();
    known?.server.closeIdleConnections();
  }

  return {
    isOn: range !== undefined,
    open(projectId, preferred, slug) {
      const known = servers.get(projectId);
      if (known) return Promise.resolve(known.port);
      const begun = opening.get(projectId) ?? bind(projectId, preferred, slug).finally(() => opening.delete(projectId));
      opening.set(projectId, begun);
      return begun;
    },
    portOf: (projectId) => servers.get(projectId)?.port,
    close,
    closeAll() {
      for (const [projectId, { server }] of servers) {
        close(projectId);
        server.closeAllConnections();
      }
    },
  };
}
