import type { PlainRequest } from '#server/plain-exchange.ts';

/** Most browsers' are below 2 KB; what is longer is not read here. */
const HEAD_BYTES = 8 * 1024;
const HEAD_END = '\r\n\r\n';
const REQUEST_LINE = /^(GET|HEAD) (\/[!-~]*) HTTP\/1\.1$/;
const HEADER_LINE = /^([A-Za-z][A-Za-z0-9-]*):([\t -~]*)$/;
/** They announce a body, another protocol, or a list that node:http keeps as one. */
const NOT_PLAIN = new Set(['content-length', 'transfer-encoding', 'trailer', 'upgrade', 'expect', 'set-cookie']);

/**
 * Recognises the one kind of request that can be read in a single way: bytes that are exactly one head of HTTP/1.1 (RFC 9112 §2 to
 * §5), a GET or HEAD without a body that leaves the connection open, of plain ASCII, no header twice.
 *
 * @param bytes What one read of a connection gave.
 * @returns As node:http would have read it. Undefined for anything else, which only node:http may judge.
 */
export function readPlainRequest(bytes: Buffer): PlainRequest | undefined {
  if (bytes.length > HEAD_BYTES) return undefined;
  const text = bytes.toString('latin1');
  if (!text.endsWith(HEAD_END)) return undefined;
  const [requestLine = '', ...lines] = text.slice(0, -HEAD_END.length).split('\r\n');
  const [, method, url] = REQUEST_LINE.exec(requestLine) ?? [];
  if (method === undefined || url === undefined) return undefined;
  const headers = Object.create(null) as PlainRequest['headers'];
  for (const line of lines) {
    const [, sent, value] = HEADER_LINE.exec(line) ?? [];
    if (sent === undefined || value === undefined) return undefined;
    const name = sent.toLowerCase();
    if (NOT_PLAIN.has(name) || headers[name] !== undefined) return undefined;
    headers[name] = value.trim();
  }
  const { connection } = headers;
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return undefined;
  return { method, url, headers };
}
