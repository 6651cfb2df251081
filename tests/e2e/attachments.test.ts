import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { attachmentLimits } from '#server/projects/attachments.ts';
import { startProviderServer } from '../support/provider-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { makeApi } from './support/api.ts';
import type { Api } from './support/api.ts';
import { makeDataDir, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { violations } from './support/axe.ts';
import { launchBrowser, openPage, setUpInBrowser } from './support/browser.ts';

// One person's afternoon, in order: each test goes on where the one before it ended.
const KEY = 'sk-or-test-key-that-must-not-leak-1234567890';
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const picture = { name: 'Our logo.png', mimeType: 'image/png', buffer: PNG };
const { dataDir, remove } = makeDataDir();
let app: App;
let api: Api;
let browser: Browser;
let page: Page;
let problems: string[];
let provider: ProviderServer;
let project: { id: string; slug: string };

beforeAll(async () => {
  provider = await startProviderServer(KEY);
  const model = {
    ...{ id: 'test/model', name: 'Test model', context_length: 128_000, supported_parameters: ['tools'] },
    architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
  };
  provider.routes['/models'] = { status: 200, body: { data: [model] } };
  [app, browser] = await Promise.all([startApp(dataDir, { DOCE_LLM_BASE_URL: provider.baseUrl }), launchBrowser()]);
  ({ page, problems } = await openPage(browser));
  await setUpInBrowser(app, page);
  api = makeApi(app);
  await api.login();
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await provider.close();
  remove();
});

const box = () => page.locator('prompt-box');
const chips = () => box().locator('.attached-file .name');
const workspace = (path: string, id = project.id) => join(dataDir, 'projects', id, 'workspace', path);
const turn = (words: string) => page.locator('[data-turn]').filter({ hasText: words });
const ended = (words: string) => turn(words).and(page.locator('[data-state=completed]'));

/** As a browser hands over what is in the clipboard, or what is dropped. */
async function hand(kind: 'paste' | 'drop', files: readonly { name: string; text: string }[]): Promise<void> {
  await box()
    .locator('textarea')
    .evaluate(
      (element, { kind, files }) => {
        const held = new DataTransfer();
        for (const { name, text } of files) held.items.add(new File([text], name));
        const init = { bubbles: true, cancelable: true };
        if (kind === 'paste') element.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: held }));
        else element.dispatchEvent(new DragEvent('drop', { ...init, dataTransfer: held }));
      },
      { kind, files },
    );
}

test('what is too large or too much is told before it is sent, and is not added', async () => {
  const problem = box().locator('[data-problem]');
  await page.getByLabel('Attach files').setInputFiles([picture]);
  const large = { name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(attachmentLimits.bytes + 1) };
  await page.getByLabel('Attach files').setInputFiles([large]);
  await expect.poll(() => problem.innerText()).toMatch(/7 MiB together: “film.mp4” was not added/);
  expect(await chips().allInnerTexts()).toEqual(['Our logo.png']);
  await hand(
    'drop',
    Array.from({ length: 11 }, (_, index) => ({ name: `${index}.txt`, text: 'x' })),
  );
  await expect.poll(() => problem.innerText()).toMatch(/At most 10 files .* 2 files were not added/);
  expect(await chips().count()).toBe(10);
});

test('a file over the box can be dropped there, and beside it nowhere', async () => {
  const effects = await page.evaluate(() => {
    const over = (selector: string) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'x.txt'));
      const event = new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer });
      document.querySelector(selector)!.dispatchEvent(event);
      return [event.defaultPrevented, document.querySelector<HTMLElement>('prompt-box')!.hasAttribute('data-over')];
    };
    const beside = over('h1');
    return { beside, over: over('textarea') };
  });
  expect(effects).toEqual({ beside: [true, false], over: [true, true] });
});

test('a chip is taken back with the keyboard, and the focus goes on to the next', async () => {
  const remove = () => box().locator('.attached-file button');
  while ((await remove().count()) > 1) {
    await remove().last().focus();
    await page.keyboard.press('Enter');
  }
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Remove Our logo.png');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('attachments');
  expect(await chips().count()).toBe(0);
  expect(await box().locator('[data-problem]').innerText()).toBe('');
});

test('the box passes axe with files in it, wide and narrow', async () => {
  await page.getByLabel('Attach files').setInputFiles([picture, { ...picture, name: `${'long name '.repeat(12)}.png` }]);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await page.setViewportSize({ width: 1440, height: 900 });
  await box().locator('.attached-file button').last().click();
});

