import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createImporter } from '#server/import/importer.ts';
import { createLog } from '#server/log.ts';
import { createReleases } from '#server/releases/releases.ts';
import type { Release } from '#server/releases/release.ts';
import { createRuntime } from '#server/runtime/runtime.ts';
import type { Runtime } from '#server/runtime/runtime.ts';
import { makeZip } from '../import/zip.ts';

// Needs the registry, once: what was fetched stays in the store between runs. The sites are ours, in the shape of Astro's own
// starters (tests/fixtures/sites/README.md), since those are not in the registry.
const fixtures = join(import.meta.dirname, '../fixtures/sites');
const templatesDir = join(import.meta.dirname, '../../templates');
const storeDir = join(tmpdir(), 'doce-test-store');
const log = createLog('silent');
const dataDir = mkdtempSync(join(tmpdir(), 'doce-foreign-'));
const { signal } = new AbortController();
let runtime: Runtime;

beforeAll(() => {
  mkdirSync(join(dataDir, 'projects'));
  runtime = createRuntime({ dataDir, templatesDir, storeDir, log, sandbox: 'auto' });
});
afterAll(async () => {
  await runtime.stopAll();
  rmSync(dataDir, { recursive: true, force: true });
});

/** What each site answers in its preview and in production: a path, and what has to be in it. */
const SITES: Record<string, [path: string, text: string][]> = {
  minimal: [['/', 'The smallest site']],
  blog: [
    ['/', 'Notes from a tide pool'],
    ['/blog/', 'Anemones at noon'],
    ['/blog/anemones/', 'have <strong>closed</strong>'],
    ['/blog/using-mdx/', '2 m</strong>'],
    ['/rss.xml', '<title>A post with a component</title>'],
  ],
  portfolio: [
    ['/', 'Ines Okafor makes things'],
    ['/work/', 'href="/work/bridge/"'],
    ['/work/bridge/', 'Structure, Wood'],
  ],
  docs: [
    ['/', 'Weave something this afternoon.'],
    ['/guides/first-cloth/', 'Wind it evenly rather than tightly.'],
    ['/reference/threads/', 'Linen'],
  ],
  server: [
    ['/?name=Ada', 'Hello, Ada'],
    ['/about/', 'About these greetings'],
  ],
};

test.each(Object.keys(SITES))('the site “%s” is imported, previewed, and goes to production', { timeout: 240_000 }, async (name) => {
  const projectDir = join(dataDir, 'projects', name);
  const publicHost = `${name}.preview.example.test`;
  const lines: string[] = [];
  const onLog = (line: string) => void lines.push(line);
  await importSite(name, projectDir);
  const prepared = await runtime.prepareWorkspace({ projectDir, projectId: name, template: 'none', signal, onLog });
  expect(prepared, lines.join('\n')).toEqual({ state: 'ready', wasInstalled: true });

  const started = await runtime.startDevServer({ projectId: name, projectDir, port: null, publicHost, signal, onLog, onExit: () => {} });
  if (started.state !== 'running') expect.fail(started.logTail);
  for (const [path, text] of SITES[name]!) expect(await get(started.port, path, publicHost), path).toContain(text);
  await runtime.stopDevServer(name);

  const releases = createReleases({ spawnChild: runtime.spawnChild, install: runtime.installPackages, storeDir: runtime.storeDir, log });
  const release = await releases.build({
    projectId: name,
    projectDir,
    checkout: async (folder) => void (await importSite(name, join(projectDir, 'clean'), folder)),
    allowServer: true,
    signal,
    onLog,
  });
  if (release.server) await lookAtServer(releases, release, name, projectDir);
  else await lookAtPages(releases, release, name);
});

/** As a ZIP through the importer, like any upload. */
async function importSite(name: string, projectDir: string, as = join(projectDir, 'workspace')): Promise<void> {
  const zip = join(dataDir, `${name}.zip`);
  writeFileSync(zip, makeZip(entriesOf(join(fixtures, name))));
  const importer = createImporter({ spawnChild: runtime.spawnChild });
  rmSync(projectDir, { recursive: true, force: true });
  expect(await importer.fill({ projectId: name, projectDir, from: { zip }, signal })).toMatchObject({ kind: 'astro' });
  if (as !== join(projectDir, 'workspace')) renameSync(join(projectDir, 'workspace'), as);
}

function entriesOf(folder: string) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());
  const ours = files.filter((path) => !/^(?:node_modules|dist|\.astro)\//.test(path));
  return ours.map((path) => ({ name: path, content: readFileSync(join(folder, path)) }));
}

async function lookAtPages(releases: ReturnType<typeof createReleases>, release: Release, name: string): Promise<void> {
  expect(await releases.check({ release, secrets: [], signal })).toEqual([]);
  const front = createServer((req, res) => {
    if (!releases.serve(req, res, { live: release, earlier: [] })) res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo;
  for (const [path, text] of SITES[name]!) expect(await get(port, path, `${name}.example.test`), path).toContain(text);
  front.closeAllConnections();
  front.close();
}

async function lookAtServer(releases: ReturnType<typeof createReleases>, release: Release, name: string, projectDir: string) {
  const publicHost = `${name}.example.test`;
  const started = await runtime.startSiteServer({
    projectId: name,
    projectDir,
    release: release.hash,
    program: { ...release.server!, dataFolder: join(projectDir, 'site-data'), env: {}, publicHost },
    signal,
    onLog: () => {},
    onFailure: () => {},
    onRestarted: () => {},
  });
  if (started.state !== 'running') expect.fail(started.logTail);
  expect(await releases.checkServer({ release, port: started.port, publicHost, secrets: [], signal })).toEqual([]);
  for (const [path, text] of SITES[name]!) expect(await get(started.port, path, publicHost), path).toContain(text);
  await runtime.stopSiteServer(name, release.hash);
}

/** The body of a good answer. */
function get(port: number, path: string, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers: { host, accept: 'text/html' }, agent: false }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (text: string) => (body += text));
      res.once('end', () => {
        const { statusCode = 0, headers } = res;
        const next = headers.location && URL.parse(headers.location, `http://${host}${path}`);
        if (statusCode >= 300 && statusCode < 400 && next && next.pathname !== path) resolve(get(port, next.pathname, host));
        else if (statusCode === 200) resolve(body);
        else reject(new Error(`${path} answered ${statusCode}: ${body.slice(0, 500)}`));
      });
    });
    sent.once('error', reject);
    sent.end();
  });
}
