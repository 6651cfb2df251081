import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findAstroOutput, findPackageOutput } from '#server/releases/build-output.ts';
import { checkRunningRelease } from '#server/releases/check-server.ts';
import { readManifest, readScript } from '#server/releases/package-scripts.ts';
import { createReleaseStore } from '#server/releases/store.ts';

const ENTRY = 'var mode = "standalone";\n';

/** A built site in a folder, and a store of packages beside it. */
function setup(files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'doce-server-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const projectDir = join(folder, 'p1');
  const site = join(projectDir, 'build', 'site');
  const storeDir = join(folder, 'store');
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), content);
  };
  write('package.json', '{}');
  for (const [path, content] of Object.entries(files)) write(path, content);
  mkdirSync(join(storeDir, 'links', 'he', 'abc'), { recursive: true });
  const link = (name: string, target: string) => {
    mkdirSync(join(site, 'node_modules'), { recursive: true });
    symlinkSync(target, join(site, 'node_modules', name));
  };
  const signal = new AbortController().signal;
  const output = () => {
    const found = findAstroOutput(site, readManifest(site));
    return found.kind === 'server' ? found : expect.fail('no server was found');
  };
  const place = () => createReleaseStore().placeServer(projectDir, output(), storeDir, signal);
  return { projectDir, site, storeDir, write, link, place };
}

const ASTRO = {
  'package.json': '{"type":"module","dependencies":{"he":"1.0.0"},"devDependencies":{"vitest":"1.0.0"}}',
  'dist/server/entry.mjs': ENTRY,
  'dist/client/favicon.svg': '<svg/>',
  'dist/client/_astro/style.abc.css': 'body { color: red }'.repeat(100),
  'src/pages/index.astro': 'never needed again',
  '.env': 'SECRET=1',
};

test('a program is what runs, with links to its packages; sources and secrets stay behind', async () => {
  const { place, link, storeDir, projectDir } = setup(ASTRO);
  link('he', join(storeDir, 'links', 'he', 'abc'));
  link('vitest', join(storeDir, 'links', 'he', 'abc'));
  const release = await place();
  expect(release.server).toMatchObject({ args: ['dist/server/entry.mjs'], worksInData: true, links: { he: 'links/he/abc' } });
  expect(release).toMatchObject({ pageCount: null, folder: join(projectDir, 'releases', release.hash) });
  const all = readdirSync(release.server!.appFolder, { recursive: true }).sort();
  expect(all).toEqual(expect.arrayContaining(['dist/client/favicon.svg', 'dist/server/entry.mjs', 'node_modules/he', 'package.json']));
  expect(all.filter((path) => /vitest|src|\.env/.test(String(path)))).toEqual([]);
  expect(readlinkSync(join(release.server!.appFolder, 'node_modules', 'he'))).toMatch(/^\.\.\/.*store\/links\/he\/abc$/);
  expect([...release.files.values()]).toMatchObject([{ path: '_astro/style.abc.css', br: expect.any(Number) as number }]);
});

test('a package that only the built code names is linked as well, as hoisted packages let it', async () => {
  const code = `${ENTRY}import { a } from "@scope/deep/part"; const b = await import('lone'); const c = require("node:fs"); import "./chunk.mjs";`;
  const { place, link, storeDir, site } = setup({ ...ASTRO, 'dist/server/entry.mjs': code });
  for (const name of ['he', 'lone', 'unused']) link(name, join(storeDir, 'links', 'he', 'abc'));
  mkdirSync(join(site, 'node_modules', '@scope'));
  link('@scope/deep', join(storeDir, 'links', 'he', 'abc'));
  expect(Object.keys((await place()).server!.links)).toEqual(['@scope/deep', 'he', 'lone']);
});

test('the same program is the same release; another package makes another', async () => {
  const { place, link, storeDir, site } = setup(ASTRO);
  link('he', join(storeDir, 'links', 'he', 'abc'));
  const first = await place();
  expect((await place()).hash).toBe(first.hash);
  mkdirSync(join(storeDir, 'links', 'he', 'def'));
  rmSync(join(site, 'node_modules', 'he'));
  link('he', join(storeDir, 'links', 'he', 'def'));
  expect((await place()).hash).not.toBe(first.hash);
});

test('sessions are kept where they outlive the release', async () => {
  const { place, site, write, projectDir } = setup(ASTRO);
  write('dist/server/entry.mjs', `${ENTRY}var base = "${site}/node_modules/.astro/sessions";`);
  const { server } = await place();
  expect(readFileSync(join(server!.appFolder, 'dist/server/entry.mjs'), 'utf8')).toContain(`"${projectDir}/site-data/.astro/sessions"`);
});

test('a package that is a folder of the site is refused by name', async () => {
  const { place, write } = setup(ASTRO);
  write('node_modules/he/index.js', '');
  await expect(place()).rejects.toMatchObject({ code: 'package_not_shared', message: expect.stringContaining('he ') as string });
});

