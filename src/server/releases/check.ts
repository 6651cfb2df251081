import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readLinks, readStyleLinks } from './links.ts';
import type { Link } from './links.ts';
import { addressOf, findFile, isPage, placeOf } from './release.ts';
import type { Release, ReleaseFile } from './release.ts';
import { createReleaseServer } from './serve.ts';

/** Something that must not go live. */
export interface Finding {
  kind: 'page' | 'link' | 'secret';
  /** Of the built site. */
  file: string;
  line: number | undefined;
  /** Completes "index.html:12 …". Never holds the secret. */
  message: string;
}

export interface CheckInput {
  release: Release;
  /** Values that must not occur in the output. */
  secrets: readonly string[];
  /** More of them, each with the name of the variable that holds it. */
  variables?: ReadonlyMap<string, string> | undefined;
  signal: AbortSignal;
}

export const MOST_FINDINGS = 20;
const SHORTEST_SECRET = 8;
const ANSWER_TIMEOUT_MS = 10_000;
const PARALLEL = 4;
/** Only its path counts. */
const ORIGIN = 'http://site.invalid';

/**
 * Looks at a release before it goes live: on a scratch port each page answers 200, what pages and stylesheets refer to within
 * the site is there, and no secret occurs in any file.
 *
 * @returns What was found, the gravest first; nothing when it may go live.
 */
export async function checkRelease(input: CheckInput): Promise<Finding[]> {
  const { release, signal } = input;
  const leaks = await findLeaks(input);
  const broken: Finding[] = [];
  for (const file of release.files.values()) {
    if (!/\.(?:html|css)$/.test(file.path)) continue;
    signal.throwIfAborted();
    broken.push(...findBrokenLinks(release, file, await readFile(join(release.folder, placeOf(file.path)), 'utf8')));
  }
  return [...leaks, ...(await findFailingPages(release, signal)), ...broken].slice(0, MOST_FINDINGS);
}

/** Where a release that is pages holds a secret: what must not be even before it may go live. */
export async function findLeaks({ release, secrets, variables, signal }: CheckInput): Promise<Finding[]> {
  const named = nameSecrets({ secrets, variables });
  const leaks: Finding[] = [];
  for (const file of release.files.values()) {
    signal.throwIfAborted();
    leaks.push(...findSecrets(file, await readFile(join(release.folder, placeOf(file.path))), named));
  }
  return leaks.slice(0, MOST_FINDINGS);
}

/** Each value with the name of the variable that holds it, if one does. */
export function nameSecrets({ secrets, variables }: Pick<CheckInput, 'secrets' | 'variables'>): Map<string, string | undefined> {
  return new Map([...secrets.map((secret) => [secret, undefined] as const), ...(variables ?? [])]);
}

/** @param secrets As `nameSecrets` gives them. */
export function findSecrets(file: Pick<ReleaseFile, 'path'>, content: Buffer, secrets: ReadonlyMap<string, string | undefined>): Finding[] {
  return [...secrets].flatMap(([secret, name]) => {
    const at = secret.length < SHORTEST_SECRET ? -1 : content.indexOf(secret);
    if (at === -1) return [];
    const line = content.subarray(0, at).toString('latin1').split('\n').length;
    return [
      {
        kind: 'secret' as const,
        file: file.path,
        line,
        message: name ? `contains the value of ${name}` : 'contains a key that is stored in doce',
      },
    ];
  });
}

function findBrokenLinks(release: Release, file: ReleaseFile, text: string): Finding[] {
  const isHtml = isPage(file.path);
  const { links, base } = isHtml ? readLinks(text) : { links: readStyleLinks(text), base: undefined };
  const from = new URL(base ?? '', ORIGIN + addressOf(file.path));
  const seen = new Set<string>();
  return links.flatMap((link) => {
    const path = pathWithin(link, from);
    if (path === undefined || seen.has(path) || findFile(release, path)) return [];
    seen.add(path);
    return [{ kind: 'link' as const, file: file.path, line: link.line, message: `refers to ${link.address}, which is not there` }];
  });
}

/** The path that a link means on this very site; undefined when it leads elsewhere or nowhere. */
function pathWithin({ address }: Link, from: URL): string | undefined {
  const trimmed = address.trim();
  if (trimmed === '' || trimmed.startsWith('#') || !URL.canParse(trimmed, from)) return undefined;
  const url = new URL(trimmed, from);
  return url.origin === ORIGIN ? url.pathname : undefined;
}

async function findFailingPages(release: Release, signal: AbortSignal): Promise<Finding[]> {
  const site = createReleaseServer();
  const server = createServer((req, res) => {
    if (!site.serve(req, res, { live: release, earlier: [] })) res.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const waiting = [...release.files.values()].filter(({ path }) => isPage(path) && path !== '404.html');
  const findings: Finding[] = [];
  const work = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const fault = await askFor(`http://127.0.0.1:${port}${addressOf(file.path)}`, file, signal);
      if (fault) findings.push({ kind: 'page', file: file.path, line: undefined, message: fault });
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, work));
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return findings;
}

async function askFor(url: string, file: ReleaseFile, signal: AbortSignal): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]) });
    const body = await answer.arrayBuffer();
    if (answer.status !== 200) return `answered ${answer.status} instead of the page`;
    return body.byteLength === file.sizeBytes ? undefined : 'was not answered in full';
  } catch {
    signal.throwIfAborted();
    return 'did not answer';
  }
}
