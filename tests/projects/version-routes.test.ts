import type { APIContext } from 'astro';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { setupProjects } from '../support/projects.ts';
import { GET as exportZip } from '../../src/pages/api/projects/[id]/export.ts';
import * as filesRoute from '../../src/pages/api/projects/[id]/files/[...path].ts';
import { GET as getDiff } from '../../src/pages/api/projects/[id]/versions/[hash]/diff.ts';
import { GET as getVersionFiles } from '../../src/pages/api/projects/[id]/versions/[hash]/files/[...path].ts';
import * as versionRoute from '../../src/pages/api/projects/[id]/versions/[hash]/index.ts';
import { POST as postRestore } from '../../src/pages/api/projects/[id]/versions/[hash]/restore.ts';
import { GET as getVersions } from '../../src/pages/api/projects/[id]/versions/index.ts';

// Real git, a dozen short processes a test: on a busy machine they take their time.
vi.setConfig({ testTimeout: 60_000 });
const patient = { timeout: 20_000 };

interface Asked {
  path?: string;
  hash?: string;
  query?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
}
type Route = (context: APIContext) => Response | Promise<Response>;

/** The routes on a real project with two versions: the template, and what one turn made of it. */
async function setup(signedIn = true) {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-version-routes-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const world = setupProjects({ dataDir, spareIsWanted: false });
  const { projects, queue, context } = world.boot();
  const { id } = projects.create(world.ownerId, { prompt: 'a bakery', template: 'starter' });
  const at = (path: string) => join(dataDir, 'projects', id, 'workspace', path);
  mkdirSync(at('src'), { recursive: true });
  writeFileSync(at('src/page.txt'), 'template\n');
  queue.start();
  const turn = await world.fakeAgent.nextTurn();
  writeFileSync(at('src/page.txt'), 'bakery\n');
  turn.end({ state: 'completed' });
  await expect.poll(() => context.liveTurns.size, patient).toBe(0);
  await queue.whenIdle();

  const auth = { findSession: () => (signedIn ? { user: { id: world.ownerId }, session: { id: 's1' } } : null) };
  const services = { projects, auth, log: { error: () => {} } };
  async function call(route: unknown, { path, hash, query, body, headers = {} }: Asked = {}) {
    const url = new URL(`http://localhost:4321/api/projects/${id}/x?${new URLSearchParams(query)}`);
    const typed = { ...headers, 'content-type': 'application/json' };
    const init = body === undefined ? { headers } : { method: 'PUT', body: JSON.stringify(body), headers: typed };
    const params = { id, ...(path === undefined ? {} : { path }), ...(hash === undefined ? {} : { hash }) };
    const asked = { request: new Request(url, init), url, params, locals: { services, edge: { requestId: 'r1' } } };
    const response = await (route as Route)(asked as unknown as APIContext);
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, headers: response.headers, bytes, json: isJson ? JSON.parse(bytes.toString()) : undefined };
  }
  const versions = async () => (await call(getVersions)).json.versions as { hash: string; title: string }[];
  return { ...world, projects, queue, at, call, versions };
}

test('versions are listed, named, compared, read and restored', async () => {
  const { call, versions, queue, at } = await setup();
  const [made, template] = await versions();
  expect(made).toMatchObject({ title: 'a bakery', kind: 'turn', isCurrent: true, files: 1, restore: null });
  const { hash } = template!;
  expect((await call(versionRoute.PATCH, { hash, body: { name: 'Start', bookmarked: true } })).json.version).toMatchObject({
    name: 'Start',
    bookmarked: true,
  });
  expect((await call(versionRoute.GET, { hash })).json.version).toMatchObject({ hash, name: 'Start' });
  expect((await call(getVersions, { query: { bookmarked: 'true' } })).json.versions).toHaveLength(1);
  const diff = await call(getDiff, { hash, query: { against: 'now' } });
  expect(diff.json.diff).toMatchObject({
    from: hash,
    files: [{ path: 'src/page.txt', patch: expect.stringContaining('-template\n+bakery') as string }],
  });
  expect((await call(getVersionFiles, { hash })).json.files).toEqual([{ path: 'src/page.txt', mode: '100644' }]);
  const file = await call(getVersionFiles, { hash, path: 'src/page.txt' });
  expect(file.bytes.toString()).toBe('template\n');
  expect(file.headers.get('content-disposition')).toContain('attachment');

  const restore = await call(postRestore, { hash, body: {} });
  expect(restore).toMatchObject({ status: 202, json: { jobId: expect.any(String) as string } });
  await expect.poll(() => queue.find(restore.json.jobId)?.state, patient).toBe('succeeded');
  expect(readFileSync(at('src/page.txt'), 'utf8')).toBe('template\n');
  expect((await versions())[0]).toMatchObject({ title: 'Restored “Start”', restore: { restoredFrom: hash, before: made!.hash } });
});

test('a version that is not there is 404, a hash that is none 422', async () => {
  const { call } = await setup();
  for (const route of [versionRoute.GET, getDiff, postRestore, getVersionFiles]) {
    expect(await call(route, { hash: '0'.repeat(40) })).toMatchObject({ status: 404, json: { error: { code: 'version_not_found' } } });
    expect((await call(route, { hash: '--upload-pack=x' })).status).toBe(422);
  }
});

