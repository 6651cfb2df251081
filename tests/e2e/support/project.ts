import { join } from 'node:path';
import { vi } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { makeApi } from './api.ts';
import type { Api } from './api.ts';
import { makeDataDir, startApp } from './app.ts';
import type { App } from './app.ts';
import { launchBrowser, openPage, signIn } from './browser.ts';

/** An app with one project, and one person who looks at it in a browser. */
export interface OpenProject {
  app: App;
  api: Api;
  browser: Browser;
  page: Page;
  /** Console errors, and requests to elsewhere. */
  problems: string[];
  project: { id: string; slug: string };
  /** A file of the project on the disk. */
  workspace(path: string): string;
  /** Says something to the offline builder, and waits for the end of its answer. */
  say(text: string): Promise<void>;
  close(): Promise<void>;
}

/** @param requests What the person asked for, the first as the prompt that made the project; each is answered by the offline builder. */
export async function openProject([prompt, ...requests]: [string, ...string[]]): Promise<OpenProject> {
  const { dataDir, remove } = makeDataDir();
  const [app, browser] = await Promise.all([startApp(dataDir), launchBrowser()]);
  const api = makeApi(app);
  await api.setup();
  const { project } = (await api.call('POST', '/api/projects', { prompt })).body as { project: OpenProject['project'] };
  const answered = async () => (await api.turns(project.id)).every(({ state }) => state === 'completed');
  const patience = { timeout: 120_000, interval: 200 };
  await vi.waitUntil(answered, patience);
  const say = async (text: string) => {
    await api.call('POST', `/api/projects/${project.id}/turns`, { text });
    await vi.waitUntil(answered, patience);
  };
  for (const request of requests) await say(request);
  const { page, problems } = await openPage(browser);
  await page.goto(`${app.origin}/projects/${project.slug}`);
  await signIn(page);
  await page.locator('[data-turn]').nth(requests.length).waitFor();
  // Scripts are run by then; before, forms are sent as without them.
  await page.waitForLoadState('domcontentloaded');
  return {
    app,
    api,
    browser,
    page,
    problems,
    project,
    workspace: (path) => join(dataDir, 'projects', project.id, 'workspace', path),
    say,
    async close() {
      await browser.close();
      await app.stop();
      remove();
    },
  };
}
