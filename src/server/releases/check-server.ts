import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { findSecrets, MOST_FINDINGS, nameSecrets } from './check.ts';
import type { CheckInput, Finding } from './check.ts';
import { readLinks, readStyleLinks } from './links.ts';
import { addressOf, isPage } from './release.ts';

export interface ServerCheckInput extends CheckInput {
  /** Loopback port on which the release answers. */
  port: number;
  /** Host (with port, if any) under which browsers will see it. */
  publicHost: string;
}

interface Visit {
  path: string;
  /** Where it was found; undefined for the front page and what was made at build. */
  from: { file: string; line: number; address: string } | undefined;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Of pages and stylesheets. */
  text: string | undefined;
}

const MOST_VISITS = 100;
const PARALLEL = 4;
const ANSWER_TIMEOUT_MS = 10_000;
const MOST_TEXT_BYTES = 5 * 1024 * 1024;

/**
 * Looks at a release that runs before it goes live: its front page, what was made at build, and whatever they lead to within
 * the site answer; no secret occurs in what they say or in what is given away as it is. The program's own files may hold the
 * project's variables: nobody is sent them. Who asks to sign in (401, 403) answers well.
 *
 * @returns What was found, the gravest first; nothing when it may go live.
 */
export async function checkRunningRelease(input: ServerCheckInput): Promise<Finding[]> {
  const secrets = nameSecrets(input);
  const folder = input.release.server?.publicFolder;
  const given = folder === undefined ? [] : await listFiles(join(input.release.server!.appFolder, folder));
  const findings: Finding[] = [];
  for (const path of given) {
    input.signal.throwIfAborted();
    findings.push(...findSecrets({ path }, await readFile(join(input.release.server!.appFolder, folder!, path)), secrets));
  }
  const waiting: Visit[] = ['/', ...given.filter((path) => isPage(path) && path !== '404.html').map(addressOf)].map((path) => ({
    path,
    from: undefined,
  }));
  const known = new Set<string>();
  while (waiting.length > 0 && known.size < MOST_VISITS) {
    const next = waiting.splice(0, PARALLEL).filter(({ path }) => !known.has(path) && known.add(path));
    const found = await Promise.all(next.map((visit) => look(input, visit, secrets)));
    for (const one of found) {
      findings.push(...one.findings);
      waiting.push(...one.next.filter(({ path }) => !known.has(path)));
    }
  }
  const gravest = ['secret', 'page', 'link'];
  return findings.sort((a, b) => gravest.indexOf(a.kind) - gravest.indexOf(b.kind)).slice(0, MOST_FINDINGS);
}

async function look(
  input: ServerCheckInput,
  visit: Visit,
  secrets: ReadonlyMap<string, string | undefined>,
): Promise<{ findings: Finding[]; next: Visit[] }> {
  const { path, from } = visit;
  const answer = await ask(input, path);
  const page = (message: string) => ({ findings: [{ kind: 'page' as const, file: path, line: undefined, message }], next: [] });
  if (!answer) return page('did not answer');
  if (answer.status >= 500) return page(`answered ${answer.status} instead of the page`);
  if (answer.status === 404 || answer.status === 410) {
    if (!from) return page(`answered ${answer.status} instead of the page`);
    return {
      findings: [{ kind: 'link', file: from.file, line: from.line, message: `refers to ${from.address}, which is not there` }],
      next: [],
    };
  }
  const base = new URL(path, `http://${input.publicHost}`);
  const target = answer.status >= 300 && answer.status < 400 ? answer.headers.location : undefined;
  const links = target === undefined ? linksIn(answer, base) : [{ address: target, line: 1 }];
  const next = links.flatMap(({ address, line }) => {
    const inside = pathWithin(address, base);
    return inside === undefined ? [] : [{ path: inside, from: { file: path, line, address } }];
  });
  return { findings: answer.text === undefined ? [] : findSecrets({ path }, Buffer.from(answer.text), secrets), next };
}

function linksIn({ headers, text }: Answer, page: URL): { address: string; line: number }[] {
  if (text === undefined) return [];
  if (headers['content-type']?.includes('css')) return readStyleLinks(text);
  const { links, base } = readLinks(text);
  return base === undefined || !URL.canParse(base, page)
    ? links
    : links.map(({ address, line }) => ({
        address: URL.canParse(address, new URL(base, page)) ? new URL(address, new URL(base, page)).href : '',
        line,
      }));
}

/** Path and query that a link means on this very site; undefined when it leads elsewhere or nowhere. */
function pathWithin(address: string, page: URL): string | undefined {
  const trimmed = address.trim();
  if (trimmed === '' || trimmed.startsWith('#') || !URL.canParse(trimmed, page)) return undefined;
  const url = new URL(trimmed, page);
  return url.host === page.host && /^https?:$/.test(url.protocol) ? `${url.pathname}${url.search}` : undefined;
}

/** Undefined when nothing came, or a page did not come in full. Other bodies are not read: a stream may never end. */
function ask({ port, publicHost, signal }: ServerCheckInput, path: string): Promise<Answer | undefined> {
  signal.throwIfAborted();
  return new Promise((resolve) => {
    const until = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      headers: { host: publicHost, accept: 'text/html,*/*' },
      agent: false,
      signal: until,
    });
    sent.once('error', () => resolve(undefined));
    sent.once('response', (res) => {
      const { statusCode: status = 0, headers } = res;
      if (!/html|css/.test(headers['content-type'] ?? '')) {
        resolve({ status, headers, text: undefined });
        return void res.destroy();
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      res.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MOST_TEXT_BYTES) res.destroy();
        else chunks.push(chunk);
      });
      res.once('end', () => resolve({ status, headers, text: Buffer.concat(chunks).toString('utf8') }));
      res.once('error', () => resolve(undefined));
      res.once('close', () => resolve(undefined));
    });
    sent.end();
  });
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
