import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { makeApi } from './support/api.ts';
import type { Api } from './support/api.ts';
import { makeDataDir, processesOf, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { violations } from './support/axe.ts';
import { launchBrowser, openPage, setUpInBrowser } from './support/browser.ts';

// A site's whole life, in order: each test goes on where the one before it ended.
const { dataDir, remove } = makeDataDir();
let app: App;
let browser: Browser;
let page: Page;
let problems: string[];
let api: Api;
let site: FrameLocator;
let project: { id: string; slug: string };
let firstHeadline: string;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(dataDir), launchBrowser()]);
  ({ page, problems } = await openPage(browser));
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  expect(processesOf(dataDir)).toEqual([]);
  remove();
});

const patience = { timeout: 120_000 };
const headline = () => site.locator('h1').innerText({ timeout: 5_000 });
const tab = (name: string) => page.locator('.views').getByText(name, { exact: true });
const versions = async () =>
  (await api.call('GET', `/api/projects/${project.id}/versions`)).body.versions as { hash: string; kind: string }[];
const picture = () => page.frameLocator('#publish-panel iframe').locator('h1');

async function say(words: string, appears: string): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Say what to change' });
  await box.fill(words);
  await box.press('Enter');
  await page.locator('[data-turn][data-state=completed]').filter({ hasText: appears }).waitFor(patience);
}

/** The published site, asked for as anyone would. */
function visit(): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host: `${project.slug}.localhost:${app.port}` };
    const sent = request({ host: '127.0.0.1', port: app.port, path: '/', headers, agent: false }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      res.once('end', () => resolve({ status: res.statusCode ?? 0, text }));
    });
    sent.once('error', reject).end();
  });
}

async function publish(button: string): Promise<void> {
  if (!(await page.locator('#publish-panel').isVisible())) await page.locator('.publish').click();
  await page.locator('#publish-panel').getByRole('button', { name: button, exact: true }).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor(patience);
  await page.locator('.publish-state').getByText('Live', { exact: true }).waitFor(patience);
}

test('a prompt becomes a site', async () => {
  await setUpInBrowser(app, page);
  const prompt = page.getByRole('textbox').first();
  await prompt.fill('a website for a small bakery');
  await prompt.press('Enter');
  await page.waitForURL(/\/projects\/[a-z-]+$/);
  await page.locator('[data-turn][data-state=completed]').waitFor(patience);
  site = page.frameLocator('#preview-page');
  api = makeApi(app);
  await api.login();
  project = (await api.call('GET', '/api/projects')).body.projects[0];
  await expect.poll(headline, patience).not.toContain('Your site begins here');
  firstHeadline = await headline();
  expect(await violations(page)).toEqual([]);
});

test('it is changed by saying so, and by hand', async () => {
  await say('change the headline to "Bread before dawn"', 'Bread before dawn');
  await expect.poll(headline, patience).toBe('Bread before dawn');
  await tab('Code').click();
  await page.getByRole('link', { name: 'index.astro' }).click();
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\nAlso on Sundays');
  await page.keyboard.press('Control+s');
  await page
    .locator('[data-state]')
    .filter({ hasText: /^Saved/ })
    .waitFor();
  expect(await violations(page)).toEqual([]);
  await tab('Preview').click();
  await expect.poll(() => site.locator('body').innerText(), patience).toContain('Also on Sundays');
});

