import { readFile } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import send from 'send';
import { isCompressible } from './compress.ts';
import { findFile, HASHED_ASSETS, placeOf } from './release.ts';
import type { Encoding, Release, ReleaseFile } from './release.ts';

/** What is published under a hostname at this moment. */
export interface PublishedSite {
  live: Release;
  /**
   * Earlier releases. A page that was loaded right before a switch still asks for its own assets; their names carry a hash of
   * their content, so what is found here is what that page means.
   */
  earlier: readonly Release[];
}

export interface ReleaseServer {
  /**
   * Answers a GET or HEAD: ETag, ranges, brotli and gzip made at build, hashed assets for a year, clean addresses, the site's
   * own `404.html`. The release it began with is the one it ends with.
   *
   * @returns False when nothing was sent: another method, or the site has neither such a file nor a 404 page.
   */
  serve(req: IncomingMessage, res: ServerResponse, site: PublishedSite): boolean;
}

const FOR_A_YEAR = 'public, max-age=31536000, immutable';
const ASK_EACH_TIME = 'public, max-age=0, must-revalidate';
const MOST_CACHED_FILE_BYTES = 128 * 1024;
const OPTIONS = { dotfiles: 'allow', index: false, cacheControl: false, lastModified: false } as const;

interface Answer {
  release: Release;
  file: ReleaseFile;
  status: 200 | 404;
  immutable: boolean;
}

/** @param cacheBytes Memory for small files that were asked for lately, of all sites together. */
export function createReleaseServer({ cacheBytes = 32 * 1024 * 1024 } = {}): ReleaseServer {
  const cache = createByteCache(cacheBytes);

  async function sendFile(req: IncomingMessage, res: ServerResponse, answer: Answer): Promise<void> {
    const { release, file, status, immutable } = answer;
    const encoding = chooseEncoding(req, file);
    const sizeBytes = (encoding === 'identity' ? undefined : file[encoding]) ?? file.sizeBytes;
    const path = join(release.folder, placeOf(file.path, encoding));
    const bytes =
      sizeBytes <= MOST_CACHED_FILE_BYTES ? (cache.get(file.hash, encoding) ?? (await load(path, file, encoding, sizeBytes))) : undefined;
    res.statusCode = status;
    res.setHeader('Cache-Control', immutable ? FOR_A_YEAR : ASK_EACH_TIME);
    res.setHeader('X-Content-Type-Options', 'nosniff');
    if (isCompressible(file.path)) res.setHeader('Vary', 'Accept-Encoding');
    if (encoding !== 'identity') res.setHeader('Content-Encoding', encoding);
    // Not by size and time as `send` would: a page of another release may have both in common.
    if (status === 200) res.setHeader('ETag', `"${file.hash.slice(0, 32)}${encoding === 'identity' ? '' : `-${encoding}`}"`);
    pipe(req, res, { path, bytes, sizeBytes, isWhole: status !== 200 });
  }

  async function load(path: string, file: ReleaseFile, encoding: Encoding, sizeBytes: number): Promise<Buffer> {
    const bytes = await readFile(path);
    if (bytes.length !== sizeBytes) throw new Error('A file of a release is not what it was.');
    cache.put(file.hash, encoding, bytes);
    return bytes;
  }

  return {
    serve(req, res, site) {
      if (req.method !== 'GET' && req.method !== 'HEAD') return false;
      const path = (req.url ?? '/').split('?', 1)[0]!;
      const answer = findAnswer(site, path);
      if (!answer) return false;
      if (res.destroyed) return true;
      const { release } = answer;
      release.users += 1;
      res.once('close', () => (release.users -= 1));
      sendFile(req, res, answer).catch(() => fail(res));
      return true;
    },
  };
}

function findAnswer({ live, earlier }: PublishedSite, path: string): Answer | undefined {
  const immutable = path.startsWith(HASHED_ASSETS);
  for (const release of immutable ? [live, ...earlier] : [live]) {
    const file = findFile(release, path);
    if (file) return { release, file, status: 200, immutable };
  }
  const notFound = live.files.get('404.html');
  return notFound && { release: live, file: notFound, status: 404, immutable: false };
}

/** HTTP itself (conditions, ranges, HEAD, types) is `send`'s; what it would look up on the disk is known already. */
function pipe(
  req: IncomingMessage,
  res: ServerResponse,
  { path, bytes, sizeBytes, isWhole }: { path: string; bytes: Buffer | undefined; sizeBytes: number; isWhole: boolean },
): void {
  const stream = send(req, path, { ...OPTIONS, etag: !isWhole, acceptRanges: !isWhole });
  Object.assign(stream, { res });
  stream.on('error', (error: Error & { status?: number; headers?: Record<string, string> }) => {
    if (error.status !== 412 && error.status !== 416) return fail(res);
    for (const name of ['ETag', 'Content-Encoding', 'Content-Type', 'Cache-Control']) res.removeHeader(name);
    res.writeHead(error.status, error.headers ?? {}).end();
  });
  if (bytes) {
    stream.stream = (_path: string, { start, end }: { start: number; end: number }) =>
      void res.end(start === 0 && end >= bytes.length - 1 ? bytes : bytes.subarray(start, end + 1));
  }
  stream.send(path.replace(/\\/g, '/'), { size: sizeBytes } as Stats);
}

/** A file of a release that can't be read: the disk is broken, or out of handles. */
function fail(res: ServerResponse): void {
  if (res.headersSent) return void res.destroy();
  for (const name of res.getHeaderNames()) res.removeHeader(name);
  res.writeHead(500, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end('That did not work. Try again.\n');
}

/** Part of a file is asked for as it was built: offsets into a compressed copy would mean nothing to the client. */
function chooseEncoding(req: IncomingMessage, file: ReleaseFile): Encoding {
  const accepted = req.headers['accept-encoding'];
  if (accepted === undefined || req.headers.range !== undefined || (file.br === undefined && file.gzip === undefined)) return 'identity';
  const refused = (name: string) => new RegExp(`(?:^|,)\\s*${name}\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$)`, 'i').test(accepted);
  const named = (name: string) => new RegExp(`(?:^|[\\s,])${name}(?:[\\s,;]|$)`, 'i').test(accepted) && !refused(name);
  if (file.br !== undefined && named('br')) return 'br';
  return file.gzip !== undefined && named('gzip') ? 'gzip' : 'identity';
}

/** Least recently used first out. By content, so that it stays warm across releases. */
function createByteCache(mostBytes: number) {
  const kept = new Map<string, Buffer>();
  let bytes = 0;
  return {
    get(hash: string, encoding: Encoding): Buffer | undefined {
      const key = `${hash}:${encoding}`;
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
      }
      return found;
    },
    put(hash: string, encoding: Encoding, content: Buffer): void {
      const key = `${hash}:${encoding}`;
      if (kept.has(key) || content.length > mostBytes) return;
      kept.set(key, content);
      bytes += content.length;
      for (const [oldest, dropped] of kept) {
        if (bytes <= mostBytes) break;
        kept.delete(oldest);
        bytes -= dropped.length;
      }
    },
  };
}
