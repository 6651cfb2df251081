import { lookup } from 'node:dns/promises';
import { request } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';
import { refuseImport } from './refuse-import.ts';

const URL_LENGTH = 1_000;
const REDIRECTS = 3;
const SUFFIX = '/info/refs?service=git-upload-pack';
const ADVERTISEMENT = 'application/x-git-upload-pack-advertisement';

/** The true edges of finding a repository; tests stand in for the world here. */
export interface NetworkEdge {
  /** All addresses of a hostname. */
  lookup?: (host: string) => Promise<string[]>;
  isAllowed?: (address: string) => boolean;
  /** PEM file of the only authorities to trust; the system's unless given. */
  caFile?: string;
}

/** A repository whose host was resolved once: whoever connects uses these addresses and no others. */
export interface ResolvedRepository {
  url: URL;
  addresses: string[];
}

/**
 * @throws AppError `import_git_address` unless it is an https address without anything else, `import_git_credentials`.
 */
export function parseGitUrl(text: string): URL {
  const url = URL.parse(text.trim());
  if (!url || text.length > URL_LENGTH || url.protocol !== 'https:') throw refuseImport('import_git_address');
  if (url.username !== '' || url.password !== '') throw refuseImport('import_git_credentials');
  if (url.search !== '' || url.hash !== '' || !/^\/[^/]/.test(url.pathname)) throw refuseImport('import_git_address');
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/** `my-site` of `https://host/person/my-site.git`. */
export function repositoryName(url: URL): string {
  const last = url.pathname.split('/').at(-1) ?? '';
  return decodeSafely(last).replace(/\.git$/i, '') || url.hostname;
}

/**
 * Resolves the host, asks it for the repository as git would, and follows where it is sent, a few times, each time with the same
 * care: https, no credentials, public addresses only.
 *
 * @throws AppError `import_git_…`; the signal's reason when aborted.
 */
export async function findRepository(
  text: string | URL,
  edge: NetworkEdge & { ca?: string },
  signal: AbortSignal,
): Promise<ResolvedRepository> {
  let url = parseGitUrl(String(text));
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const addresses = await resolvePublic(url, edge);
    signal.throwIfAborted();
    const next = await ask({ url, addresses }, edge.ca, signal);
    if (next === undefined) return { url, addresses };
    url = next;
  }
  throw refuseImport('import_git_not_found');
}

async function resolvePublic(url: URL, edge: NetworkEdge): Promise<string[]> {
  const { lookup: find = lookUp, isAllowed = isPublicAddress } = edge;
  const host = hostOf(url);
  const addresses = isIP(host) ? [host] : await find(host).catch((cause: unknown) => refuseHost(host, cause));
  if (addresses.length === 0) return refuseHost(host, undefined);
  // One private address among public ones is how a name is made to lead inside.
  if (!addresses.every(isAllowed)) throw refuseImport('import_git_private');
  return addresses;
}

function refuseHost(host: string, cause: unknown): never {
  throw refuseImport('import_git_host', host, { cause });
}

/** Where the server sends us instead; undefined when the repository is there. */
async function ask(repository: ResolvedRepository, ca: string | undefined, signal: AbortSignal): Promise<URL | undefined> {
  const response = await advertisement(repository, ca, signal);
  const { statusCode = 0, headers } = response;
  response.destroy();
  if ([301, 302, 303, 307, 308].includes(statusCode) && headers.location) return redirected(headers.location, repository.url);
  if (statusCode >= 500) throw refuseImport('import_git_unreachable', repository.url.host);
  if (statusCode !== 200 || headers['content-type'] !== ADVERTISEMENT) throw refuseImport('import_git_not_found');
  return undefined;
}

function redirected(location: string, from: URL): URL {
  const target = URL.parse(location, from);
  // As git has it: a redirect may only change what comes before the part that git added.
  if (!target?.href.endsWith(SUFFIX)) throw refuseImport('import_git_not_found');
  return parseGitUrl(target.href.slice(0, -SUFFIX.length));
}

function advertisement({ url, addresses }: ResolvedRepository, ca: string | undefined, signal: AbortSignal): Promise<IncomingMessage> {
  const options: RequestOptions = {
    host: hostOf(url),
    port: url.port || 443,
    path: `${url.pathname}${SUFFIX}`,
    headers: { host: url.host, 'user-agent': 'git/doce', accept: '*/*' },
    lookup: pinnedLookup(addresses),
    agent: false,
    signal,
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(options, resolve);
    asked.on('error', (cause) => reject(signal.aborted ? signal.reason : refuseImport('import_git_unreachable', url.host, { cause })));
    asked.end();
  });
}

function pinnedLookup(addresses: readonly string[]): NonNullable<RequestOptions['lookup']> {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    if (options.all) callback(null, all);
    else callback(null, all[0]!.address, all[0]!.family);
  };
}

/** Without the brackets that a URL puts around an IPv6 address. */
const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '');

async function lookUp(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true });
  return [...new Set(found.map(({ address }) => address))];
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
