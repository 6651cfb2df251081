import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createDeflate, gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

const fixture = (name: string) => join(import.meta.dirname, name);
export const GIT_HOST = 'git.example.test';

export interface RepositoryEntry {
  path: string;
  content?: string | Buffer;
  link?: string;
  executable?: boolean;
  /** A submodule at this commit. */
  submodule?: string;
}

/** True = answered; a body = to be passed on as it came. */
type Handle = (req: IncomingMessage, res: ServerResponse) => boolean | Promise<Buffer | true>;

/** A real git server, `git http-backend` behind TLS, on loopback. */
export async function startGitServer(entries: readonly RepositoryEntry[], handle?: Handle) {
  const root = mkdtempSync(join(tmpdir(), 'doce-git-'));
  makeRepository(root, entries);
  const asked: string[] = [];
  const server = createServer({ key: readFileSync(fixture('tls-key.pem')), cert: readFileSync(fixture('tls-cert.pem')) }, (req, res) => {
    asked.push(`${req.method} ${req.headers.host?.split(':')[0]} ${req.url}`);
    void Promise.resolve(handle?.(req, res) ?? false).then((handled) => {
      if (handled !== true) serve(root, req, res, handled || undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(root, { recursive: true, force: true });
  });
  const { port } = server.address() as AddressInfo;
  return { port, asked, url: `https://${GIT_HOST}:${port}/site.git`, caFile: fixture('tls-cert.pem') };
}

function makeRepository(root: string, entries: readonly RepositoryEntry[]): void {
  const work = join(root, 'work');
  const bare = join(root, 'site.git');
  mkdirSync(work);
  const env = { PATH: '/usr/bin:/bin', HOME: root, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.test', ...args], { cwd: work, env });
  git('init', '--quiet', '--initial-branch=main');
  for (const entry of entries) {
    const file = join(work, entry.path);
    mkdirSync(dirname(file), { recursive: true });
    if (entry.link !== undefined) symlinkSync(entry.link, file);
    else if (entry.submodule === undefined) writeFileSync(file, entry.content ?? '', { mode: entry.executable ? 0o755 : 0o644 });
  }
  git('add', '--all');
  for (const { path, submodule } of entries) if (submodule) git('update-index', '--add', '--cacheinfo', `160000,${submodule},${path}`);
  if (entries.length > 0) {
    git('commit', '--quiet', '-m', 'First');
    git('commit', '--quiet', '--allow-empty', '-m', 'Second');
    git('tag', 'v1');
  }
  git('clone', '--quiet', '--bare', '.', bare);
}

function serve(root: string, req: IncomingMessage, res: ServerResponse, body?: Buffer): void {
  const [path, query = ''] = req.url!.split('?');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: '/usr/bin:/bin',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(req.headers['git-protocol'] ?? ''),
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: req.method,
      CONTENT_TYPE: req.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: req.headers['content-encoding'] ?? '',
      REMOTE_ADDR: '127.0.0.1',
    },
  });
  if (body) backend.stdin.end(body);
  else req.pipe(backend.stdin);
  backend.stdin.on('error', () => {});
  let head = Buffer.alloc(0);
  backend.stdout.on('data', (chunk: Buffer) => {
    if (res.headersSent) return void res.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    const headers = head
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map((line) => line.split(/: (.*)/s) as [string, string]);
    const status = headers.find(([name]) => name.toLowerCase() === 'status');
    res.writeHead(status ? Number.parseInt(status[1], 10) : 200, Object.fromEntries(headers.filter((header) => header !== status)));
    res.write(head.subarray(end + 4));
  });
  backend.once('close', () => res.end());
}

/** Answers each fetch with one blob that has no end: `gitprotocol-v2`, `gitformat-pack`. Everything else is answered as it should be. */
export function endlessPack(onCut: () => void) {
  return (req: IncomingMessage, res: ServerResponse): boolean | Promise<Buffer | true> => {
    if (req.method !== 'POST') return false;
    return (async () => {
      const body = await buffer(req);
      const plain = req.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      if (!plain.includes('command=fetch')) return body;
      res.once('close', onCut);
      void sendEndlessPack(/want ([0-9a-f]{40})/.exec(plain.toString('latin1'))![1]!, res);
      return true as const;
    })();
  };
}

async function sendEndlessPack(wanted: string, res: ServerResponse): Promise<void> {
  const line = (content: Buffer | string) =>
    Buffer.concat([Buffer.from((content.length + 4).toString(16).padStart(4, '0')), Buffer.from(content as string)]);
  const band = (content: Buffer) => line(Buffer.concat([Buffer.from([1]), content]));
  res.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' });
  const head = [line('shallow-info\n'), line(`shallow ${wanted}\n`), Buffer.from('0001'), line('packfile\n')];
  // One object, a blob of 2^34 bytes.
  const pack = [Buffer.from('PACK'), Buffer.from([0, 0, 0, 2, 0, 0, 0, 1, 0xb0, 0x80, 0x80, 0x80, 0x80, 0x08])];
  res.write(Buffer.concat([...head, band(Buffer.concat(pack))]));
  const deflate = createDeflate({ level: 0 });
  deflate.on('data', (chunk: Buffer) => {
    for (let start = 0; start < chunk.length; start += 60_000) res.write(band(chunk.subarray(start, start + 60_000)));
  });
  while (!res.destroyed) {
    deflate.write(Buffer.alloc(50_000, 7));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  deflate.destroy();
}
