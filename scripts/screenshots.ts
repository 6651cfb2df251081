import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { makeApi } from '../tests/e2e/support/api.ts';
import type { Api } from '../tests/e2e/support/api.ts';
import { admin, makeDataDir, startApp } from '../tests/e2e/support/app.ts';
import { launchBrowser, signIn } from '../tests/e2e/support/browser.ts';
import { buildIfStale } from './build.ts';

const LOOK_EVERY_MS = 250;
const folder = join('docs', 'screenshots');
const prompts = [
  'a landing page for a coffee roastery in Lisbon',
  'a website for a yoga studio by the sea called Low Tide',
  'portfolio of a wildlife photographer in Norway',
];
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

// The pictures of the product that the README and reviews look at: every page, both sizes, both themes.
buildIfStale();
mkdirSync(folder, { recursive: true });
const { dataDir, remove } = makeDataDir();
const [app, browser] = await Promise.all([startApp(dataDir), launchBrowser()]);
try {
  const api = makeApi(app);
  await api.setup();
  const slugs: string[] = [];
  for (const prompt of prompts.toReversed()) {
    const { body } = await api.call('POST', '/api/projects', { prompt });
    slugs.unshift(body.project.slug);
    while (!(await api.turns(body.project.id)).every(({ state }) => state === 'completed')) await delay(LOOK_EVERY_MS);
    // One is left as it is after the first prompt.
    if (slugs.length > 1) await publish(api, body.project.id);
  }
  for (const { width, height } of sizes) {
    for (const colorScheme of ['light', 'dark'] as const) await takeAll(browser, { width, height }, colorScheme, slugs[0] ?? '');
  }
} finally {
  await browser.close();
  await app.stop();
  remove();
}

async function publish(api: Api, projectId: string): Promise<void> {
  await api.call('POST', `/api/projects/${projectId}/deployments`);
  while ((await api.project(projectId)).productionStatus !== 'running') await delay(LOOK_EVERY_MS);
}

async function takeAll(
  browser: Browser,
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark',
  slug: string,
): Promise<void> {
  const context = await browser.newContext({ viewport, colorScheme });
  const page = await context.newPage();
  const take = (name: string) => page.screenshot({ path: join(folder, `${name}-${viewport.width}-${colorScheme}.png`) });
  await page.goto(`${app.origin}/login`);
  await take('login');
  await signIn(page, admin);
  await page.waitForURL(`${app.origin}/`);
  await settle(page);
  await take('dashboard');
  await page.goto(`${app.origin}/projects/${slug}`);
  await page.frameLocator('#preview-page').locator('h1').waitFor({ state: 'attached', timeout: 60_000 });
  await settle(page);
  await take('workspace');
  if (viewport.width < 768) {
    await page.getByText('Preview', { exact: true }).first().click();
    await settle(page);
    await take('workspace-preview');
  }
  await page.goto(`${app.origin}/queue`);
  await settle(page);
  await take('queue');
  await page.locator('[data-rows] a.type').first().click();
  await page.getByRole('heading', { name: 'Attempts' }).waitFor();
  await settle(page);
  await take('queue-job');
  await page.goto(`${app.origin}/settings`);
  await settle(page);
  await take('settings');
  await context.close();
}

/** Fonts are there and the last transition has ended. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForTimeout(600);
}
