import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { findPnpm } from '#server/runtime/pnpm.ts';
import { makeApi } from './support/api.ts';
import type { Api } from './support/api.ts';
import { makeDataDir, processesOf, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { violations } from './support/axe.ts';
import { launchBrowser, openPage, signIn } from './support/browser.ts';

// A site that becomes a program, in order: each test goes on where the one before it ended. Asks the registry for @astrojs/node.
const pictures = process.env.DOCE_PICTURES;
const { dataDir, remove } = makeDataDir();
const PORTS = { DOCE_SITES_PORTS: '42600-42699' };
let app: App;
let api: Api;
let id: string;
let slug: string;
let workspace: string;

beforeAll(async () => {
  app = await startApp(dataDir, PORTS);
  api = makeApi(app);
  await api.setup();
  const { body } = await api.call('POST', '/api/projects', { prompt: 'a website for a small bakery' });
  ({ id, slug } = body.project);
  workspace = join(dataDir, 'projects', id, 'workspace');
  await vi.waitUntil(async () => (await api.turns(id))[0].state === 'completed', { timeout: 120_000, interval: 200 });
}, 180_000);
afterAll(async () => {
  await app.stop();
  expect(processesOf(dataDir)).toEqual([]);
  remove();
});

const agent = new Agent({ keepAlive: true, maxSockets: 16 });
interface Answer {
  status: number;
  text: string;
}
function visit(path = '/', options: { port?: number; agent?: Agent | false } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { host: options.port ? `localhost:${options.port}` : `${slug}.localhost:${app.port}` };
    const sent = request({ host: '127.0.0.1', port: options.port ?? app.port, path, headers, agent: options.agent ?? false }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      res.once('end', () => resolve({ status: res.statusCode ?? 0, text }));
      res.once('error', reject);
    });
    sent.once('error', reject);
    sent.end();
  });
}

const write = (path: string, content: string) => writeFileSync(join(workspace, path), content);
const production = async () => (await api.call('GET', `/api/projects/${id}/production`)).body.production;
const deployments = async () => (await api.call('GET', `/api/projects/${id}/deployments`)).body.deployments;
const isServer = (line: string) => line.includes('dist/server/entry.mjs') && line.includes(id);
const servers = () => processesOf(dataDir).filter((line) => isServer(line) && !/bwrap|prlimit/.test(line));

async function publish(): Promise<{ id: string; state: string; error: { code: string; message: string; detail: string | null } | null }> {
  const { status, body } = await api.call('POST', `/api/projects/${id}/deployments`);
  expect(status).toBe(202);
  const find = async () => (await deployments()).find((one: { id: string }) => one.id === body.deployment.id);
  await vi.waitUntil(async () => !['queued', 'building', 'checking'].includes((await find()).state), { timeout: 120_000, interval: 100 });
  return find();
}

function writePage(name: string): void {
  const rules = Array.from({ length: 400 }, (_, index) => `.${name}-${index} { width: ${index}px }`).join('\n');
  write('src/release.css', `body { --release: ${name} }\n${rules}`);
  write(
    'src/pages/index.astro',
    `---\nimport "../release.css";\n---\n<html lang="en"><head><title>${name}</title></head><body><p>${name} begins</p>${'<p>bread</p>'.repeat(300)}<p>${name} ends</p></body></html>\n`,
  );
}

