import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { PlainAnswer, PlainRequest } from '#server/plain-exchange.ts';

/** What the edge asks of the sites gateway: whose hostname is it, and take the request. */
export interface SitesGateway<Match = unknown> {
  /** @param host The Host header, lower case, with its port if it has one. */
  matchHost(host: string): Match | undefined;
  handleRequest(req: IncomingMessage, res: ServerResponse, match: Match): unknown;
  /** Whether its requests that bring nothing along may go to `handlePlain` as well. */
  takesPlain(match: Match): boolean;
  handlePlain(req: PlainRequest, res: PlainAnswer, match: Match): unknown;
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer, match: Match): unknown;
}
