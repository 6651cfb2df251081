import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Api } from './support/api.ts';
import type { App } from './support/app.ts';
import { violations } from './support/axe.ts';
import { openPage, signIn } from './support/browser.ts';
import { openProject } from './support/project.ts';
import type { OpenProject } from './support/project.ts';

// One person reads and edits the files: each test goes on where the one before it ended.
let app: App;
let browser: Browser;
let page: Page;
let problems: string[];
let api: Api;
let project: OpenProject['project'];
let workspace: OpenProject['workspace'];
let close: OpenProject['close'];

beforeAll(async () => {
  ({ app, api, browser, page, problems, project, workspace, close } = await openProject(['a page for a small bakery']));
});
afterAll(() => close());

const index = 'src/pages/index.astro';
const state = (words: string | RegExp) => page.locator('[data-state]').filter({ hasText: words }).waitFor();
const typed = () => page.locator('.cm-content').innerText();

async function typeAtTop(text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('End');
  await page.keyboard.type(`\n${text}`);
}

test('the editor is fetched only when the Code tab is looked at', async () => {
  const scripts: string[] = [];
  page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()));
  expect(await page.locator('.cm-content').count()).toBe(0);
  await page.locator('.views').getByText('Code').click();
  await page.getByRole('link', { name: 'index.astro' }).click();
  await page.locator('.cm-content').waitFor();
  expect(scripts.length).toBeGreaterThan(0);
  expect(await typed()).toContain('---');
});

test('an edit is saved with the keyboard, and is in the file', async () => {
  await typeAtTop('// hello');
  await state('Not saved yet');
  await page.keyboard.press('Control+s');
  await state(/^Saved/);
  expect(readFileSync(workspace(index), 'utf8')).toContain('// hello');
});

test('typed text outlives a reload', async () => {
  await typeAtTop('// not saved');
  await state('Not saved yet');
  await page.reload();
  await state('Not saved yet');
  expect(await typed()).toContain('// not saved');
  expect(readFileSync(workspace(index), 'utf8')).not.toContain('// not saved');
});

test('a change underneath is shown and never written over; both can be seen and joined', async () => {
  writeFileSync(workspace(index), `${readFileSync(workspace(index), 'utf8')}\n<!-- theirs -->\n`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('This file has changed since you began to edit it').waitFor();
  expect(readFileSync(workspace(index), 'utf8')).not.toContain('// not saved');
  await page.getByRole('button', { name: 'See both' }).click();
  await page.locator('.cm-deletedChunk').getByRole('button', { name: 'Take theirs' }).last().click();
  await page.getByRole('button', { name: 'Save' }).click();
  await state(/^Saved/);
  expect(readFileSync(workspace(index), 'utf8')).toMatch(/\/\/ not saved[\s\S]*<!-- theirs -->/);
});

test('what somebody else writes appears while nothing is typed', async () => {
  const path = `/api/projects/${project.id}/files/${index}`;
  const { file } = (await api.call('GET', path)).body;
  await api.call('PUT', path, { content: file.content.replace('// hello', '// good morning'), baseHash: file.hash });
  await expect.poll(typed).toContain('// good morning');
});

test('a file is made, renamed, deleted, and brought back', async () => {
  await page.locator('#new-file summary').click();
  await page.getByLabel('Path of the new file').fill('src/notes/today.md');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'src/notes/today.md' }).waitFor();
  await state('Saved');
  await typeAtTop('# Rolls');
  await page.keyboard.press('Control+s');
  await expect.poll(() => readFileSync(workspace('src/notes/today.md'), 'utf8')).toContain('# Rolls');

  await page.getByRole('button', { name: 'What can be done with' }).click();
  await page.getByLabel('Name or move it').fill('src/notes/tomorrow.md');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('heading', { name: 'src/notes/tomorrow.md' }).waitFor();
  expect(existsSync(workspace('src/notes/today.md'))).toBe(false);
  await state('Saved');

  await page.getByRole('button', { name: 'What can be done with' }).click();
  await page.locator('#file-menu').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Deleted src/notes/tomorrow.md.').waitFor();
  expect(existsSync(workspace('src/notes/tomorrow.md'))).toBe(false);
  await page.locator('[data-files-message]').getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'src/notes/tomorrow.md' }).waitFor();
  expect(readFileSync(workspace('src/notes/tomorrow.md'), 'utf8')).toContain('# Rolls');
});

