import { makeApi } from '../../tests/e2e/support/api.ts';
import { makeDataDir, SETUP_TOKEN, startApp } from '../../tests/e2e/support/app.ts';
import type { App } from '../../tests/e2e/support/app.ts';
import { weighPage } from './page-weight.ts';
import type { PageWeight } from './page-weight.ts';
import { formatNumber, printTable } from './report.ts';
import type { Verdict } from './report.ts';
import { expectStatus } from './scene.ts';

const TARGET_KB = 30;

/** What a browser loads for each page: JavaScript with everything it imports, style sheets, fonts. */
export async function benchClient(): Promise<Verdict[]> {
  const { dataDir, remove } = makeDataDir();
  const app = await startApp(dataDir);
  try {
    const pages = await weighPages(app);
    printTable(
      ['KB gzipped', 'JS', 'JS on demand', 'CSS', 'fonts', 'JS raw', 'JS files'],
      pages.map(({ path, js, lazyJs, css, fonts, rawJs, jsFiles }) => [
        path,
        ...[js, lazyJs, css, fonts, rawJs].map((bytes) => formatNumber(bytes / 1024)),
        String(jsFiles),
      ]),
    );
    return pages.map(({ path, js }) => ({ what: `JavaScript of ${path}`, value: js / 1024, target: TARGET_KB, unit: 'KB' }));
  } finally {
    await app.stop();
    remove();
  }
}

async function weighPages(app: App): Promise<PageWeight[]> {
  const api = makeApi(app);
  const pages = [await weighPage(app.origin, '/setup', { search: `?token=${SETUP_TOKEN}` })];
  await expectStatus(api.setup(), 201);
  pages.push(await weighPage(app.origin, '/login'));
  if (api.cookie() === '') await expectStatus(api.login(), 201);
  const { body } = await expectStatus(api.call('POST', '/api/projects', { prompt: 'a page for a choir' }), 201);
  const cookie = api.cookie();
  for (const path of ['/', '/queue', '/settings', `/projects/${body.project.slug}`])
    pages.push(await weighPage(app.origin, path, { cookie }));
  pages.push(await weighPage(app.origin, '/no-such-page', { cookie, status: 404 }));
  return pages;
}
