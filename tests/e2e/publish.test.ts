import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Api } from './support/api.ts';
import { startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { violations } from './support/axe.ts';
import { openPage, signIn } from './support/browser.ts';
import { openProject } from './support/project.ts';
import type { OpenProject } from './support/project.ts';

// One site's way into the world, in order: each test goes on where the one before it ended.
const pictures = process.env.DOCE_PICTURES;
let app: App;
let browser: Browser;
let page: Page;
let problems: string[];
let api: Api;
let project: OpenProject['project'];
let workspace: OpenProject['workspace'];
let close: OpenProject['close'];

beforeAll(async () => {
  ({ app, api, browser, page, problems, project, workspace, close } = await openProject(['a website for a small bakery']));
});
afterAll(async () => {
  await app.stop();
  await close();
});

const panel = () => page.locator('#publish-panel');
const state = () => panel().locator('.publish-state').innerText();
const openPanel = async () => {
  if (!(await panel().isVisible())) await page.locator('.publish').click();
};
const deployments = async () => (await api.call('GET', `/api/projects/${project.id}/deployments`)).body.deployments;

/** The published site, asked for as anyone would, without a login. */
function visit(
  path = '/',
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const host = `${project.slug}.localhost:${app.port}`;
    const sent = request({ host: '127.0.0.1', port: app.port, path, headers: { host, ...headers }, agent: false }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      res.once('end', () => resolve({ status: res.statusCode ?? 0, text, headers: res.headers }));
    });
    sent.once('error', reject);
    sent.end();
  });
}

async function look(name: string): Promise<string[]> {
  const found: string[] = [];
  for (const { colorScheme, width } of [
    { colorScheme: 'light', width: 1440 },
    { colorScheme: 'dark', width: 390 },
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 860 });
    await openPanel();
    if (pictures) await page.screenshot({ path: join(pictures, `publish-${name}-${width}-${colorScheme}.png`) });
    found.push(...(await violations(page)).map((violation) => `${name} ${width}: ${violation}`));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) found.push(`${name} ${width}: ${overflow} px too wide`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
  return found;
}

test('nothing is published at first, and the panel says so', async () => {
  expect((await visit()).status).toBe(404);
  await openPanel();
  expect(await state()).toBe('Not published');
  expect(await look('none')).toEqual([]);
});

test('publishing shows the build as it goes, and ends with the site live at its address', async () => {
  await panel().getByRole('button', { name: 'Publish', exact: true }).click();
  await expect.poll(() => panel().getByRole('log').innerText(), { timeout: 30_000 }).toContain('Building the pages');
  expect(await panel().isVisible()).toBe(true);
  await expect.poll(state, { timeout: 60_000 }).toBe('Live');
  const site = await visit();
  expect(site.status).toBe(200);
  expect(site.text).toMatch(/bakery|bread/i);
  expect(site.text).not.toContain('@vite/client');
  expect(await look('live')).toEqual([]);
  expect((await api.project(project.id)).productionStatus).toBe('running');
});

test('the published site works in a browser of its own, without a login', async () => {
  const visitor = await openPage(browser);
  await visitor.page.goto((await api.project(project.id)).productionUrl);
  await visitor.page.locator('h1').waitFor();
  expect(await visitor.context.cookies()).toEqual([]);
  expect(visitor.problems).toEqual([]);
  await visitor.context.close();
});

test('on the dashboard its card shows it, built as it is and without scripts, and keeps showing it', async () => {
  const dashboard = await openPage(browser);
  await dashboard.context.addCookies(await page.context().cookies());
  const asked: string[] = [];
  dashboard.page.on('request', (sent) => sent.resourceType() === 'document' && asked.push(new URL(sent.url()).hostname));
  await dashboard.page.goto(`${app.origin}/`);
  const picture = dashboard.page.locator('.projects iframe');
  expect(await picture.getAttribute('sandbox')).toBe('allow-same-origin');
  expect(await picture.contentFrame().locator('h1').innerText()).toMatch(/\w/);
  const renamed = await api.call('PATCH', `/api/projects/${project.id}`, { name: 'A bakery of its own' });
  expect(renamed.status).toBe(200);
  await dashboard.page.getByText('A bakery of its own').waitFor();
  expect(asked.slice(1)).toEqual([`live--${project.slug}.preview.localhost`]);
  expect(await violations(dashboard.page)).toEqual([]);
  expect(dashboard.problems).toEqual([]);
  await dashboard.context.close();
});

