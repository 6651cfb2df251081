import { EventEmitter } from 'node:events';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { SENDABLE, TOKEN } from '#server/plain-exchange.ts';
import type { PlainAnswer } from '#server/plain-exchange.ts';

const WITHOUT_BODY = new Set([204, 304]);

export interface AnswerOptions {
  socket: Socket;
  /** Of the request: an answer to HEAD has no body whatever it says. */
  method: string | undefined;
  /** Asked with the head: how long the connection stays open without a request, as the reader is told; 0: it ends with this answer. */
  keepAliveSeconds(): number;
  /** The operating system has all of it. */
  onSent(isLast: boolean): void;
}

/** Writes one answer of HTTP/1.1 to a connection as node:http's server does (RFC 9112 §6), without all that it makes for each. */
export class SocketAnswer extends EventEmitter implements PlainAnswer {
  statusMessage = '';
  headersSent = false;
  destroyed = false;
  private readonly options: AnswerOptions;
  /** Written, and not yet sent. */
  private head = '';
  private isLast = false;
  /** How a reader knows the end of the body: there is none, its length was said, or it comes in chunks. */
  private framing: 'none' | 'length' | 'chunked' = 'none';

  constructor(options: AnswerOptions) {
    super();
    this.options = options;
  }

  get writableLength(): number {
    return this.options.socket.writableLength;
  }

  writeHead(status: number, headers: Record<string, string | number | string[]>): this {
    const { method, keepAliveSeconds } = this.options;
    const seconds = keepAliveSeconds();
    const hasBody = method !== 'HEAD' && !WITHOUT_BODY.has(status);
    const framing = !hasBody ? 'none' : headers['content-length'] === undefined ? 'chunked' : 'length';
    let head = `HTTP/1.1 ${status} ${sendable(this.statusMessage || STATUS_CODES[status] || 'unknown')}\r\n`;
    for (const [name, value] of Object.entries(headers)) {
      if (!TOKEN.test(name)) throw new TypeError('That is no name of a header.');
      for (const one of Array.isArray(value) ? value : [value]) head += `${name}: ${sendable(String(one))}\r\n`;
    }
    if (headers['date'] === undefined) head += `date: ${new Date().toUTCString()}\r\n`;
    if (framing === 'chunked') head += 'transfer-encoding: chunked\r\n';
    head += seconds > 0 ? `connection: keep-alive\r\nkeep-alive: timeout=${seconds}\r\n\r\n` : 'connection: close\r\n\r\n';
    this.head = head;
    this.isLast = seconds === 0;
    this.framing = framing;
    this.headersSent = true;
    return this;
  }

  flushHeaders(): void {
    if (this.head) this.options.socket.write(this.head, 'latin1');
    this.head = '';
  }

  write(bytes: Buffer): boolean {
    const { socket } = this.options;
    socket.cork();
    this.flushHeaders();
    this.writePiece(bytes);
    socket.uncork();
    return !socket.writableNeedDrain;
  }

  end(last?: Buffer | string): void {
    const { socket, onSent } = this.options;
    socket.cork();
    this.flushHeaders();
    if (last !== undefined) this.writePiece(last);
    socket.write(this.framing === 'chunked' ? '0\r\n\r\n' : '', 'latin1', (error) => {
      if (error || this.destroyed) return;
      this.gone();
      onSent(this.isLast);
    });
    socket.uncork();
  }

  destroy(): void {
    this.options.socket.destroy();
    this.gone();
  }

  /** The reader is, or has everything. */
  gone(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }

  private writePiece(piece: Buffer | string): void {
    const { socket } = this.options;
    // An empty chunk would be the last.
    if (this.framing === 'none' || piece.length === 0) return;
    if (this.framing === 'chunked') socket.write(`${Buffer.byteLength(piece).toString(16)}\r\n`, 'latin1');
    socket.write(piece);
    if (this.framing === 'chunked') socket.write('\r\n', 'latin1');
  }
}

function sendable(value: string): string {
  if (!SENDABLE.test(value)) throw new TypeError('A header would end its line.');
  return value;
}
