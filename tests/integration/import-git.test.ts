import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createImporter } from '#server/import/importer.ts';
import { createLog } from '#server/log.ts';
import { createRuntime } from '#server/runtime/runtime.ts';
import { startGitServer } from '../import/git-server.ts';

const site = [
  { path: 'package.json', content: '{"dependencies":{"astro":"7"}}' },
  { path: 'src/pages/index.astro', content: '<h1>Hello</h1>\n' },
];

function setup(server: { caFile: string }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-import-git-'));
  const runtime = createRuntime({ dataDir, templatesDir: join(dataDir, 'none'), log: createLog('silent'), sandbox: 'auto' });
  onTestFinished(async () => {
    await runtime.stopAll();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const importer = createImporter({
    spawnChild: runtime.spawnChild,
    caFile: server.caFile,
    lookup: async () => ['127.0.0.1'],
    isAllowed: (address) => address === '127.0.0.1',
  });
  const projectDir = join(dataDir, 'projects', 'p1');
  mkdirSync(projectDir, { recursive: true });
  const fill = (url: string, signal = new AbortController().signal) =>
    importer.fill({ projectId: 'p1', projectDir, from: { git: url }, signal });
  return { fill, projectDir, dataDir, runtime };
}

test('a repository is fetched by git as it is confined here, and leaves its files and nothing else', async () => {
  const server = await startGitServer([...site, { path: 'link', link: '/etc/passwd' }]);
  const { fill, projectDir, dataDir } = setup(server);
  expect(await fill(server.url)).toEqual({ kind: 'astro', leftOut: ['link'] });
  expect(readdirSync(projectDir).sort()).toEqual(['import.json', 'workspace']);
  expect(readdirSync(join(projectDir, 'workspace')).sort()).toEqual(['package.json', 'src']);
  expect(readdirSync(join(dataDir, 'run'))).toEqual([]);
  // A second time there is nothing left to do, not even to ask.
  const askedBefore = server.asked.length;
  expect(await fill(server.url)).toEqual({ kind: 'astro', leftOut: ['link'] });
  expect(server.asked.length).toBe(askedBefore);
});

test('stopped in the middle it leaves no process and no draft', async () => {
  const posted = Promise.withResolvers<void>();
  const server = await startGitServer(site, (req) => {
    if (req.method === 'POST') posted.resolve();
    return req.method === 'POST';
  });
  const { fill, projectDir, dataDir } = setup(server);
  const stop = new AbortController();
  const filling = fill(server.url, stop.signal);
  await posted.promise;
  stop.abort(new Error('stopped'));
  await expect(filling).rejects.toThrow('stopped');
  expect(readdirSync(projectDir)).toEqual([]);
  await expect.poll(() => readdirSync(join(dataDir, 'run'))).toEqual([]);
});
