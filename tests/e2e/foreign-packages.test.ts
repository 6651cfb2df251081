import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchPreview, makeApi } from './support/api.ts';
import type { Api } from './support/api.ts';
import { makeDataDir, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { importZip } from './support/program.ts';
import type { SiteFiles } from './support/program.ts';

// Needs the registry: packages of a site of another major of Astro, and one that is added to it.
const site = join(import.meta.dirname, '../fixtures/sites/portfolio');
const folder = makeDataDir();
let app: App;
let api: Api;

beforeAll(async () => {
  app = await startApp(folder.dataDir);
  api = makeApi(app);
  await api.setup();
});
afterAll(async () => {
  await app?.stop();
  folder.remove();
});

test('a ZIP becomes a preview and a published site; a package that is added arrives, one that does not exist is said', async () => {
  const { id } = await importZip(app, api, 'Portfolio', siteFiles());
  const project = await until(id, ({ status }) => status === 'running' || status === 'error');
  expect(project.error).toBeNull();
  expect(project.packages).toEqual({ state: 'current', error: null });
  expect((await fetchPreview(app, project, '/work/')).text).toContain('A footbridge of willow');

  await save(id, 'src/pages/index.astro', `---\nimport leftPad from 'left-pad';\n---\n<h1>{leftPad('willow', 8, '·')}</h1>\n`);
  await saveManifest(id, { 'left-pad': '99.0.0' });
  const refused = await until(id, ({ packages }) => packages.state === 'failed');
  expect(refused).toMatchObject({ status: 'running', packages: { error: { code: 'package_unknown' } } });
  expect(refused.packages.error.detail).toContain('left-pad@99.0.0');
  expect((await fetchPreview(app, project, '/work/')).text).toContain('A footbridge of willow');

  await saveManifest(id, { 'left-pad': '1.3.0' });
  await expect.poll(async () => (await fetchPreview(app, project)).text, { timeout: 90_000, interval: 500 }).toContain('··willow');
  expect((await api.project(id)).packages).toEqual({ state: 'current', error: null });

  expect((await api.call('POST', `/api/projects/${id}/deployments`, {})).status).toBeLessThan(300);
  const live = await until(id, ({ productionStatus, productionUrl }) => productionStatus === 'running' && productionUrl);
  expect((await fetchPreview(app, { previewUrl: live.productionUrl })).text).toContain('··willow');
  expect((await fetchPreview(app, { previewUrl: live.productionUrl }, '/work/bridge/')).text).toContain('Structure, Wood');
});

function siteFiles(): SiteFiles {
  const paths = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(site, path)).isFile());
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(site, path))]));
}

async function save(id: string, path: string, content: string): Promise<void> {
  const { status, body } = await api.call('PUT', `/api/projects/${id}/files/${path}`, { content });
  expect(status, JSON.stringify(body)).toBeLessThan(300);
}

async function saveManifest(id: string, more: Record<string, string>): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(site, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  await save(id, 'package.json', JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, ...more } }, null, 2));
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function until(id: string, isSo: (project: any) => unknown): Promise<any> {
  await expect.poll(async () => Boolean(isSo(await api.project(id))), { timeout: 120_000, interval: 300 }).toBe(true);
  return api.project(id);
}
