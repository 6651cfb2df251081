import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { admin, SETUP_TOKEN } from './app.ts';
import type { App } from './app.ts';

export const browserPath = process.env.DOCE_BROWSER ?? '/usr/bin/chromium';

/** The real browser. As root Chromium needs `--no-sandbox`; its own calls to the outside are switched off. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page that fails the test on any console error or request to elsewhere. */
export async function openPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && !/^(localhost|127\.0\.0\.1|.*\.localhost)$/.test(hostname))
      problems.push(`request to ${request.url()}`);
  });
  return { context, page, problems };
}

export async function setUpInBrowser(app: App, page: Page): Promise<void> {
  await page.goto(`${app.origin}/setup?token=${SETUP_TOKEN}`);
  await page.getByLabel('Username').fill(admin.username);
  await page.getByLabel('Password', { exact: false }).first().fill(admin.password);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL(`${app.origin}/`);
}

export async function signIn(page: Page, credentials = admin): Promise<void> {
  await page.getByLabel('Username').fill(credentials.username);
  await page.getByLabel('Password').fill(credentials.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