test('other servers are refused, each with its own reason', () => {
  const { write, site } = setup(ASTRO);
  write('dist/server/entry.mjs', 'var mode = "middleware";');
  expect(() => findAstroOutput(site, readManifest(site))).toThrow(expect.objectContaining({ code: 'server_middleware' }));
  rmSync(join(site, 'dist/server/entry.mjs'));
  expect(() => findAstroOutput(site, readManifest(site))).toThrow(expect.objectContaining({ code: 'server_output' }));
});

test('a package without pages runs its start script', () => {
  const { site, write } = setup({ 'server.js': '' });
  write('package.json', '{"scripts":{"start":"MODE=live node server.js --quiet"}}');
  expect(findPackageOutput(site, readManifest(site))).toMatchObject({
    kind: 'server',
    command: { args: ['server.js', '--quiet'], env: { MODE: 'live' } },
    worksInData: false,
  });
});

test('a package that builds pages and has no start script is pages', () => {
  const { site } = setup({ 'dist/index.html': '<h1>Bread</h1>' });
  expect(findPackageOutput(site, readManifest(site))).toEqual({ kind: 'pages', folder: join(site, 'dist') });
});

test.each([
  ['node server.js | tee log', 'script_unreadable'],
  ['sh -c "rm"', 'script_unreadable'],
  ['serve dist', 'script_unreadable'],
  ['A=1', 'script_unreadable'],
])('the script %s is refused, because it needs a shell or names nothing', (script, code) => {
  const { site, write } = setup({});
  write('package.json', JSON.stringify({ scripts: { start: script } }));
  expect(() => readScript(site, readManifest(site), 'start')).toThrow(expect.objectContaining({ code }));
});

test('a program of a dependency is found by its name', () => {
  const { site, write } = setup({});
  write('package.json', '{"scripts":{"build":"tsc -p . && vite build"},"devDependencies":{"vite":"1","typescript":"1"}}');
  write('node_modules/vite/package.json', '{"name":"vite","bin":{"vite":"bin/vite.js"}}');
  write('node_modules/typescript/package.json', '{"name":"typescript","bin":{"tsc":"./bin/tsc"}}');
  expect(readScript(site, readManifest(site), 'build').map(({ args }) => args)).toEqual([
    ['node_modules/typescript/bin/tsc', '-p', '.'],
    ['node_modules/vite/bin/vite.js', 'build'],
  ]);
});

async function check(handler: RequestListener, secrets: string[] = []) {
  const { place } = setup(ASTRO);
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return checkRunningRelease({
    release: await place(),
    port: (server.address() as AddressInfo).port,
    publicHost: 'shop.localhost:4321',
    secrets,
    signal: new AbortController().signal,
  });
}

const site =
  (pages: Record<string, string | number>): RequestListener =>
  (req, res) => {
    const page = pages[req.url ?? ''] ?? 404;
    if (typeof page === 'number') return void res.writeHead(page).end();
    res.setHeader('content-type', 'text/html').end(page);
  };

test('a running site whose pages and links answer has no findings', async () => {
  const seen: (string | undefined)[] = [];
  const pages = site({
    '/': '<a href="/menu">Menu</a><a href="http://shop.localhost:4321/admin">x</a><a href="https://example.com/">y</a>',
    '/menu': '<a href="/">Home</a>',
    '/admin': 401,
  });
  expect(await check((req, res) => void (seen.push(req.headers.host), pages(req, res)))).toEqual([]);
  expect(new Set(seen)).toEqual(new Set(['shop.localhost:4321']));
});

test('a page that fails, a link that leads nowhere and a leaked key are found, the gravest first', async () => {
  const findings = await check(
    site({
      '/': '\n<a href="/menu">Menu</a><a href="/gone">Gone</a>',
      '/menu': '<p>sk-or-v1-0123456789</p><img src="/broken">',
      '/broken': 500,
    }),
    ['sk-or-v1-0123456789'],
  );
  expect(findings.map(({ kind, file, line }) => `${kind} ${file} ${line}`)).toEqual([
    'secret /menu 1',
    'page /broken undefined',
    'link / 2',
  ]);
});

test('a stream that never ends holds nothing up, and a front page that is missing is found', async () => {
  const answer: RequestListener = (req, res) => {
    if (req.url !== '/events') return void res.writeHead(404).end();
    res.setHeader('content-type', 'text/event-stream').write('data: 1\n\n');
  };
  expect(await check(answer)).toEqual([{ kind: 'page', file: '/', line: undefined, message: 'answered 404 instead of the page' }]);
  const pages = site({ '/': '<iframe src="/events"></iframe>' });
  expect(await check((req, res) => (req.url === '/events' ? answer(req, res) : pages(req, res)))).toEqual([]);
});