test('an old version is looked at: built, under an address of its own, until one goes back to now', async () => {
  await tab('History').click();
  await page.locator('#version-2').click();
  await page.locator('#version-2[aria-current=true]').waitFor();
  const history = page.url();
  await page.getByRole('button', { name: 'Look at it' }).click();
  await page.getByText('You are looking at version 2').waitFor(patience);
  const { hash } = (await versions()).at(-2)!;
  const old = page.frameLocator(`#look-${hash}-page`).locator('h1');
  expect(await old.innerText()).toBe(firstHeadline);
  expect(await page.locator(`#look-${hash}-page`).getAttribute('src')).toContain(
    `//${hash.slice(0, 12)}--${project.slug}.preview.localhost`,
  );
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('look-banner');
  expect(await violations(page)).toEqual([]);
  // A reload stays, and the browser's back button leads where one came from.
  await page.reload();
  expect(await old.innerText()).toBe(firstHeadline);
  await page.goBack();
  await page.getByRole('button', { name: 'Look at it' }).waitFor();
  expect(page.url()).toBe(history);
  // The second look builds nothing.
  await page.getByRole('button', { name: 'Look at it' }).click();
  await old.waitFor();
  await page.getByRole('link', { name: 'Back to now' }).click();
  await expect.poll(headline, patience).toBe('Bread before dawn');
  expect(new URL(page.url()).search).toBe('');
});

test('it is restored, and the restore is undone', async () => {
  await page.goBack();
  await page.locator('#look-banner').getByRole('button', { name: 'Restore' }).click();
  await page.locator('#look-banner').waitFor({ state: 'detached', ...patience });
  await expect.poll(headline, patience).toBe(firstHeadline);
  expect((await versions()).map(({ kind }) => kind)).toEqual(['restore', 'hand-edit', 'turn', 'turn', 'start']);
  await tab('History').click();
  await page.locator('#version-5').click();
  await page.locator('#version-5[aria-current=true]').waitFor();
  await page.locator('.version').getByRole('button', { name: 'Undo that' }).click();
  await expect.poll(async () => (await versions()).length, patience).toBe(6);
  await tab('Preview').click();
  await expect.poll(headline, patience).toBe('Bread before dawn');
  await expect.poll(() => site.locator('body').innerText(), patience).toContain('Also on Sundays');
});

test('it is published, changed, published again, and taken back', async () => {
  await publishPanelPasses('before');
  await publish('Publish');
  const first = await visit();
  expect(first.text.includes('Bread before dawn') && first.text.includes('Also on Sundays')).toBe(true);
  expect(await picture().innerText()).toBe('Bread before dawn');
  await publishPanelPasses('live');
  await page.keyboard.press('Escape');
  await say('change the headline to "Rolls at noon"', 'Rolls at noon');
  expect((await visit()).text).toBe(first.text);
  await publish('Publish the changes');
  expect((await visit()).text.includes('Rolls at noon')).toBe(true);
  await expect.poll(() => picture().innerText()).toBe('Rolls at noon');
  await page
    .locator('#publish-panel')
    .getByRole('button', { name: /^Go back to/ })
    .click();
  await expect.poll(async () => (await visit()).text, patience).toBe(first.text);
  await expect.poll(() => picture().innerText()).toBe('Bread before dawn');
});

test('it is stopped, and nothing is lost', async () => {
  await page.locator('#publish-panel').getByRole('button', { name: 'Take it down' }).click();
  await page.locator('.publish-state').getByText('Stopped').waitFor();
  expect((await visit()).status).toBe(404);
  expect(await page.locator('#publish-panel iframe').count()).toBe(0);
  expect((await versions()).length).toBe(7);
});

test('nothing went wrong in the console, and no request left for elsewhere', () => {
  // A dev server that starts anew takes its WebSocket with it.
  expect(problems.filter((problem) => !/WebSocket connection.*preview\.localhost|preview\.localhost.*WebSocket/.test(problem))).toEqual([]);
});

/** axe, and pictures for people who want to see, in both schemes and at both widths. */
async function publishPanelPasses(name: string): Promise<void> {
  const pictures = process.env.DOCE_PICTURES;
  for (const view of [
    { colorScheme: 'dark', width: 1440 },
    { colorScheme: 'light', width: 390 },
  ] as const) {
    await page.emulateMedia({ colorScheme: view.colorScheme });
    await page.setViewportSize({ width: view.width, height: 900 });
    if (!(await page.locator('#publish-panel').isVisible())) await page.locator('.publish').click();
    expect(await violations(page)).toEqual([]);
    if (pictures) await page.screenshot({ path: `${pictures}/story-${name}-${view.width}-${view.colorScheme}.png` });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
}
