import type { IncomingMessage } from 'node:http';
import { nanoid } from 'nanoid';
import type { Config } from '#server/config.ts';
import { remembered } from '#server/remembered.ts';

/** Who asks, and for which origin, after forwarded headers were believed or dropped. */
export interface RequestFacts {
  requestId: string;
  /** Address of the client, or of whoever connected when no trusted proxy says otherwise. */
  clientAddress: string;
  /** Lower case, with port as sent; empty when absent or malformed. */
  host: string;
  /** `scheme://host` under which the client reached us. */
  origin: string;
}

/** A name of DNS with a port. */
const HOST_LENGTH = 259;
const HOST_SHAPE = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/;
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'x-real-ip'] as const;

/**
 * Reads the facts of requests, and takes all forwarded headers out of their `headers`, so that nothing behind us believes
 * them; a trusted proxy's `X-Forwarded-Host` becomes the `Host`.
 */
export function createFactsReader(config: Pick<Config, 'publicUrl' | 'trustedProxy'>): (req: IncomingMessage) => RequestFacts {
  const publicUrl = config.publicUrl === undefined ? undefined : new URL(config.publicUrl);
  const trusted = config.trustedProxy === undefined ? undefined : plainAddress(config.trustedProxy);
  return (req) => {
    const peer = req.socket.remoteAddress ?? '';
    const forwarded = trusted !== undefined && plainAddress(peer) === trusted ? forwardedBy(req) : {};
    for (const name of FORWARDED) delete req.headers[name];
    if (forwarded.host) req.headers.host = forwarded.host;
    const host = onlyHost(req);
    const scheme = publicUrl?.host === host ? publicUrl.protocol : `${forwarded.scheme ?? 'http'}:`;
    let requestId: string | undefined;
    return {
      // Most requests are a site's, and nobody asks for theirs.
      get requestId() {
        return (requestId ??= nanoid());
      },
      get clientAddress() {
        return forwarded.client ?? plainAddress(peer);
      },
      host,
      origin: `${scheme}//${host || `localhost:${req.socket.localPort ?? 80}`}`,
    };
  };
}

/** The values our own proxy appended: the last of each list; what stands before was sent by the client. */
function forwardedBy(req: IncomingMessage): { scheme?: 'http' | 'https'; host?: string; client?: string } {
  const last = (name: string) =>
    String(req.headers[name] ?? '')
      .split(',')
      .at(-1)!
      .trim();
  const scheme = last('x-forwarded-proto').toLowerCase();
  const host = last('x-forwarded-host');
  const client = plainAddress(last('x-forwarded-for'));
  return {
    ...(scheme === 'http' || scheme === 'https' ? { scheme } : {}),
    ...(host ? { host } : {}),
    ...(client ? { client } : {}),
  };
}

/** Two Host lines are a smuggling attempt (RFC 9112 §3.2): neither counts. */
function onlyHost(req: IncomingMessage): string {
  const hosts = req.rawHeaders.filter((name, index) => index % 2 === 0 && name.length === 4 && name.toLowerCase() === 'host');
  return hosts.length > 1 ? '' : readHost(req.headers.host);
}

/** In lower case; empty when the header is absent or malformed. */
export function readHost(sent = ''): string {
  return sent.length > HOST_LENGTH ? '' : wellFormed(sent);
}

const wellFormed = remembered((sent: string) => {
  const host = sent.toLowerCase();
  return HOST_SHAPE.test(host) && URL.canParse(`http://${host}`) ? host : '';
});

const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');
