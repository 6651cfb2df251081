import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '#server/log.ts';
import { createReleases } from '#server/releases/releases.ts';
import type { Releases } from '#server/releases/releases.ts';
import type { Release } from '#server/releases/release.ts';
import { findPnpm } from '#server/runtime/pnpm.ts';
import { createRuntime } from '#server/runtime/runtime.ts';
import type { Runtime } from '#server/runtime/runtime.ts';
import { warmStore } from '#server/runtime/store.ts';

// Asks the registry for @astrojs/node once; what it fetched stays in the store between runs.
const templatesDir = join(import.meta.dirname, '../../templates');
const storeDir = join(tmpdir(), 'doce-test-store');
const log = createLog('silent');
const dataDir = mkdtempSync(join(tmpdir(), 'doce-server-release-'));
const projectDir = join(dataDir, 'projects', 'p1');
const sources = join(dataDir, 'sources');
let runtime: Runtime;
let releases: Releases;

beforeAll(async () => {
  mkdirSync(projectDir, { recursive: true });
  expect((await warmStore({ storeDir, templatesDir, template: 'starter', log })).state).not.toBe('cold');
  makeServerSite();
  runtime = createRuntime({ dataDir, templatesDir, storeDir, log, sandbox: 'auto' });
  releases = createReleases({ spawnChild: runtime.spawnChild, install: runtime.installPackages, storeDir: runtime.storeDir, log });
}, 300_000);
afterAll(async () => {
  await runtime.stopAll();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The starter with the adapter for Node, and a page that is made anew for each visitor. */
function makeServerSite(): void {
  cpSync(join(templatesDir, 'starter'), sources, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const add = ['add', '-E', '@astrojs/node@11.1.6', '--lockfile-only', '--ignore-scripts', `--config.store-dir=${storeDir}`];
  execFileSync(findPnpm(), [...add, '--config.enable-global-virtual-store=true'], { cwd: sources, stdio: 'ignore' });
  const config = readFileSync(join(sources, 'astro.config.mjs'), 'utf8')
    .replace("output: 'static'", "output: 'server', adapter: node({ mode: 'standalone' })")
    .replace('\nimport { defineConfig }', "\nimport node from '@astrojs/node';\nimport { defineConfig }");
  writeFileSync(join(sources, 'astro.config.mjs'), config);
  write(
    'src/pages/index.astro',
    '---\nAstro.session?.set("seen", "yes");\n---\n<html lang="en"><head><title>Bread</title></head><body><a href="/hello">Hello</a></body></html>\n',
  );
  write(
    'src/pages/hello.ts',
    "export const GET = ({ url }) => new Response(`${url.origin} ${process.env.WORD}`);\nexport const POST = async ({ request }) => new Response((await request.formData()).get('word'));\n",
  );
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(sources, path)), { recursive: true });
  writeFileSync(join(sources, path), content);
}

const signal = new AbortController().signal;
const build = (lines: string[] = []): Promise<Release> =>
  releases.build({
    projectId: 'p1',
    projectDir,
    checkout: async (folder) => cpSync(sources, folder, { recursive: true }),
    allowServer: true,
    signal,
    onLog: (line) => void lines.push(line),
  });
const start = (release: Release) =>
  runtime.startSiteServer({
    projectId: 'p1',
    projectDir,
    release: release.hash,
    program: { ...release.server!, dataFolder: join(projectDir, 'site-data'), env: { WORD: 'bread' }, publicHost: 'shop.example.com' },
    signal,
    onLog: () => {},
    onFailure: () => {},
    onRestarted: () => {},
  });

test(
  'a site for @astrojs/node becomes a small release that runs, is looked at, and knows its own address',
  { timeout: 180_000 },
  async () => {
    const release = await build();
    expect(release.server).toMatchObject({ args: ['dist/server/entry.mjs'], publicFolder: 'dist/client' });
    expect(Object.keys(release.server!.links)).toContain('@astrojs/node');
    // The packages themselves, some hundred megabytes, stay in the store.
    expect(Number(execFileSync('du', ['-sk', release.folder]).toString().split('\t')[0])).toBeLessThan(6 * 1024);
    expect((await build()).hash).toBe(release.hash);
    const outcome = await start(release);
    if (outcome.state !== 'running') expect.fail(JSON.stringify(outcome));
    const check = { release, port: outcome.port, publicHost: 'shop.example.com', secrets: [], signal };
    expect(await releases.checkServer(check)).toEqual([]);
    expect(runtime.siteLog('p1', release.hash).join('\n')).not.toMatch(/error/i);
    const forwarded = ['-s', '-H', 'Host: shop.example.com', '-H', 'X-Forwarded-Host: shop.example.com', '-H', 'X-Forwarded-Proto: https'];
    const curl = (...args: string[]) => execFileSync('curl', [...forwarded, ...args, `http://127.0.0.1:${outcome.port}/hello`]).toString();
    expect(curl()).toBe('https://shop.example.com bread');
    expect(curl('-H', 'Origin: https://shop.example.com', '-d', 'word=cake')).toBe('cake');
    expect(curl('-H', 'Origin: https://evil.example', '-d', 'word=cake')).toContain('forbidden');
    await runtime.stopSiteServer('p1', release.hash);
  },
);

test('middleware mode is refused, and so is a server where only pages may come out', { timeout: 180_000 }, async () => {
  const config = readFileSync(join(sources, 'astro.config.mjs'), 'utf8');
  const nothing = {
    projectId: 'p1',
    projectDir,
    checkout: async (folder: string) => cpSync(sources, folder, { recursive: true }),
    signal,
    onLog: () => {},
  };
  await expect(releases.build(nothing)).rejects.toMatchObject({ code: 'server_not_shown' });
  write('astro.config.mjs', config.replace("'standalone'", "'middleware'"));
  await expect(build()).rejects.toMatchObject({ code: 'server_middleware' });
  write('astro.config.mjs', config);
});
