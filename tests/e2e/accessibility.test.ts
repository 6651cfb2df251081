import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Browser } from 'playwright-core';
import { makeApi } from './support/api.ts';
import { makeDataDir, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { violations } from './support/axe.ts';
import { launchBrowser, openPage, signIn } from './support/browser.ts';

const { dataDir, remove } = makeDataDir();
let app: App;
let browser: Browser;
let slug: string;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(dataDir), launchBrowser()]);
  const api = makeApi(app);
  await api.setup();
  const { body } = await api.call('POST', '/api/projects', { prompt: 'a website for a small museum of maps' });
  slug = body.project.slug;
  await vi.waitUntil(async () => (await api.turns(body.project.id))[0].state === 'completed', { timeout: 120_000, interval: 200 });
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  remove();
});

const views = [
  { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

test.each(views)('every page passes axe and does not scroll sideways ($colorScheme, $viewport.width px)', async (view) => {
  const { page, context } = await openPage(browser, view);
  const found: string[] = [];
  const look = async (path: string) => {
    await page.goto(app.origin + path);
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    found.push(...(await violations(page)));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) found.push(`${path} is ${overflow} px too wide`);
  };
  await look('/login');
  await signIn(page);
  await page.waitForURL(`${app.origin}/`);
  for (const path of ['/', `/projects/${slug}`, '/settings', '/no-such-page']) await look(path);
  expect(found).toEqual([]);
  await context.close();
});

test('the generated site passes axe, and can be used with the keyboard alone', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(`http://${slug}.preview.localhost:${app.port}/`);
  await page.locator('h1').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('A');
  await context.close();
});
