import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '#server/log.ts';
import { createRuntime } from '#server/runtime/runtime.ts';
import { warmStore } from '#server/runtime/store.ts';
import { launchBrowser } from '../e2e/support/browser.ts';
import { makeWorkspace } from '../llm/offline-workspace.ts';

const run = promisify(execFile);
const templatesDir = join(import.meta.dirname, '../../templates');
const storeDir = join(tmpdir(), 'doce-test-store');
const dataDir = mkdtempSync(join(tmpdir(), 'doce-sites-test-'));
const projectDir = join(dataDir, 'projects', 'p1');
const workspace = join(projectDir, 'workspace');
const dist = join(workspace, 'dist');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const log = createLog('silent');

/** One conversation per layout, so that every variant of every section is built and looked at by axe at least once. */
const CONVERSATIONS: readonly (readonly [layout: string, requests: readonly string[]])[] = [
  [
    'split',
    [
      'a bakery called Rye in Cork, split layout, with team, pricing, schedule, gallery, blog, newsletter and testimonials',
      'add an about page',
      'add a dark mode toggle',
    ],
  ],
  ['centered', ['a yoga studio in Berlin, centered, with team, menu, gallery and blog', 'make it pink and green', 'add a schedule page']],
  ['editorial', ['a museum in Porto, magazine layout, with pricing, steps, team, testimonials and faq', 'use monospace fonts']],
  [
    'poster',
    [
      'a plant shop in Ghent, poster layout, with schedule, pricing, team, gallery and blog',
      'make it yellow',
      'add a menu page with prices',
    ],
  ],
  ['product', ['SaaS for invoicing called Tally, bento layout, with team, gallery and a call to action', 'make it purple']],
  ['mosaic', ['a ceramicist in Braga, mosaic layout, with pricing, steps, team and blog', 'make it black and white', 'square corners']],
];

let browser: Browser;
const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://site').pathname;
  const file = extname(path) ? join(dist, path) : join(dist, path, 'index.html');
  if (!existsSync(file)) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
});
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

beforeAll(async () => {
  mkdirSync(join(dataDir, 'projects'), { recursive: true });
  expect((await warmStore({ storeDir, templatesDir, template: 'starter', log })).state).not.toBe('cold');
  const runtime = createRuntime({ dataDir, templatesDir, storeDir, log, sandbox: 'auto' });
  await runtime.prepareWorkspace({
    projectDir,
    projectId: 'p1',
    template: 'starter',
    signal: AbortSignal.timeout(120_000),
    onLog: () => {},
  });
  await runtime.stopAll();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('the untouched starter builds, and passes axe', async () => {
  await build();
  expect(await lookAt('/')).toEqual([]);
});

test.each(CONVERSATIONS)('a %s site builds, stays on its own pages, and passes axe', async (layout, requests) => {
  const site = makeWorkspace();
  for (const request of requests) await site.ask(request);
  expect(site.json<{ design: { layout: string } }>('src/content/site.json').design.layout).toBe(layout);
  rmSync(join(workspace, 'src'), { recursive: true });
  for (const [path, content] of site.files) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), content);
  }
  await build();

  const pages = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.html'));
  expect(pages).toContain('index.html');
  for (const path of pages) expectSoundPage(path);
  const found = [];
  for (const path of pages) found.push(...(await lookAt(`/${dirname(path) === '.' ? '' : dirname(path)}`)));
  expect(found).toEqual([]);
});

async function build(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  const { stdout, stderr } = await run(process.execPath, ['node_modules/astro/bin/astro.mjs', 'build'], {
    cwd: workspace,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1' },
  });
  expect(stdout + stderr).not.toMatch(/\b(?:warn|error)\b/i);
}

/** One main heading, headings in order, links that lead somewhere, nothing fetched from elsewhere. */
function expectSoundPage(path: string): void {
  const html = readFileSync(join(dist, path), 'utf8');
  expect(html.match(/<h1[\s>]/g), path).toHaveLength(1);
  expect(html, path).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//);
  expect(html, path).not.toMatch(/url\((?:https?:)?\/\//);
  for (const [, href] of html.matchAll(/\shref="([^"]+)"/g)) {
    if (/^(?:mailto|tel):/.test(href!)) continue;
    const [target, anchor] = href!.split('#');
    const file = target === '' ? path : extname(target!) ? target! : join(target!, 'index.html');
    expect(existsSync(join(dist, file)), `${path} links to ${href}`).toBe(true);
    if (anchor) expect(readFileSync(join(dist, file), 'utf8'), `${path} links to ${href}`).toContain(`id="${anchor}"`);
  }
}

/** What a browser finds wrong with a page: axe in both themes, errors, requests elsewhere, sideways scrolling. */
async function lookAt(path: string): Promise<string[]> {
  const found: string[] = [];
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [colorScheme, width] of [
    ['light', 1440],
    ['dark', 360],
  ] as const) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && found.push(`${path}: ${message.text()}`));
    page.on('pageerror', (error) => found.push(`${path}: ${error.message}`));
    page.on('request', (request) => !request.url().startsWith(origin) && found.push(`${path}: asks for ${request.url()}`));
    await page.goto(origin + path);
    await page.evaluate(axeSource);
    const { violations } = (await page.evaluate(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    )) as { violations: { id: string; nodes: { html: string }[] }[] };
    found.push(...violations.map(({ id, nodes }) => `${path} ${colorScheme} ${id}: ${nodes[0]!.html.slice(0, 200)}`));
    if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) found.push(`${path} scrolls sideways at ${width}`);
    await context.close();
  }
  return found;
}
