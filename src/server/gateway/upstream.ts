import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { PlainAnswer, PlainRequest } from '#server/plain-exchange.ts';
import { createAnswerReader } from './answer-reader.ts';
import type { AnswerHead, AnswerReader } from './answer-reader.ts';

/** A page of a dev server with its styles is 80 KB; what arrives in one piece is passed on in one. */
const BUFFER_BYTES = 128 * 1024;
const allocate = () => Buffer.allocUnsafeSlow(BUFFER_BYTES);
const FREE_CONNECTIONS = 8;
/** Node's servers close theirs after five seconds. */
const FREE_MS = 4_000;
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'];

/** How a request that found no answer ended. */
export interface Failure {
  /** `ECONNREFUSED`, `ECONNRESET` …, `ETIMEDOUT` when it took too long, `EBADMSG` when what came is no answer. */
  code: string;
  /** It was sent on a connection that had been kept, and may have been closed just then. */
  wasKept: boolean;
}

/** Asks sites on loopback for what has no body to send, over connections that are kept. */
export interface Upstream {
  /**
   * Passes the request on and its answer back, as it comes. When the reader goes, so does the request.
   *
   * @param failed Nothing has been sent to the reader.
   */
  ask(req: PlainRequest, res: PlainAnswer, port: number, failed: (failure: Failure) => void): void;
  close(): void;
}

interface Connection {
  socket: Socket;
  port: number;
  /** What the socket reads into; a new one after bytes that could not be sent at once. */
  memory: { buffer: Buffer };
  exchange: Exchange | undefined;
}

interface Exchange {
  res: PlainAnswer;
  reader: AnswerReader;
  wasKept: boolean;
  failed(failure: Failure): void;
}

/**
 * node:http's client and streams cost a page a quarter of the time in which a dev server makes it; see ADR 0037.
 *
 * @param options.clean Takes out of an answer's headers what must not pass. In place.
 * @param options.answerTimeoutMs How long a site may take to begin its answer; afterwards it may take as long as it likes.
 */