test('a failed send keeps the files; a project is made with them', async () => {
  const text = page.getByRole('textbox').first();
  await text.fill('a landing page for a coffee roastery in Lisbon');
  await page.route('**/api/projects', (route) => route.abort(), { times: 1 });
  await text.press('Enter');
  await expect.poll(() => box().locator('[data-problem]').innerText()).toContain('doce did not answer');
  expect(await chips().allInnerTexts()).toEqual(['Our logo.png']);
  await text.press('Enter');
  await page.waitForURL(/\/projects\/coffee-roastery-in-lisbon$/);
  await ended('coffee roastery').waitFor({ timeout: 120_000 });
  [project] = (await api.call('GET', '/api/projects')).body.projects;
  expect(readFileSync(workspace('attachments/Our logo.png'))).toEqual(PNG);
  expect(readdirSync(workspace('public'))).not.toContain('Our logo.png');
  const said = await turn('coffee roastery').innerText();
  expect(said).toContain('choose a real model');
  expect(said).not.toContain('attached-files');
  const { attachments } = (await api.turns(project.id))[0];
  expect(attachments).toEqual([{ name: 'Our logo.png', sizeBytes: PNG.length, mediaType: 'image/png', path: 'attachments/Our logo.png' }]);
});

test('the message shows what came with it, and leads to the file in the Code tab', async () => {
  const link = turn('coffee roastery').getByRole('link', { name: /Our logo\.png/ });
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await link.click();
  await page.locator('panel-view[data-view=code]').getByText('attachments/Our logo.png').first().waitFor();
  expect(new URL(page.url()).searchParams.get('file')).toBe('attachments/Our logo.png');
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  expect(await violations(page)).toEqual([]);
  await page.goto(`${app.origin}${await link.getAttribute('href')}`);
  await page.locator('panel-view[data-view=code]').getByText('attachments/Our logo.png').first().waitFor();
});

test('a file that is pasted goes with a follow-up, is in its version, and the box is empty after', async () => {
  await hand('paste', [
    { name: 'words.txt', text: 'Roasted before the city wakes' },
    { name: `${'long name '.repeat(9)}.txt`, text: 'x' },
  ]);
  const text = page.getByRole('textbox', { name: 'Say what to change' });
  await text.fill('change the headline to "Roasted early"');
  await text.press('Enter');
  await ended('Roasted early').waitFor({ timeout: 60_000 });
  expect(await chips().count()).toBe(0);
  expect(await turn('Roasted early').locator('.attached-file').first().innerText()).toContain('words.txt');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.locator('conversation-view').evaluate((view) => view.scrollWidth - view.clientWidth)).toBe(0);
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(readFileSync(workspace('attachments/words.txt'), 'utf8')).toBe('Roasted before the city wakes');
  const [latest] = (await api.call('GET', `/api/projects/${project.id}/versions`)).body.versions;
  const { diff } = (await api.call('GET', `/api/projects/${project.id}/versions/${latest.hash}/diff`)).body;
  expect(diff.files.map(({ path }: { path: string }) => path)).toContain('attachments/words.txt');
});

test('over the API a model is told what was attached, finds the bytes, and is shown the picture', async () => {
  expect((await api.call('PATCH', '/api/settings', { llm: { apiKey: KEY } })).status).toBe(200);
  provider.answer(
    { kind: 'text', text: 'Let me look.', toolCalls: [{ name: 'read', args: { filePath: 'attachments/logo.png' } }] },
    { kind: 'text', text: 'I see it.' },
  );
  const attachments = [{ name: '../logo.png', content: PNG.toString('base64') }];
  const made = await api.call('POST', '/api/projects', { prompt: 'a page for a choir', model: 'test/model', attachments });
  expect(made.status).toBe(201);
  const { id } = made.body.project as { id: string };
  await expect.poll(async () => (await api.turns(id))[0].state, { timeout: 120_000 }).toBe('completed');
  expect(readFileSync(workspace('attachments/logo.png', id))).toEqual(PNG);
  const asked = provider.requests.filter(({ path }) => path === '/chat/completions').map(({ body }) => JSON.stringify(body));
  expect(asked[0]).toMatch(/a page for a choir\\n\\n<attached-files>.*- attachments\/logo\.png \(image\/png, \d+ bytes\)/);
  expect(asked[0]).not.toContain('data:image');
  expect(asked[1]).toContain(`data:image/png;base64,${PNG.toString('base64')}`);
  expect((await api.turns(id))[0].text).toBe('a page for a choir');
});

test('a browser without scripts sends files with the form', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  await context.addCookies(await page.context().cookies());
  const plain = await context.newPage();
  await plain.goto(`${app.origin}/projects/${project.slug}`);
  await plain.getByRole('textbox', { name: 'Say what to change' }).fill('make it green');
  await plain.getByLabel('Attach files').setInputFiles([{ ...picture, name: 'plain.png' }]);
  await plain.getByRole('button', { name: 'Send' }).click();
  await plain.waitForURL(/\/projects\/coffee-roastery-in-lisbon$/);
  await expect.poll(async () => (await api.turns(project.id))[0].state, { timeout: 60_000 }).toBe('completed');
  expect((await api.turns(project.id))[0].attachments).toMatchObject([{ path: 'attachments/plain.png' }]);
  expect(readFileSync(workspace('attachments/plain.png'))).toEqual(PNG);
  await context.close();
});

test('nothing went wrong in the console but the send that was cut', () => {
  expect(problems.filter((problem) => !/ERR_FAILED.*\/api\/projects\)/.test(problem))).toEqual([]);
});
