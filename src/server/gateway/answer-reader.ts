import { SENDABLE, TOKEN } from '#server/plain-exchange.ts';
import { remembered } from '#server/remembered.ts';
import { AnswerError, createChunkReader } from './chunk-reader.ts';
import type { ChunkReader } from './chunk-reader.ts';

/** What a site says before the body: RFC 9112 §4 and §5. */
export interface AnswerHead {
  status: number;
  statusMessage: string;
  /** By lower-case name. What may be there once is the first of its kind, cookies are an array, the rest is joined by commas. */
  headers: Record<string, string | string[]>;
}

/** Reads one HTTP/1.1 answer from a connection, in pieces of any size. */
export interface AnswerReader {
  /**
   * @param bytes What arrived; what is returned points into it.
   * @returns Pieces of the body, without their framing.
   * @throws AnswerError when that is no answer, or one whose end can't be told for sure. The connection is spent.
   */
  read(bytes: Buffer): Buffer[];
  /** The connection has ended. False: in the middle. */
  endsHere(): boolean;
  /** Undefined until it was read whole. */
  readonly head: AnswerHead | undefined;
  readonly isDone: boolean;
  /** Once done: whether another request may be sent on the connection. */
  readonly isReusable: boolean;
}

/** As much as node:http takes. */
const HEAD_BYTES = 16 * 1024;
const ANNOUNCEMENTS = 10;
const HEAD_END = Buffer.from('\r\n\r\n');
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: (.*))?$/;
const ONLY_ONE = new Set(['age', 'content-type', 'etag', 'expires', 'last-modified', 'location', 'retry-after', 'server']);

/** @property version Of HTTP/1: `0` or `1`. */
interface ParsedHead extends AnswerHead {
  version: string;
}

/** Where a body ends (RFC 9112 §6.3): nowhere, after so many bytes, after the last chunk, with the connection. */
type Framing = { kind: 'none' } | { kind: 'length'; left: number } | { kind: 'chunked' } | { kind: 'connection' };

/** @param method Of the request: an answer to HEAD has no body whatever it says. */
export function createAnswerReader(method: string): AnswerReader {
  let head: ParsedHead | undefined;
  let framing: Framing = { kind: 'none' };
  let chunks: ChunkReader | undefined;
  let isDone = false;
  let isReusable = false;
  let announcements = 0;
  /** Of a head of which only the beginning has arrived. */
  let beginning: Buffer | undefined;

  /** Returns what follows the head, undefined while the head is not whole. */
  function readHead(arrived: Buffer): Buffer | undefined {
    const bytes = beginning ? Buffer.concat([beginning, arrived]) : arrived;
    const end = bytes.indexOf(HEAD_END);
    if ((end === -1 ? bytes.length : end) > HEAD_BYTES) throw new AnswerError('The head is too long.');
    beginning = end === -1 ? Buffer.from(bytes) : undefined;
    if (end === -1) return undefined;
    const parsed = parseHead(bytes.toString('latin1', 0, end));
    const rest = bytes.subarray(end + HEAD_END.length);
    if (parsed.status === 101) throw new AnswerError('Nobody asked for another protocol.');
    if (parsed.status < 200) {
      // 100 Continue, 103 Early Hints: the answer itself follows.
      announcements += 1;
      if (announcements > ANNOUNCEMENTS) throw new AnswerError('It only announces.');
      return readHead(rest);
    }
    head = parsed;
    framing = framingOf(method, parsed);
    if (framing.kind === 'chunked') chunks = createChunkReader();
    isDone = framing.kind === 'none' || (framing.kind === 'length' && framing.left === 0);
    isReusable = framing.kind !== 'connection' && isKept(parsed);
    return rest;
  }

  function readBody(bytes: Buffer): Buffer[] {
    if (framing.kind === 'connection') return [bytes];
    let body: Buffer[] = [];
    let rest = bytes;
    if (framing.kind === 'length') {
      body = [bytes.subarray(0, framing.left)];
      rest = bytes.subarray(framing.left);
      framing.left -= body[0]!.length;
      isDone = framing.left === 0;
    } else if (chunks) {
      rest = chunks.read(bytes, body);
      isDone = chunks.isDone;
    }
    // What nobody asked for must not become the next visitor's answer.
    if (rest.length > 0) isReusable = false;
    return body;
  }

  return {
    read(bytes) {
      const rest = head ? bytes : readHead(bytes);
      return rest && rest.length > 0 ? readBody(rest) : [];
    },
    endsHere() {
      if (head && framing.kind === 'connection') isDone = true;
      return isDone;
    },
    get head() {
      return head;
    },
    get isDone() {
      return isDone;
    },
    get isReusable() {
      return isReusable;
    },
  };
}

function parseHead(text: string): ParsedHead {
  let end = lineEnd(text, 0);
  const [, version = '', status = '', statusMessage = ''] = STATUS_LINE.exec(text.slice(0, end)) ?? [];
  if (!version || !SENDABLE.test(statusMessage)) throw new AnswerError('That is no status line.');
  const headers = Object.create(null) as AnswerHead['headers'];
  while (end < text.length) {
    const from = end + 2;
    end = lineEnd(text, from);
    const colon = text.indexOf(':', from);
    const name = colon === -1 || colon > end ? undefined : headerName(text.slice(from, colon));
    if (name === undefined) throw new AnswerError('That is no header line.');
    addHeader(headers, name, text.slice(colon + 1, end).trim());
  }
  return { version, status: Number(status), statusMessage, headers };
}

/** Sites use the same few names again and again. */
const headerName = remembered((sent: string) => (TOKEN.test(sent) ? sent.toLowerCase() : undefined));

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\r\n', from);
  return end === -1 ? text.length : end;
}

function addHeader(headers: AnswerHead['headers'], name: string, value: string): void {
  const before = headers[name];
  if (name === 'set-cookie') headers[name] = [...(before ?? []), value];
  else if (before === undefined) headers[name] = value;
  else if (!ONLY_ONE.has(name)) headers[name] = `${String(before)}, ${value}`;
}

function isKept({ version, headers: { connection } }: ParsedHead): boolean {
  if (version === '0') return /\bkeep-alive\b/i.test(String(connection));
  return connection === undefined || !/\bclose\b/i.test(String(connection));
}

function framingOf(method: string, { status, headers, version }: ParsedHead): Framing {
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  if (coding !== undefined && (length !== undefined || version !== '1' || String(coding).toLowerCase() !== 'chunked'))
    throw new AnswerError('Where its body ends is said in two ways, or in one that is not known.');
  if (length !== undefined && !/^\d{1,15}$/.test(String(length))) throw new AnswerError('That is no length.');
  if (method === 'HEAD' || status === 204 || status === 304) return { kind: 'none' };
  if (coding !== undefined) return { kind: 'chunked' };
  return length === undefined ? { kind: 'connection' } : { kind: 'length', left: Number(length) };
}
