import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { makeZip } from '../../import/zip.ts';
import type { Api } from './api.ts';
import type { App } from './app.ts';

/** Files of a site, by path. */
export type SiteFiles = Record<string, string | Buffer>;

/** Whoever asks the registry is refused at once: what is installed came from the store of the starter's packages. */
export const noRegistry = { pnpm_config_registry: 'http://127.0.0.1:9/', pnpm_config_fetch_retries: '0' };

/**
 * A site that is no Astro: a program of a few lines with a package, which a build script prepares in no time. Its front page
 * says its mark twice and leads to `/linked`; `/slow` never ends; what a published one is asked for it notes in its data.
 */
export function programFiles(mark: string): SiteFiles {
  const filler = Array.from({ length: 200 }, (_, index) => [`texts/${index}.txt`, `Text ${index}\n`.repeat(50)] as const);
  return {
    'package.json': programManifest(true),
    'pnpm-lock.yaml': lockfileWith('picocolors'),
    'mark.txt': mark,
    'build.js': BUILD,
    'server.js': SERVER,
    ...Object.fromEntries(filler),
  };
}

/** Without a `start` script what is published are the pages that its build makes, with the same marks. */
export function programManifest(hasStart: boolean): string {
  const scripts = { dev: 'node server.js', build: 'node build.js', ...(hasStart ? { start: 'node server.js' } : {}) };
  return JSON.stringify({ name: 'counter', private: true, type: 'module', scripts, dependencies: { picocolors: '1.1.1' } });
}

const BUILD = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
const mark = readFileSync('mark.txt', 'utf8');
await setTimeout(300);
writeFileSync('built.txt', mark);
if (!('start' in JSON.parse(readFileSync('package.json', 'utf8')).scripts)) {
  mkdirSync('dist');
  writeFileSync('dist/index.html', \`<title>Pages</title><p>\${mark} begins</p><p>\${mark} ends</p>\`);
}
`;
const SERVER = `import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import colors from 'picocolors';
const [mark] = ['built.txt', 'mark.txt'].filter((name) => existsSync(new URL(name, import.meta.url))).map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'));
createServer(async (req, res) => {
  if (process.env.DATA_DIR) appendFileSync(process.env.DATA_DIR + '/asked.txt', mark + ' ' + req.url + '\\n');
  res.setHeader('content-type', 'text/html');
  if (req.url === '/slow') return res.write('It begins');
  if (req.url === '/linked') await setTimeout(300);
  res.end('<title>Program</title><p>' + mark + ' begins</p><a href="/linked">' + colors.createColors(false).bold('more') + '</a><p>' + mark + ' ends</p>');
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

/** A lockfile of pnpm's for one package of the starter's that needs no other; what it says of it is the starter's. */
function lockfileWith(name: string): string {
  const { version, integrity } = starterPackage(name);
  return `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .:
    dependencies:
      ${name}:
        specifier: ${version}
        version: ${version}

packages:

  ${name}@${version}:
    resolution: {integrity: ${integrity}}

snapshots:

  ${name}@${version}: {}
`;
}

function starterPackage(name: string): { version: string; integrity: string } {
  const lockfile = readFileSync(join(import.meta.dirname, '../../../templates/starter/pnpm-lock.yaml'), 'utf8');
  const found = new RegExp(`^  ${name}@(\\S+):\\n    resolution: \\{integrity: (\\S+)\\}`, 'm').exec(lockfile);
  if (!found) throw new Error(`The starter's lockfile does not know ${name}.`);
  return { version: found[1]!, integrity: found[2]! };
}

/** Brings a site in as a person would, from a ZIP. */
export async function importZip(app: App, api: Api, name: string, files: SiteFiles): Promise<{ id: string; slug: string }> {
  const zip = makeZip(Object.entries(files).map(([path, content]) => ({ name: path, content })));
  const answer = await fetch(`${app.origin}/api/projects/import?name=${name}&filename=${name.toLowerCase()}.zip`, {
    method: 'POST',
    headers: { origin: app.origin, accept: 'application/json', cookie: api.cookie(), 'content-type': 'application/zip' },
    body: new Uint8Array(zip),
  });
  const body = await answer.text();
  expect(answer.status, body).toBe(201);
  return (JSON.parse(body) as { project: { id: string; slug: string } }).project;
}