test('files are listed, read, written, moved, searched and deleted', async () => {
  const { call, at, versions } = await setup();
  const { GET, PUT, PATCH, DELETE } = filesRoute;
  expect((await call(GET)).json).toMatchObject({
    files: [
      { path: 'src', kind: 'folder' },
      { path: 'src/page.txt', kind: 'file' },
    ],
    isCut: false,
  });
  const read = await call(GET, { path: 'src/page.txt' });
  expect(read.json.file).toMatchObject({ path: 'src/page.txt', content: 'bakery\n', isBinary: false, sizeBytes: 7 });
  expect(read.headers.get('etag')).toBe(`"${read.json.file.hash}"`);

  const written = await call(PUT, { path: 'src/page.txt', body: { content: 'mine\n', baseHash: read.json.file.hash } });
  expect(written.status).toBe(200);
  expect(await call(PUT, { path: 'src/page.txt', body: { content: 'late', baseHash: read.json.file.hash } })).toMatchObject({
    status: 409,
    json: { error: { code: 'file_changed' }, file: { content: 'mine\n', hash: written.json.file.hash } },
  });
  expect(
    (await call(PUT, { path: 'src/page.txt', body: { content: 'late' }, headers: { 'if-match': read.headers.get('etag')! } })).status,
  ).toBe(409);
  expect((await call(PUT, { path: 'src/page.txt', body: { content: 'new' }, headers: { 'if-none-match': '*' } })).status).toBe(409);
  expect((await call(PUT, { path: 'src/new.bin', body: { content: 'AAE=', encoding: 'base64', baseHash: null } })).status).toBe(200);
  expect((await call(GET, { path: 'src/new.bin' })).json.file).toMatchObject({ isBinary: true, content: null });
  expect([...(await call(GET, { path: 'src/new.bin', query: { download: 'true' } })).bytes]).toEqual([0, 1]);
  expect((await call(PUT, { path: 'empty', body: { kind: 'folder' } })).status).toBe(200);
  expect((await call(PUT, { path: 'nothing', body: {} })).status).toBe(422);

  expect((await call(PATCH, { path: 'src/page.txt', body: { path: 'src/other.txt' } })).json).toEqual({ file: { path: 'src/other.txt' } });
  expect((await call(PATCH, { path: 'src/other.txt', body: { path: 'src/new.bin' } })).json.error.code).toBe('file_exists');
  expect((await call(GET, { query: { q: 'MINE' } })).json.matches).toMatchObject([{ path: 'src/other.txt', line: 1 }]);
  expect((await call(DELETE, { path: 'src/other.txt' })).status).toBe(204);
  expect(existsSync(at('src/other.txt'))).toBe(false);
  // What was deleted is in the version that the deletion made.
  const [latest] = await versions();
  expect((await call(getVersionFiles, { hash: latest!.hash, path: 'src/other.txt' })).bytes.toString()).toBe('mine\n');
});

test('paths that lead elsewhere are refused with a word about it', async () => {
  const { call, at } = await setup();
  writeFileSync(at('.env'), 'SECRET=canary');
  spawnSync('ln', ['-s', '../../../../etc', at('out')]);
  expect(await call(filesRoute.GET, { path: '../install.json' })).toMatchObject({
    status: 422,
    json: { error: { code: 'file_path_invalid' } },
  });
  expect(await call(filesRoute.GET, { path: '.env' })).toMatchObject({ status: 403, json: { error: { code: 'file_private' } } });
  expect(await call(filesRoute.GET, { path: 'out/passwd' })).toMatchObject({ status: 404, json: { error: { code: 'file_not_found' } } });
  expect(await call(filesRoute.PUT, { path: 'out/x', body: { content: 'x' } })).toMatchObject({
    status: 409,
    json: { error: { code: 'file_in_the_way' } },
  });
  expect((await call(filesRoute.GET, { query: { q: 'canary' } })).json.matches).toEqual([]);
});

test('the export is a ZIP of the sources without secrets, and its history can be cloned', async () => {
  const { call, at, versions } = await setup();
  writeFileSync(at('.env'), 'SECRET=canary');
  writeFileSync(at('by-hand.txt'), 'x');
  mkdirSync(at('node_modules/a'), { recursive: true });
  writeFileSync(at('node_modules/a/index.js'), 'x');
  const folder = mkdtempSync(join(tmpdir(), 'doce-export-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const zip = await call(exportZip, { query: { history: 'true' } });
  expect(zip.headers.get('content-type')).toBe('application/zip');
  expect(zip.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w-]+\.zip"/);
  writeFileSync(join(folder, 'site.zip'), zip.bytes);
  const listed = spawnSync(
    'python3',
    [
      '-c',
      'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print("\\n".join(sorted(z.namelist()))); z.extractall(sys.argv[2])',
      join(folder, 'site.zip'),
      join(folder, 'out'),
    ],
    { encoding: 'utf8' },
  );
  expect(
    listed.stdout
      .trim()
      .split('\n')
      .filter((name) => !name.endsWith('/')),
  ).toEqual(['by-hand.txt', 'history.bundle', 'src/page.txt']);
  const clone = spawnSync('git', ['clone', '-q', join(folder, 'out/history.bundle'), join(folder, 'clone'), '-b', 'main'], {
    encoding: 'utf8',
  });
  expect(clone.stderr).toBe('');
  expect(readFileSync(join(folder, 'clone/src/page.txt'), 'utf8')).toBe('bakery\n');
  expect(spawnSync('git', ['-C', join(folder, 'clone'), 'rev-list', '--count', 'HEAD'], { encoding: 'utf8' }).stdout.trim()).toBe(
    String((await versions()).length),
  );
});

test('nobody without a session gets anything', async () => {
  const { call } = await setup(false);
  for (const route of [
    getVersions,
    versionRoute.GET,
    versionRoute.PATCH,
    getDiff,
    postRestore,
    getVersionFiles,
    exportZip,
    ...Object.values(filesRoute),
  ]) {
    expect((await call(route, { hash: '0'.repeat(40), path: 'a.txt', body: {} })).status).toBe(401);
  }
});