export function createUpstream(options: { clean(headers: AnswerHead['headers']): void; answerTimeoutMs: number }): Upstream {
  const free = new Map<number, Connection[]>();
  const open = new Set<Socket>();

  function openConnection(port: number): Connection {
    const memory = { buffer: allocate() };
    const receiveSome = (size: number) => receive(connection, memory.buffer.subarray(0, size));
    const onread = { buffer: () => memory.buffer, callback: receiveSome };
    const socket = connect({ host: '127.0.0.1', port, noDelay: true, onread });
    const connection: Connection = { socket, port, memory, exchange: undefined };
    open.add(socket);
    socket.on('error', (error: NodeJS.ErrnoException) => breakOff(connection, error.code ?? 'ECONNRESET'));
    socket.on('timeout', () => breakOff(connection, 'ETIMEDOUT'));
    socket.on('end', () => {
      if (connection.exchange?.reader.endsHere()) finish(connection, connection.exchange);
    });
    socket.on('close', () => {
      open.delete(socket);
      breakOff(connection, 'ECONNRESET');
    });
    return connection;
  }

  function release(connection: Connection): void {
    const others = free.get(connection.port) ?? [];
    if (others.length >= FREE_CONNECTIONS || connection.socket.destroyed) return void connection.socket.destroy();
    connection.socket.setTimeout(FREE_MS);
    free.set(connection.port, [...others, connection]);
  }

  /** The connection is of no use any more, whoever ended it. */
  function breakOff(connection: Connection, code: string): void {
    const { exchange, port, socket } = connection;
    connection.exchange = undefined;
    socket.destroy();
    const others = (free.get(port) ?? []).filter((other) => other !== connection);
    if (others.length > 0) free.set(port, others);
    else free.delete(port);
    if (!exchange || exchange.res.destroyed) return;
    if (exchange.res.headersSent) exchange.res.destroy();
    else exchange.failed({ code, wasKept: exchange.wasKept });
  }

  /** Returns whether more may come now. */
  function receive(connection: Connection, bytes: Buffer): boolean {
    const { exchange } = connection;
    if (!exchange) {
      breakOff(connection, 'EBADMSG');
      return false;
    }
    try {
      return passOn(connection, exchange, exchange.reader.read(bytes));
    } catch {
      // No answer, or one with headers that may not be sent.
      breakOff(connection, 'EBADMSG');
      return false;
    }
  }

  function passOn(connection: Connection, exchange: Exchange, pieces: Buffer[]): boolean {
    const { res, reader } = exchange;
    if (!reader.head) return true;
    const isFirst = !res.headersSent;
    if (isFirst && reader.isDone) {
      const whole = joinInPlace(pieces);
      sendHead(res, reader.head, whole?.length, options.clean);
      finish(connection, exchange, whole);
      return true;
    }
    if (isFirst) {
      connection.socket.setTimeout(0);
      sendHead(res, reader.head, undefined, options.clean);
      if (pieces.length === 0) res.flushHeaders();
    }
    // A copy: the socket reads into the same memory before this is sent.
    const isDrained = pieces.length === 0 || res.write(Buffer.concat(pieces));
    if (reader.isDone) finish(connection, exchange);
    else if (!isDrained) res.once('drain', () => connection.socket.resume());
    return isDrained || reader.isDone;
  }

  function finish(connection: Connection, { res, reader }: Exchange, last?: Buffer): void {
    connection.exchange = undefined;
    if (last) res.end(last);
    else res.end();
    // What the reader's connection could not take at once still lies in that memory.
    if (last && res.writableLength > 0) connection.memory.buffer = allocate();
    if (reader.isReusable) release(connection);
    else connection.socket.destroy();
  }

  return {
    ask(req, res, port, failed) {
      const kept = free.get(port)?.pop();
      const connection = kept ?? openConnection(port);
      // First of all: the site works while the rest is done.
      connection.socket.write(requestHead(req), 'latin1');
      connection.socket.setTimeout(options.answerTimeoutMs);
      const exchange: Exchange = { res, reader: createAnswerReader(req.method ?? 'GET'), wasKept: kept !== undefined, failed };
      connection.exchange = exchange;
      res.once('close', () => {
        if (connection.exchange === exchange) breakOff(connection, 'ECONNRESET');
      });
    },
    close() {
      for (const socket of open) socket.destroy();
    },
  };
}

/**
 * Moves the pieces of one read together, over the framing between them, in the memory that they share: 80 KB allocated for each
 * page would have everything collected every hundred pages.
 */
function joinInPlace(pieces: readonly Buffer[]): Buffer | undefined {
  const [first] = pieces;
  if (!first || pieces.length === 1) return first;
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  const whole = Buffer.from(first.buffer, first.byteOffset, bytes);
  let at = 0;
  for (const piece of pieces) at += piece.copy(whole, at);
  return whole;
}

/** As it was parsed and so checked. */
function requestHead({ method, url, headers }: PlainRequest): string {
  let head = `${method} ${url} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(headers)) head += `${name}: ${Array.isArray(value) ? value.join(', ') : value}\r\n`;
  return `${head}\r\n`;
}

/** @param wholeBytes The length of the body where all of it is there. */
function sendHead(
  res: PlainAnswer,
  { status, statusMessage, headers }: AnswerHead,
  wholeBytes: number | undefined,
  clean: (headers: AnswerHead['headers']) => void,
): void {
  for (const name of OF_THE_CONNECTION) delete headers[name];
  clean(headers);
  if (wholeBytes !== undefined) headers['content-length'] = String(wholeBytes);
  res.statusMessage = statusMessage;
  try {
    res.writeHead(status, headers);
  } catch (error) {
    // Of the answer that tells it.
    res.statusMessage = '';
    throw error;
  }
}
