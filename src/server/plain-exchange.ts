import type { IncomingMessage } from 'node:http';

/** A request that brings nothing along, as much of it as an answer depends on. One of node:http's is one too. */
export type PlainRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** What a header's name is made of (RFC 9110 §5.6.2). */
export const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What a header's value or a reason may be made of (RFC 9110 §5.5): nothing that could end a line. node:http throws at anything else. */
export const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** As much of node:http's `ServerResponse` as it takes to pass a site's answer on; what is said there holds here. */
export interface PlainAnswer {
  statusMessage: string;
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  /** Bytes that the reader's connection has not taken yet. */
  readonly writableLength: number;
  /**
   * @param headers By lower-case name.
   * @throws TypeError when one of them can't be sent.
   */
  writeHead(status: number, headers: Record<string, string | number | string[]>): PlainAnswer;
  flushHeaders(): void;
  /** Returns whether more may be written before `drain`. */
  write(bytes: Buffer): boolean;
  end(last?: Buffer | string): unknown;
  /** Breaks the reader's connection off. */
  destroy(): unknown;
  /** `close`: all of it was sent, or the reader is gone. */
  once(event: 'close' | 'drain', listener: () => void): unknown;
}