test('a new name that is answered late is where the editor goes, whatever was shown in between', async () => {
  await page.route('**/files/src/notes/tomorrow.md', async (route) => {
    const response = await route.fetch();
    // The tree has heard of it by then, and the panel was fetched again.
    if (route.request().method() === 'PATCH') await page.getByRole('link', { name: 'tonight.md' }).waitFor({ state: 'attached' });
    await route.fulfill({ response });
  });
  await page.getByRole('button', { name: 'What can be done with' }).click();
  await page.getByLabel('Name or move it').fill('src/notes/tonight.md');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('heading', { name: 'src/notes/tonight.md' }).waitFor();
  await state('Saved');
  await page.unroute('**/files/src/notes/tomorrow.md');
  await page.getByRole('button', { name: 'What can be done with' }).click();
  await page.getByLabel('Name or move it').fill('src/pages/index.astro');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.locator('#file-menu [data-problem]').getByText(/\S/).waitFor();
  expect(await page.getByLabel('Name or move it').inputValue()).toBe('src/pages/index.astro');
  await page.keyboard.press('Escape');
});

test('the tree is walked with the arrow keys and shows a file as soon as it is there', async () => {
  const folder = page.locator('.files summary').filter({ hasText: 'public' });
  await folder.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  expect(await page.evaluate(() => document.activeElement?.closest('details')?.id)).toBe('folder-public');
  await api.call('PUT', `/api/projects/${project.id}/files/public/menu.txt`, { content: 'Rolls\n', baseHash: null });
  await page.getByRole('link', { name: 'menu.txt' }).waitFor();
});

test('search finds text in every file and opens it there', async () => {
  await page.getByRole('searchbox', { name: 'Search in all files' }).fill('good morning');
  await page.keyboard.press('Enter');
  await page.locator('.results').getByText('1 place in 1 file').waitFor();
  await page.locator('.results a').first().click();
  // The results have a heading of that name too.
  await page.locator('code-editor').getByRole('heading', { level: 2, name: index }).waitFor();
});

test('what is no text says so and offers the download', async () => {
  writeFileSync(workspace('public/photo.bin'), Buffer.from([0, 1, 2, 3]));
  await page.goto(`${app.origin}/projects/${project.slug}?view=code&file=public%2Fphoto.bin`);
  await state('This is not text (4 B)');
  // A browser notes it when the editor looks for a file in the moment in which it is renamed or deleted.
  const isExpected = (problem: string) => problem.includes('409') || /404.*\/src\/notes\//.test(problem);
  expect(problems.filter((problem) => !isExpected(problem))).toEqual([]);
});

test.each([
  { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const)('the code passes axe, fits, and is read without scripts ($colorScheme, $viewport.width px)', async (view) => {
  const path = `/projects/${project.slug}?view=code&file=${encodeURIComponent(index)}`;
  const { page: other, context } = await openPage(browser, view);
  await other.goto(app.origin + path);
  await signIn(other);
  await other.locator('.cm-content').waitFor();
  expect(await violations(other)).toEqual([]);
  expect(await other.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  expect(await other.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(0);
  const plain = await browser.newContext({ ...view, javaScriptEnabled: false, storageState: await context.storageState() });
  const read = await plain.newPage();
  await read.goto(app.origin + path);
  expect(await read.locator('.source').innerText()).toContain('// good morning');
  await Promise.all([plain.close(), context.close()]);
});
