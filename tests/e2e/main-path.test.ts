import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { fetchPreview, makeApi } from './support/api.ts';
import type { Api } from './support/api.ts';
import { makeDataDir, processesOf, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { launchBrowser, openPage, setUpInBrowser } from './support/browser.ts';

// One person's first quarter of an hour, in order: each test goes on where the one before it ended.
const { dataDir, remove } = makeDataDir();
let app: App;
let browser: Browser;
let page: Page;
let problems: string[];
let site: FrameLocator;
let api: Api;
let project: { id: string; slug: string; previewUrl: string };

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(dataDir), launchBrowser()]);
  ({ page, problems } = await openPage(browser));
});
afterAll(async () => {
  await browser.close();
  expect(await app.stop()).toBe(0);
  expect(processesOf(dataDir)).toEqual([]);
  remove();
});

const turn = (words: string) => page.locator('[data-turn]').filter({ hasText: words });
const ended = (words: string) => turn(words).and(page.locator('[data-state=completed]'));

test('a person makes the account, says what they want, and watches a real site appear', async () => {
  await setUpInBrowser(app, page);
  const prompt = page.getByRole('textbox').first();
  await prompt.fill('a landing page for a coffee roastery in Lisbon');
  await prompt.press('Enter');
  await page.waitForURL(/\/projects\/coffee-roastery-in-lisbon$/);
  await page.getByText('Starting the preview').first().waitFor();

  site = page.frameLocator('#preview-page');
  await ended('coffee roastery').waitFor({ timeout: 120_000 });
  await expect.poll(() => site.locator('h1').innerText(), { timeout: 30_000 }).not.toContain('Your site begins here');
  expect(await site.locator('body').innerText()).toMatch(/coffee|roast/i);
  expect(await site.locator('section').count()).toBeGreaterThan(2);
  expect(await turn('coffee roastery').innerText()).toMatch(/Wrote|files?/);

  api = makeApi(app);
  await api.login();
  project = (await api.call('GET', '/api/projects')).body.projects[0];
  expect(project).toMatchObject({ status: 'running', turnState: 'completed' });
});

test('a follow-up changes the site without a reload of the page', async () => {
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  const box = page.getByRole('textbox', { name: 'Say what to change' });
  await box.fill('change the headline to "Roasted before the city wakes"');
  await box.press('Enter');
  await expect.poll(() => site.locator('h1').innerText(), { timeout: 60_000 }).toContain('Roasted before the city wakes');
  await ended('Roasted before').waitFor({ timeout: 60_000 });
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
});

test('what the offline builder can not do it says, with examples of what it can', async () => {
  const box = page.getByRole('textbox', { name: 'Say what to change' });
  await box.fill('connect it to my Salesforce account');
  await box.press('Enter');
  await ended('Salesforce').waitFor({ timeout: 60_000 });
  expect(await turn('Salesforce').innerText()).toMatch(/can’t|can't|cannot/i);
});

test('stop puts the preview to sleep; a request wakes it', async () => {
  await page.getByRole('heading', { level: 1 }).getByRole('button').click();
  await page.getByRole('button', { name: 'Stop the preview' }).click();
  await page.getByRole('heading', { name: 'The preview is asleep' }).waitFor({ timeout: 30_000 });
  expect((await api.project(project.id)).status).toBe('stopped');
  await expect.poll(() => processesOf(join(dataDir, 'projects', project.id))).toEqual([]);

  const waiting = await fetchPreview(app, project);
  expect(waiting.text).not.toContain('Roasted before the city wakes');
  await expect.poll(async () => (await fetchPreview(app, project)).text, { timeout: 60_000 }).toContain('Roasted before the city wakes');
  await expect.poll(() => site.locator('h1').innerText(), { timeout: 30_000 }).toContain('Roasted before the city wakes');
});

test('delete leaves no process, row or folder, and the dashboard is empty', async () => {
  await page.getByRole('heading', { level: 1 }).getByRole('button').click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete the project' }).click();
  await page.waitForURL(`${app.origin}/`);
  expect(await page.locator('main').innerText()).not.toContain('Coffee roastery in Lisbon');
  await expect.poll(() => existsSync(join(dataDir, 'projects', project.id)), { timeout: 30_000 }).toBe(false);
  expect(processesOf(join(dataDir, 'projects', project.id))).toEqual([]);
  expect((await api.call('GET', `/api/projects/${project.id}`)).status).toBe(404);
  await expect.poll(async () => (await fetchPreview(app, project)).status).toBe(404);
});

test('nothing went wrong in the console, and no request left for elsewhere', () => {
  // A sleeping preview answers 503 with its waking page, and a dev server that stops takes its WebSocket with it.
  const expected = /status of 503.*preview\.localhost|WebSocket connection.*preview\.localhost|preview\.localhost.*WebSocket/;
  expect(problems.filter((problem) => !expected.test(problem))).toEqual([]);
});
