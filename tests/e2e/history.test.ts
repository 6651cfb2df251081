import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Api } from './support/api.ts';
import type { App } from './support/app.ts';
import { violations } from './support/axe.ts';
import { openPage, signIn } from './support/browser.ts';
import { openProject } from './support/project.ts';
import type { OpenProject } from './support/project.ts';

// One person goes back and forth: each test goes on where the one before it ended.
let app: App;
let browser: Browser;
let page: Page;
let problems: string[];
let api: Api;
let project: OpenProject['project'];
let workspace: OpenProject['workspace'];
let close: OpenProject['close'];

beforeAll(async () => {
  const asked: [string, string] = ['a page for a small bakery', 'change the headline to "Bread before dawn"'];
  ({ app, api, browser, page, problems, project, workspace, close } = await openProject(asked));
});
afterAll(() => close());

const lastTurn = () => page.locator('[data-turn]').last();
async function choose(number: number): Promise<void> {
  await page.locator(`#version-${number}`).click();
  await page.locator(`#version-${number}[aria-current=true]`).waitFor();
}

test('Undo under the latest answer goes back, says so, and can be undone', async () => {
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await lastTurn().getByRole('button', { name: 'Undo', exact: true }).click();
  await lastTurn().getByText('Back to version 2.').waitFor();
  await lastTurn().getByRole('button', { name: 'Undo that' }).click();
  await lastTurn().getByRole('button', { name: 'Undo', exact: true }).waitFor();
  const { versions } = (await api.call('GET', `/api/projects/${project.id}/versions`)).body;
  expect(versions.map(({ kind }: { kind: string }) => kind)).toEqual(['restore', 'restore', 'turn', 'turn', 'start']);
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
});

test('the history shows what a version changed, and what is different now', async () => {
  await lastTurn().getByRole('link', { name: 'Version 3' }).click();
  await page.getByRole('heading', { name: /Bread before dawn/ }).waitFor();
  const added = page.locator('.diff tr.added');
  expect(await added.count()).toBe(1);
  expect(await added.innerText()).toMatch(/\+[\s\S]*Bread before dawn/);
  await choose(2);
  await page.getByLabel('Show', { exact: true }).selectOption('now');
  await expect.poll(() => page.locator('.diff tr.added').allInnerTexts()).toEqual([expect.stringContaining('Bread before dawn')]);
  // A reload comes back to the same.
  await page.reload();
  await expect.poll(() => page.locator('.diff tr.added').count()).toBe(1);
});

test('everything a version held can be fetched as it was', async () => {
  await page.getByText('All files of this version').click();
  const link = page.getByRole('link', { name: 'src/content/home.json' });
  await link.waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toBe('home.json');
  expect(readFileSync(await download.path(), 'utf8')).not.toContain('Bread before dawn');
});

test('a version takes a name and a star', async () => {
  await page.getByLabel('Name of this version').fill('First draft');
  await page.getByRole('button', { name: 'Name it' }).click();
  await page.locator('#version-2').getByText('First draft').waitFor();
  await page.getByRole('button', { name: 'Star', exact: true }).click();
  await page.getByRole('button', { name: 'Take the star off' }).waitFor();
  await page.getByRole('link', { name: 'Starred' }).first().click();
  await expect.poll(() => page.locator('.version-list .row').count()).toBe(1);
  await page.getByRole('link', { name: 'All', exact: true }).click();
  await expect.poll(() => page.locator('.version-list .row').count()).toBe(5);
});

test('going back takes a file away that a person made, names it, and keeps it in the version before', async () => {
  writeFileSync(workspace('public/menu.txt'), 'Rolls\n');
  await choose(2);
  await page.getByRole('button', { name: 'Go back to this version' }).click();
  await page.getByText('This is what is there now').waitFor();
  expect(existsSync(workspace('public/menu.txt'))).toBe(false);
  await page.locator('.version-list .row').first().click();
  await page.getByText(/kept in version 6:\s+public\/menu\.txt/).waitFor();
  await page.getByRole('button', { name: 'Undo that' }).last().click();
  await expect.poll(() => existsSync(workspace('public/menu.txt'))).toBe(true);
});

test('the message of a version is one click away', async () => {
  await choose(3);
  await page.getByRole('link', { name: 'Go to the message' }).click();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-turn')))
    .toBe(await lastTurn().getAttribute('data-turn'));
  expect(problems).toEqual([]);
});

test.each([
  { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const)('the history passes axe, fits, and is read without scripts ($colorScheme, $viewport.width px)', async (view) => {
  const { versions } = (await api.call('GET', `/api/projects/${project.id}/versions`)).body;
  const path = `/projects/${project.slug}?view=history&version=${versions.at(-2).hash}`;
  const { page: other, context } = await openPage(browser, view);
  await other.goto(app.origin + path);
  await signIn(other);
  await other.locator('.diff').first().waitFor();
  expect(await violations(other)).toEqual([]);
  expect(await other.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  expect(await other.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(0);
  const plain = await browser.newContext({ ...view, javaScriptEnabled: false, storageState: await context.storageState() });
  const read = await plain.newPage();
  await read.goto(app.origin + path);
  expect(await read.locator('.diff tr.added').first().isVisible()).toBe(true);
  await Promise.all([plain.close(), context.close()]);
});
