import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { fetchPreview, makeApi } from './support/api.ts';
import { makeDataDir, processesOf, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { launchBrowser, openPage, setUpInBrowser } from './support/browser.ts';

const { dataDir, remove } = makeDataDir();
let app: App;
let browser: Browser;
let page: Page;

const boot = async () => {
  app = await startApp(dataDir, { LOG_LEVEL: 'debug' });
};
beforeAll(async () => {
  [, browser] = await Promise.all([boot(), launchBrowser()]);
  ({ page } = await openPage(browser));
  await setUpInBrowser(app, page);
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  remove();
});

const folders = () => (existsSync(join(dataDir, 'projects')) ? readdirSync(join(dataDir, 'projects')) : []);
const devServers = (id: string) =>
  processesOf(join(dataDir, 'projects', id))
    .filter((line) => line.includes('astro'))
    .map((line) => line.split(' ', 1)[0]);
const spareIsReady = () => expect.poll(() => app.output().includes('a spare is ready'), { timeout: 60_000 }).toBe(true);

test('what runs while a person types becomes the preview of what they asked for', async () => {
  const prompt = page.getByRole('textbox').first();
  await prompt.pressSequentially('a landing page for a coffee roastery');
  await spareIsReady();
  const [id] = folders() as [string];
  const before = devServers(id);
  expect(before).not.toEqual([]);

  await prompt.press('Enter');
  await page.waitForURL(/\/projects\/coffee-roastery$/);
  const api = makeApi(app);
  await api.login();
  const { project } = (await api.call('GET', `/api/projects/${id}`)).body;
  expect(project).toMatchObject({ id, slug: 'coffee-roastery' });
  await expect.poll(async () => (await fetchPreview(app, project)).status, { timeout: 30_000 }).toBe(200);
  expect(devServers(id)).toEqual(before);
  await page.locator('[data-turn][data-state=completed]').waitFor({ timeout: 120_000 });
  await page
    .frameLocator('#preview-page')
    .getByText(/coffee|roast/i)
    .first()
    .waitFor({ timeout: 30_000 });
  expect(devServers(id)).toEqual(before);
  expect(folders()).toEqual([id]);

  await api.call('DELETE', `/api/projects/${id}`);
  await expect.poll(folders, { timeout: 30_000 }).toEqual([]);
  expect(processesOf(join(dataDir, 'projects', id))).toEqual([]);
});

test('kill -9 while a spare runs: after the restart no process and no folder of it is left', async () => {
  const api = makeApi(app);
  await api.login();
  expect((await api.call('POST', '/api/projects/spare')).status).toBe(202);
  await expect.poll(() => folders().flatMap(devServers), { timeout: 60_000 }).not.toEqual([]);
  await app.kill();
  expect(folders()).toHaveLength(1);
  await boot();
  expect(folders()).toEqual([]);
  expect(processesOf(join(dataDir, 'projects'))).toEqual([]);
});

test('an example fills the box and has a spare made; an orderly stop takes it along', async () => {
  await page.goto(app.origin);
  await page.getByRole('link', { name: 'Bakery menu' }).click();
  await spareIsReady();
  expect(folders()).toHaveLength(1);
  expect(await app.stop()).toBe(0);
  expect(folders()).toEqual([]);
  expect(processesOf(dataDir)).toEqual([]);
});

test('switched off, nothing is made beforehand', async () => {
  app = await startApp(dataDir, { DOCE_SPARE: 'off' });
  const api = makeApi(app);
  await api.login();
  expect((await api.call('POST', '/api/projects/spare')).status).toBe(202);
  expect(folders()).toEqual([]);
});
