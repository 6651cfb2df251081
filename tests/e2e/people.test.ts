import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { admin, makeDataDir, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { makeApi } from './support/api.ts';
import { launchBrowser, openPage, setUpInBrowser, signIn } from './support/browser.ts';

const { dataDir, remove } = makeDataDir();
let app: App;
let browser: Browser;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(dataDir), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  expect(await app.stop()).toBe(0);
  remove();
});

test('the setup link makes the admin; afterwards there is no setup', async () => {
  expect(app.output()).toContain(`${app.origin}/setup?token=`);
  const { page, context, problems } = await openPage(browser);
  await page.goto(app.origin);
  expect(new URL(page.url()).pathname).toBe('/setup');
  await setUpInBrowser(app, page);
  await expect.poll(() => page.getByRole('textbox').first().isVisible()).toBe(true);
  expect((await page.goto(`${app.origin}/setup`))?.status()).toBe(404);
  expect((await makeApi(app).setup()).status).toBe(404);
  expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
  await context.close();
});

test('a wrong password says so and keeps the username', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(app.origin);
  expect(new URL(page.url()).pathname).toBe('/login');
  await signIn(page, { ...admin, password: 'not the password at all' });
  await page.getByRole('alert').getByText('The username or password is not right').waitFor();
  expect(await page.getByLabel('Username').inputValue()).toBe(admin.username);
  await signIn(page);
  await page.waitForURL(`${app.origin}/`);
  await context.close();
});

test('a prompt typed into an expired session is still in the box after login', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(app.origin);
  await signIn(page);
  await page.waitForURL(`${app.origin}/`);
  const prompt = 'a landing page for a bicycle repair shop in Ghent';
  await page.getByRole('textbox').first().fill(prompt);
  await context.clearCookies();
  await page.getByRole('textbox').first().press('Enter');
  await page.waitForURL(/\/login/);
  await signIn(page);
  await page.waitForURL(`${app.origin}/`);
  expect(await page.getByRole('textbox').first().inputValue()).toBe(prompt);
  await context.close();
});

test('without JavaScript login works, and a prompt sent with an expired session waits behind it', async () => {
  const { page, context } = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(app.origin);
  await signIn(page);
  await page.waitForURL(`${app.origin}/`);
  await page.getByRole('textbox').first().fill('a page for a choir');
  await context.clearCookies();
  await page.locator('form button[type=submit]').first().click();
  await page.waitForURL(/\/login/);
  await signIn(page);
  await page.waitForURL(`${app.origin}/`);
  expect(await page.getByRole('textbox').first().inputValue()).toBe('a page for a choir');
  await context.close();
});
