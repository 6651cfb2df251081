import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { violations } from './support/axe.ts';
import { openPage, signIn } from './support/browser.ts';
import { openProject } from './support/project.ts';
import type { OpenProject } from './support/project.ts';

// One person sets one project up: each test goes on where the one before it ended.
const SECRET = 'canary-e2e-0123456789';
let world: OpenProject;
let page: Page;
let slug: string;

const settings = () => `${world.app.origin}/projects/${slug}/settings`;
const section = (id: string) => page.locator(`#${id}`);

beforeAll(async () => {
  world = await openProject(['a page for a small bakery']);
  ({ page } = world);
  ({ slug } = world.project);
});
afterAll(() => world.close());

test('the page is reached from the project’s menu, and axe finds nothing in light or dark, wide or narrow', async () => {
  await page.locator('.name').click();
  await page.getByRole('link', { name: 'Project settings' }).click();
  await page.waitForURL(settings());
  for (const width of [1440, 390]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('a name that is refused is said beside its field, a good one is saved', async () => {
  await section('environment').getByLabel('Name').fill('PATH');
  await section('environment').getByLabel('Value').fill('x');
  await page.getByRole('button', { name: 'Set the variable' }).click();
  await section('environment').getByText('doce sets this one itself').waitFor();
  await section('environment').getByLabel('Name').fill('API_KEY');
  await section('environment').getByLabel('Value').fill(SECRET);
  await page.getByRole('button', { name: 'Set the variable' }).click();
  await section('environment').getByRole('listitem').filter({ hasText: 'API_KEY' }).waitFor();
  expect(await section('environment').getByLabel('Value').inputValue()).toBe('');
  await page.reload();
  expect(await page.content()).not.toContain(SECRET);
  expect(JSON.stringify((await world.api.call('GET', `/api/projects/${world.project.id}/environment`)).body)).not.toContain(SECRET);
});

test('the title of the site changes in its source', async () => {
  await section('site').getByLabel('Title').fill('Bread since 1921');
  await section('site').getByRole('button', { name: 'Save' }).click();
  await section('site').getByText('Saved').waitFor();
  expect(JSON.parse(readFileSync(world.workspace('src/content/home.json'), 'utf8'))).toMatchObject({ title: 'Bread since 1921' });
});

test('a picture that is none is refused; a real one is in public, and doce can be asked to use it', async () => {
  const upload = async (name: string, buffer: Buffer) => {
    await page.locator('#share-image').setInputFiles({ name, mimeType: 'image/png', buffer });
    await page.getByRole('button', { name: 'Upload the share image' }).click();
  };
  await upload('share.png', Buffer.from('<html>no picture</html>'));
  await section('site').getByText('Choose a PNG, JPEG or WebP').waitFor();
  expect(existsSync(world.workspace('public/share.png'))).toBe(false);
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await upload('anything.bin', Buffer.from(pixel, 'base64'));
  await page.getByText('public/share.png · 1 × 1').waitFor();
  await page.getByRole('button', { name: 'Ask doce to use it' }).waitFor();
});

test('a hostname is kept in its ASCII form, with the record that it needs', async () => {
  await section('hostnames').getByLabel('Hostname').fill('localhost');
  await page.getByRole('button', { name: 'Add the hostname' }).click();
  await section('hostnames').getByText('Type a hostname').waitFor();
  await section('hostnames').getByLabel('Hostname').fill('www.bäckerei.example');
  await page.getByRole('button', { name: 'Add the hostname' }).click();
  await section('hostnames').getByText('www.xn--bckerei-5wa.example A').waitFor();
  await section('hostnames').getByRole('button', { name: 'Make primary' }).click();
  await section('hostnames').getByText('Primary: the others lead here').waitFor();
  await section('hostnames').getByRole('button', { name: 'Remove' }).click();
  await section('hostnames').getByText('www.xn--bckerei-5wa.example A').waitFor({ state: 'detached' });
});

test('another address: this page and the workspace in another tab follow, and the address before leads there', async () => {
  const workspace = await page.context().newPage();
  await workspace.goto(`${world.app.origin}/projects/${slug}?view=history`);
  await section('address').getByLabel('Address').fill('bread');
  await page.getByRole('button', { name: 'Change the address' }).click();
  await page.waitForURL(`${world.app.origin}/projects/bread/settings`);
  await workspace.waitForURL(`${world.app.origin}/projects/bread?view=history`);
  await workspace.goto(`${settings()}?x=1`);
  expect(workspace.url()).toBe(`${world.app.origin}/projects/bread/settings?x=1`);
  await workspace.goto(`${world.app.origin}/projects/${slug}`);
  expect(workspace.url()).toBe(`${world.app.origin}/projects/bread`);
  await workspace.close();
  await section('address')
    .getByRole('button', { name: `Give up ${slug}` })
    .click();
  await section('address').getByText('Lead here as well').waitFor({ state: 'detached' });
  slug = 'bread';
});

test('without scripts the same forms work, and say what is wrong where it is', async () => {
  const { context, page: plain } = await openPage(world.browser, { javaScriptEnabled: false });
  await plain.goto(settings());
  await signIn(plain);
  await plain.locator('#slug').fill('-no-');
  await plain.getByRole('button', { name: 'Change the address' }).click();
  await plain.locator('#address .issue').getByText('no hyphen at an end').waitFor();
  await plain.locator('#variable-name').fill('SECOND_KEY');
  await plain.locator('#variable-value').fill('two\nlines');
  await plain.getByRole('button', { name: 'Set the variable' }).click();
  await plain.getByRole('listitem').filter({ hasText: 'SECOND_KEY' }).getByRole('button', { name: 'Remove' }).click();
  await plain.getByRole('listitem').filter({ hasText: 'SECOND_KEY' }).waitFor({ state: 'detached' });
  await plain.locator('#slug').fill('rolls');
  await plain.getByRole('button', { name: 'Change the address' }).click();
  await plain.waitForURL(`${world.app.origin}/projects/rolls/settings`);
  await context.close();
  slug = 'rolls';
});

test('nothing of the value is in the log, and the page met no trouble', async () => {
  expect(world.app.output()).not.toContain(SECRET);
  expect(world.problems.filter((problem) => !/ 4(09|22) /.test(problem) && !problem.includes('status of 4'))).toEqual([]);
});