test('answers carry an ETag, are compressed and cached as they may be', async () => {
  const { headers } = await visit('/', { 'accept-encoding': 'br' });
  expect(headers).toMatchObject({ 'content-encoding': 'br', 'cache-control': 'public, max-age=0, must-revalidate' });
  expect((await visit('/', { 'accept-encoding': 'br', 'if-none-match': String(headers.etag) })).status).toBe(304);
  const asset = /\/_astro\/[^"]+\.css/.exec((await visit()).text)?.[0];
  expect((await visit(asset)).headers['cache-control']).toContain('immutable');
  expect((await visit('/../../db.sqlite')).status).toBe(404);
});

test('a change is announced by a dot, and goes live when it is published', async () => {
  await page.keyboard.press('Escape');
  const box = page.getByRole('textbox', { name: 'Say what to change' });
  await box.fill('change the headline to "Bread at five in the morning"');
  await box.press('Enter');
  await page.locator('.unpublished').waitFor({ timeout: 60_000 });
  expect((await visit()).text).not.toContain('Bread at five');
  await openPanel();
  await panel().getByRole('button', { name: 'Publish the changes' }).click();
  await expect.poll(async () => (await visit()).text, { timeout: 60_000 }).toContain('Bread at five');
  await expect.poll(() => page.locator('.unpublished').count()).toBe(0);
});

test('going back takes a moment and no build', async () => {
  expect(await look('earlier')).toEqual([]);
  const before = (await api.call('GET', '/api/queue/jobs?type=deployment.build')).body.jobs?.length;
  await panel()
    .getByRole('button', { name: /^Go back to/ })
    .first()
    .click();
  await expect.poll(async () => (await visit()).text).not.toContain('Bread at five');
  expect((await deployments()).map((one: { state: string }) => one.state)).toEqual(['superseded', 'running']);
  expect((await api.call('GET', '/api/queue/jobs?type=deployment.build')).body.jobs?.length).toBe(before);
});

test('a broken page fails with the line that is wrong, and what is live stays', async () => {
  const index = workspace('src/pages/index.astro');
  const good = readFileSync(index, 'utf8');
  const { writeFileSync } = await import('node:fs');
  writeFileSync(index, `---\nconst bread = {;\n---\n${good.replace(/^---[\s\S]*?---/, '')}`);
  const live = (await visit()).text;
  await openPanel();
  await panel()
    .getByRole('button', { name: /^Publish/ })
    .click();
  await expect.poll(state, { timeout: 60_000 }).toBe('Failed (nothing changed)');
  expect(await panel().innerText()).toContain('src/pages/index.astro:2:');
  expect((await visit()).text).toBe(live);
  expect(await look('failed')).toEqual([]);
  writeFileSync(index, good);
});

test('stopping takes the site down; starting again brings back what was live', async () => {
  const live = (await visit()).text;
  await openPanel();
  await panel().getByRole('button', { name: 'Take it down' }).click();
  await expect.poll(async () => (await visit()).status).toBe(404);
  expect(await look('stopped')).toEqual([]);
  await panel().getByRole('button', { name: 'Start it again' }).click();
  await expect.poll(async () => (await visit()).text).toBe(live);
});

test('a killed host serves the site again after its start, by itself', async () => {
  const live = (await visit()).text;
  await page.close();
  await app.kill();
  app = await startApp(app.dataDir, { PORT: String(app.port) });
  expect((await visit()).text).toBe(live);
});

test('without scripts the panel opens, and its buttons are forms', async () => {
  const { page: plain, context } = await openPage(browser, { javaScriptEnabled: false });
  await plain.goto(`${app.origin}/projects/${project.slug}`);
  await signIn(plain);
  await plain.locator('.publish').click();
  await plain.getByRole('button', { name: 'Take it down' }).click();
  await plain.waitForURL(/\/projects\//);
  expect((await visit()).status).toBe(404);
  await context.close();
});

test('nothing went wrong in the console', () => {
  // The preview of the page that was broken on purpose; Astro's error overlay reads localStorage even in a frame that is being replaced.
  const expected = [
    /status of 50[0-9].*preview\.localhost/,
    /WebSocket connection.*preview\.localhost|preview\.localhost.*WebSocket/,
    /^page error: Failed to read the 'localStorage' property from 'Window': Access is denied for this document/,
  ];
  expect(problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)))).toEqual([]);
});
