import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { startProviderServer } from '../support/provider-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { makeDataDir, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { launchBrowser, openPage, setUpInBrowser } from './support/browser.ts';

const KEY = 'sk-or-the-right-key-0987654321';
const { dataDir, remove } = makeDataDir();
let app: App;
let browser: Browser;
let provider: ProviderServer;
let page: Page;

beforeAll(async () => {
  provider = await startProviderServer(KEY);
  provider.routes['/models'] = { status: 200, body: { data: [{ id: 'test/model', name: 'Test model', context_length: 128_000 }] } };
  [app, browser] = await Promise.all([startApp(dataDir), launchBrowser()]);
  ({ page } = await openPage(browser));
  await setUpInBrowser(app, page);
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await provider.close();
  remove();
});

test('a wrong key is answered in the words of the provider, a right one is kept and never shown again', async () => {
  await page.goto(`${app.origin}/settings`);
  const key = page.getByLabel('Key', { exact: true });
  const save = page.locator('form').filter({ has: key }).getByRole('button', { name: 'Save' });
  await page.getByLabel('Base URL').fill(provider.baseUrl);
  await key.fill('sk-or-not-the-right-key');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('No auth credentials found').waitFor();

  await key.fill(KEY);
  await save.click();
  await page.getByText('Saved').waitFor();
  await expect.poll(() => key.getAttribute('placeholder')).toContain('ends in 4321');
  await expect.poll(() => page.locator('[data-test-answer]').innerText()).toMatch(/works|answers/i);
  expect(await page.content()).not.toContain(KEY);
  await page.reload();
  expect(await page.content()).not.toContain(KEY);
});

test('a key is not sent to another address than the one it was entered for', async () => {
  const other = await startProviderServer();
  await page.getByLabel('Base URL').fill(other.baseUrl);
  await page.getByRole('button', { name: 'Save' }).first().click();
  await page.getByText('Saved').waitFor();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect.poll(() => other.requests.length).toBeGreaterThan(0);
  expect(JSON.stringify(other.requests)).not.toContain(KEY);
  await other.close();
});
