import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isPrivateName } from '#server/private-names.ts';
import type { ServerOutput } from './build-output.ts';
import { HASHED_ASSETS } from './release.ts';
import type { ReleaseFile, ReleaseManifest } from './release.ts';
import { OutputError, readRegularFile, storeFile } from './store-files.ts';
import type { OutputLimits } from './store-files.ts';

export interface ServerDraft {
  output: ServerOutput;
  /** Absolute; becomes the release. */
  draft: string;
  /** Packages of all projects: what the release needs of them is linked, not copied. */
  storeDir: string;
  /** Where the program keeps what outlives a release. */
  dataFolder: string;
  limits: OutputLimits;
  signal: AbortSignal;
}

// `security.allowedDomains` in Astro's manifest: https://docs.astro.build/en/reference/configuration-reference/#securityalloweddomains
const NO_DOMAINS = '"allowedDomains":[]';
const ANY_DOMAIN = '"allowedDomains":[{"protocol":"http"},{"protocol":"https"}]';

interface Copied {
  path: string;
  hash: string;
}

/**
 * Fills a draft with a program: its files, links to the packages it needs, and compressed copies of the hashed assets. Secrets
 * (`.env`), repositories and development packages stay behind.
 *
 * @throws OutputError when it is too large.
 */
export async function fillServerDraft(input: ServerDraft): Promise<ReleaseManifest> {
  const { output, draft, signal } = input;
  const assets: ReleaseFile[] = [];
  const copied: Copied[] = [];
  const imported = new Set(output.dependencies);
  let sizeBytes = 0;
  for (const path of await listProgram(input)) {
    signal.throwIfAborted();
    const content = await readPart(input, path);
    sizeBytes += content.length;
    if (sizeBytes > input.limits.totalBytes) throw new OutputError('output_too_large', 'The site is too large.');
    if (/\.[cm]?js$/.test(path)) for (const name of packagesIn(content.toString('utf8'))) imported.add(name);
    copied.push({ path, hash: createHash('sha256').update(content).digest('hex') });
    const place = join(draft, 'app', path);
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    await writeFile(place, content, { mode: 0o600 });
    const address = output.assets === undefined ? '' : path.slice(output.assets.length);
    if (path.startsWith(`${output.assets}/`) && address.startsWith(HASHED_ASSETS))
      assets.push(await storeFile(draft, address.slice(1), content));
  }
  const links = await linkPackages(input, imported);
  const { args, env } = output.command;
  const hash = createHash('sha256').update(JSON.stringify({ args, env, copied, links })).digest('hex');
  return { hash, files: assets, server: { args, env, worksInData: output.worksInData, publicFolder: output.assets, sizeBytes, links } };
}

async function listProgram({ output: { site, parts }, limits }: ServerDraft): Promise<string[]> {
  const found: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(site, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (isPrivateName(entry.name) || (folder === '' && parts && !parts.includes(entry.name))) continue;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile()) found.push(path);
      if (found.length > limits.files) throw new OutputError('output_too_large', `The site has more than ${limits.files} files.`);
    }
  };
  await walk('');
  return found.sort();
}

/**
 * Two things that Astro writes into the program fit only the place where it was built. The folder of its cache, in which
 * sessions are kept, becomes one that lasts. And whose `X-Forwarded-*` it believes: doce's, which drops those of visitors and
 * says under which address it was asked; else forms of a site behind TLS would be refused as coming from another one.
 */
async function readPart({ output, dataFolder, limits }: ServerDraft, path: string): Promise<Buffer> {
  const content = await readRegularFile(join(output.site, path), path, limits.fileBytes);
  const cache = join(output.site, 'node_modules', '.astro');
  if (!/^dist\/server\/.*\.m?js$/.test(path) || !(content.includes(cache) || content.includes(NO_DOMAINS))) return content;
  return Buffer.from(content.toString('utf8').replaceAll(cache, join(dataFolder, '.astro')).replaceAll(NO_DOMAINS, ANY_DOMAIN));
}

/**
 * Packages that code names in its imports, `require` included. A site whose packages are hoisted may import those of its packages,
 * and a bundler leaves such imports in. What only looks like an import adds a link that nobody follows.
 */
function packagesIn(code: string): string[] {
  const names = code.matchAll(/\b(?:from|import|require)\s*\(?\s*["']((?:@[\w.-]+\/)?[\w][\w.-]*)(?:\/[^"']*)?["']/g);
  return [...names].map((match) => match[1]!);
}

/** Names of the packages, and where in the store each is: its place there names its content. */
async function linkPackages({ output, draft, storeDir }: ServerDraft, names: ReadonlySet<string>): Promise<Record<string, string>> {
  const links: Record<string, string> = {};
  const store = await realpath(storeDir);
  for (const name of [...names].sort()) {
    const installed = join(output.site, 'node_modules', name);
    // Node's own, and an optional one, need not be there.
    if (!(await lstat(installed).catch(() => undefined))) continue;
    const target = await realpath(installed);
    const place = relative(store, target);
    if (place.startsWith('..'))
      throw new OutputError('package_not_shared', `${name} is not in the store of packages, but in a folder of the site.`);
    const link = join(draft, 'app', 'node_modules', name);
    await mkdir(dirname(link), { recursive: true, mode: 0o700 });
    // Relative, so that a data directory can be moved with its store.
    await symlink(relative(await realpath(dirname(link)), target), link);
    links[name] = place;
  }
  return links;
}