/** Visitors that look at a page and its stylesheet, over and over. */
function startVisitors(count: number) {
  const seen = new Map<string, number>();
  const wrong: string[] = [];
  let isOpen = true;
  const visitor = async () => {
    while (isOpen) {
      try {
        const page = await visit('/', { agent });
        const names = [...page.text.matchAll(/<p>(\w+) (?:begins|ends)/g)].map((match) => match[1]!);
        const [stylesheet] = /\/_astro\/[^"]+\.css/.exec(page.text) ?? [];
        const style = stylesheet ? await visit(stylesheet, { agent }) : { status: 0, text: '' };
        const fingerprints = new Set([...names, /--release: ?(\w+)/.exec(style.text)?.[1]]);
        if (page.status !== 200 || style.status !== 200 || names.length !== 2 || fingerprints.size !== 1)
          wrong.push(`${page.status} ${style.status} ${[...fingerprints].join('+')}`);
        seen.set(names[0]!, (seen.get(names[0]!) ?? 0) + 1);
      } catch (error) {
        wrong.push(String(error));
      }
    }
  };
  const all = Array.from({ length: count }, visitor);
  return {
    seen,
    async end(): Promise<string[]> {
      isOpen = false;
      await Promise.all(all);
      return wrong;
    },
  };
}

test('pages become a program without a failed request, and the program has the port and the hostname', { timeout: 240_000 }, async () => {
  writePage('pages');
  expect(await publish()).toMatchObject({ state: 'running' });
  const add = ['add', '-E', '@astrojs/node@11.1.6', '--lockfile-only', '--ignore-scripts', '--config.enable-global-virtual-store=true'];
  execFileSync(findPnpm(), add, { cwd: workspace, stdio: 'ignore' });
  const config = readFileSync(join(workspace, 'astro.config.mjs'), 'utf8')
    .replace("output: 'static'", "output: 'server', adapter: node({ mode: 'standalone' })")
    .replace('\nimport { defineConfig }', "\nimport node from '@astrojs/node';\nimport { defineConfig }");
  write('astro.config.mjs', config);
  write('src/pages/exit.ts', 'export const GET = () => process.exit(7);\n');
  write('src/pages/word.ts', 'export const GET = ({ url }) => new Response(`${process.pid} ${url.origin}`);\n');
  write(
    'src/pages/slow.ts',
    "export const GET = () => new Response(new ReadableStream({ async start(out) { for (const word of ['one ', 'two ', 'three']) { out.enqueue(word); await new Promise((go) => setTimeout(go, 700)); } out.close(); } }));\n",
  );
  writePage('first');
  const visitors = startVisitors(4);
  const deployed = await publish();
  await vi.waitUntil(() => (visitors.seen.get('first') ?? 0) > 3, { timeout: 10_000 });
  expect(await visitors.end()).toEqual([]);
  expect(deployed).toMatchObject({ state: 'running', error: null });
  expect([...visitors.seen.keys()]).toEqual(['pages', 'first']);
  const { portAddress, server } = await production();
  expect(server).toMatchObject({ isUp: true, log: [expect.stringContaining('listening') as string] });
  const port = Number(new URL(portAddress).port);
  expect((await visit('/', { port })).text).toContain('first begins');
  expect((await visit('/word', { port })).text).toMatch(new RegExp(`http://localhost:${port}$`));
  expect((await visit('/word')).text).toMatch(new RegExp(`http://${slug}.localhost:${app.port}$`));
});

test('twenty switches between pages and two programs under load: none fails, none is mixed', { timeout: 240_000 }, async () => {
  writePage('second');
  expect(await publish()).toMatchObject({ state: 'running' });
  const kept = (await deployments()).map((one: { id: string }) => one.id) as string[];
  expect(kept).toHaveLength(3);
  const visitors = startVisitors(4);
  const tookMs: number[] = [];
  for (let count = 1; count <= 20; count += 1) {
    const name = ['second', 'first', 'pages'][count % 3]!;
    const before = visitors.seen.get(name) ?? 0;
    const startedMs = performance.now();
    const { status } = await api.call('POST', `/api/projects/${id}/deployments/${kept[count % 3]}/promote`);
    tookMs.push(Math.round(performance.now() - startedMs));
    expect(status).toBe(200);
    await vi.waitUntil(() => (visitors.seen.get(name) ?? 0) > before, { timeout: 10_000 });
  }
  expect(await visitors.end()).toEqual([]);
  expect([...visitors.seen.keys()].sort()).toEqual(['first', 'pages', 'second']);
  if (pictures) writeFileSync(join(pictures, 'server-switches.json'), JSON.stringify(tookMs));
  await api.call('POST', `/api/projects/${id}/deployments/${kept[0]}/promote`);
  await expect.poll(servers, { timeout: 40_000 }).toHaveLength(1);
});

test('an answer that is being given ends, although something else went live meanwhile', { timeout: 60_000 }, async () => {
  const [live, other] = (await deployments()).filter(({ sizeBytes }: { sizeBytes: number }) => sizeBytes > 0);
  const slow = visit('/slow');
  await api.call('POST', `/api/projects/${id}/deployments/${other.id}/promote`);
  expect((await visit()).text).toContain('first begins');
  expect(await slow).toEqual({ status: 200, text: 'one two three' });
  await api.call('POST', `/api/projects/${id}/deployments/${live.id}/promote`);
});

test('a program that dies is there again for the next visitor', { timeout: 60_000 }, async () => {
  const before = (await visit('/word')).text;
  expect((await visit('/exit')).status).toBe(503);
  const after = await visit('/word');
  expect(after.status).toBe(200);
  expect(after.text.split(' ')[0]).toMatch(/^\d+$/);
  expect(before.split(' ')[1]).toBe(after.text.split(' ')[1]);
});

test(
  'after a kill of the host nothing is left, and the site is back within ten seconds on the same port',
  { timeout: 60_000 },
  async () => {
    const { portAddress } = await production();
    await app.kill();
    await expect.poll(() => processesOf(dataDir), { timeout: 5_000 }).toEqual([]);
    app = await startApp(dataDir, { ...PORTS, PORT: String(app.port) });
    await expect.poll(async () => (await visit()).text, { timeout: 10_000 }).toContain('second begins');
    api = makeApi(app);
    await api.login();
    await expect.poll(async () => (await production()).portAddress).toBe(portAddress);
  },
);

test('a program that needs a variable is refused with its own words, and what is live stays', { timeout: 120_000 }, async () => {
  write(
    'src/middleware.ts',
    "if (!process.env.SHOP_TOKEN) throw new Error('SHOP_TOKEN is required: set this environment variable');\nexport const onRequest = (_: unknown, next: () => Promise<Response>) => next();\n",
  );
  const failed = await publish();
  expect(failed).toMatchObject({ state: 'failed' });
  expect(failed.error?.message).toMatch(/variable is missing|answers with errors only/);
  expect(failed.error?.detail).toContain('SHOP_TOKEN is required');
  expect((await visit()).text).toContain('second begins');
  await expect.poll(servers, { timeout: 10_000 }).toHaveLength(1);
});

test('the panel says how the program is, and its address with the port', { timeout: 90_000 }, async () => {
  const browser = await launchBrowser();
  const { page, problems } = await openPage(browser);
  await page.goto(`${app.origin}/projects/${slug}`);
  await signIn(page);
  await page.waitForURL(/\/projects\//);
  const found: string[] = [];
  for (const { colorScheme, width } of [
    { colorScheme: 'light', width: 1440 },
    { colorScheme: 'dark', width: 1440 },
    { colorScheme: 'light', width: 390 },
    { colorScheme: 'dark', width: 390 },
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 860 });
    if (!(await page.locator('#publish-panel').isVisible())) await page.locator('.publish').click();
    if (pictures) await page.screenshot({ path: join(pictures, `server-${width}-${colorScheme}.png`) });
    found.push(...(await violations(page)));
  }
  const panel = page.locator('#publish-panel');
  expect(await panel.innerText()).toContain(new URL((await production()).portAddress).host);
  await panel.getByText('Show the log of the server').click();
  expect(await panel.getByLabel('Log of the server').innerText()).toContain('listening');
  expect(found).toEqual([]);
  expect(problems).toEqual([]);
  await browser.close();
});

test('taken down, its process and its port are gone; started again, it is back', { timeout: 60_000 }, async () => {
  const port = Number(new URL((await production()).portAddress).port);
  expect((await api.call('PUT', `/api/projects/${id}/production`, { state: 'stopped' })).status).toBe(200);
  await expect.poll(servers, { timeout: 40_000 }).toEqual([]);
  expect((await visit()).status).toBe(404);
  await expect(visit('/', { port })).rejects.toThrow();
  expect((await api.call('PUT', `/api/projects/${id}/production`, { state: 'running' })).status).toBe(200);
  expect((await visit()).text).toContain('second begins');
  await expect.poll(async () => (await visit('/', { port }).catch(() => undefined))?.status).toBe(200);
});
