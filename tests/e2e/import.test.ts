import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { importLimits } from '#server/import/import-limits.ts';
import { unpackZip } from '#server/import/unpack-zip.ts';
import { makeZip } from '../import/zip.ts';
import { makeDataDir, processesOf, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { violations } from './support/axe.ts';
import { launchBrowser, openPage, setUpInBrowser } from './support/browser.ts';

// A site that somebody brings along: from a ZIP to its page, its history and back to a ZIP.
const STARTER = join(import.meta.dirname, '../../templates/starter');
const { dataDir, remove } = makeDataDir();
const folder = mkdtempSync(join(tmpdir(), 'doce-e2e-import-'));
let app: App;
let browser: Browser;
let page: Page;
let problems: string[];

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(dataDir), launchBrowser()]);
  ({ page, problems } = await openPage(browser));
  await setUpInBrowser(app, page);
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  expect(processesOf(dataDir)).toEqual([]);
  remove();
  rmSync(folder, { recursive: true, force: true });
});

/** The starter with a page of its own, in one folder as archives from the web have it. */
function siteFiles(): { path: string; content: Buffer }[] {
  const skipped = /(^|\/)(node_modules|\.astro|dist)(\/|$)/;
  const entries = readdirSync(STARTER, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !skipped.test(file.slice(STARTER.length)))
    .map((file) => ({ path: file.slice(STARTER.length + 1), content: readFileSync(file) }));
  const index = Buffer.from('<html lang="en"><head><title>Mine</title></head><body><h1>Baked by somebody else</h1></body></html>\n');
  return files.map((file) => (file.path === 'src/pages/index.astro' ? { ...file, content: index } : file));
}

function writeZip(name: string, entries: Parameters<typeof makeZip>[0]): string {
  const file = join(folder, name);
  writeFileSync(file, makeZip(entries));
  return file;
}

const dialog = () => page.getByRole('dialog', { name: 'Import a site' });

test('what is wrong is said in the dialog, and nothing is made of it', async () => {
  await page.goto(app.origin);
  await page.getByRole('link', { name: 'Import it' }).click();
  await dialog().getByRole('button', { name: 'Import' }).click();
  await expect.poll(() => dialog().getByRole('alert').textContent()).toContain('Choose a ZIP');
  expect(await violations(page)).toEqual([]);

  await dialog().getByLabel('Or the address of a public git repository').fill('https://127.0.0.1/a.git');
  await page.keyboard.press('Enter');
  await expect.poll(() => dialog().getByRole('alert').textContent()).toContain('private network');

  await dialog()
    .getByLabel('ZIP file')
    .setInputFiles(writeZip('evil.zip', [{ name: '../evil', content: 'x' }]));
  expect(await dialog().getByLabel('Or the address of a public git repository').inputValue()).toBe('');
  await dialog().getByRole('button', { name: 'Import' }).click();
  await expect.poll(() => dialog().getByRole('alert').textContent()).toContain('leads out of its own folder');

  await page.keyboard.press('Escape');
  expect(await dialog().count()).toBe(0);
  expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  // Refusals are answers of 422, which Chromium writes to its console.
  expect(problems.splice(0).filter((line) => !line.includes('422'))).toEqual([]);
});

test('a ZIP becomes a site with a preview and a version, and comes back out as it went in', async () => {
  const files = siteFiles();
  const entries = files.map(({ path, content }) => ({ name: `bakery-main/${path}`, content }));
  await page.goto(app.origin);
  await page.getByRole('link', { name: 'Import it' }).click();
  await dialog()
    .getByLabel('ZIP file')
    .setInputFiles(writeZip('bakery-main.zip', [...entries, { name: 'bakery-main/.env', content: 'KEY=1' }]));
  await dialog().getByRole('button', { name: 'Import' }).click();
  await page.waitForURL('**/projects/bakery-main');
  const site = page.frameLocator('#preview-page');
  await site.getByRole('heading', { name: 'Baked by somebody else' }).waitFor({ timeout: 120_000 });
  const chat = page.getByRole('region', { name: 'Messages' });
  await expect.poll(() => chat.textContent()).toMatch(/Imported from\s+bakery-main\.zip/);
  expect(await chat.textContent()).toContain('Left out: .env');
  expect(await violations(page)).toEqual([]);

  await page.goto(`${page.url()}?view=history`);
  await page.getByText('Imported from bakery-main.zip').first().waitFor();

  const { projects } = (await (await page.request.get(`${app.origin}/api/projects`)).json()) as { projects: { id: string }[] };
  const { versions } = (await (await page.request.get(`${app.origin}/api/projects/${projects[0]!.id}/versions`)).json()) as {
    versions: { kind: string; title: string }[];
  };
  expect(versions.map(({ kind, title }) => [kind, title])).toEqual([['import', 'Imported from bakery-main.zip']]);
  const exported = await page.request.get(`${app.origin}/api/projects/${projects[0]!.id}/export`);
  writeFileSync(join(folder, 'out.zip'), await exported.body());
  const out = join(folder, 'out');
  mkdirSync(out);
  await unpackZip(join(folder, 'out.zip'), out, importLimits, new AbortController().signal);
  for (const { path, content } of files) expect(readFileSync(join(out, path)).equals(content), path).toBe(true);
  expect(problems).toEqual([]);
});

test('without scripts the form posts, and comes back with what was wrong', async () => {
  const { context, page: plain } = await openPage(browser, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  await context.addCookies(await page.context().cookies());
  await plain.goto(app.origin);
  await plain.getByRole('link', { name: 'Import it' }).click();
  await plain.getByLabel('Or the address of a public git repository').fill('http://example.com/a.git');
  await plain.getByRole('button', { name: 'Import' }).click();
  await plain.getByText('That is not the https address of a repository.').waitFor();
  await plain.getByLabel('ZIP file').setInputFiles(writeZip('plain.zip', [{ name: 'index.html', content: '<h1>Plain</h1>' }]));
  await plain.getByRole('button', { name: 'Import' }).click();
  await plain.getByText('These are plain HTML files').waitFor();
  const site = siteFiles().map(({ path, content }) => ({ name: path, content }));
  await plain.getByLabel('ZIP file').setInputFiles(writeZip('second.zip', site));
  await plain.getByRole('button', { name: 'Import' }).click();
  await plain.waitForURL('**/projects/second');
  await context.close();
});
