import { eq } from 'drizzle-orm';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { projectImports } from '#server/db/import-tables.ts';
import { projects, queueJobs } from '#server/db/schema.ts';
import { GIT_HOST, startGitServer } from '../import/git-server.ts';
import { makeZip, packageJson } from '../import/zip.ts';
import type { ZipEntry } from '../import/zip.ts';
import { setupProjects } from '../support/projects.ts';

const slow = { timeout: 60_000 };
const page = { name: 'src/pages/index.astro', content: '<h1>Hello</h1>\n' };
const site = [packageJson(), page, { name: '.env', content: 'KEY=1' }];

function setup(importer: Parameters<typeof setupProjects>[0] = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-import-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const world = setupProjects({ dataDir, ...importer });
  const host = world.boot();
  const upload = async (entries: readonly ZipEntry[] = site, filename = 'My bakery.zip') => {
    const file = join(await host.projects.imports.prepareUploads(), `${Math.random()}.part`);
    writeFileSync(file, makeZip(entries));
    return host.projects.imports.fromUpload(world.ownerId, file, { filename });
  };
  const view = (id: string) => host.projects.view(world.ownerId, id);
  const uploads = () => readdirSync(join(dataDir, 'uploads'));
  const workspace = (id: string) => join(dataDir, 'projects', id, 'workspace');
  return { ...world, ...host, dataDir, upload, view, uploads, workspace };
}

test('an uploaded site becomes a project with a preview and one version, and nobody is asked anything', slow, async () => {
  const { queue, upload, view, uploads, workspace, projects: domain, ownerId, fakeAgent } = setup();
  const id = await upload();
  expect(view(id)).toMatchObject({ name: 'My bakery', slug: 'my-bakery', status: 'created', import: { source: 'zip', kind: null } });
  expect(uploads()).toEqual([`${id}.zip`]);
  queue.start();
  await queue.whenIdle();
  expect(view(id)).toMatchObject({
    status: 'running',
    turns: [],
    import: { source: 'zip', origin: 'My bakery.zip', kind: 'astro', leftOut: ['.env'] },
  });
  expect(view(id).steps.map(({ key, state }) => [key, state])).toEqual([
    ['files', 'done'],
    ['preview', 'done'],
  ]);
  expect(readFileSync(join(workspace(id), page.name), 'utf8')).toBe(page.content);
  const { versions } = domain.versions.list(ownerId, id, { limit: 10 });
  expect(versions).toMatchObject([{ kind: 'import', title: 'Imported from My bakery.zip', files: 2 }]);
  expect(uploads()).toEqual([]);
  expect(fakeAgent.prompts).toEqual([]);
});

test('a repository becomes a project, named after it', slow, async () => {
  const server = await startGitServer([
    { path: 'package.json', content: '{"scripts":{"dev":"vite"}}' },
    { path: 'index.html', content: '<h1>Vite</h1>' },
  ]);
  const {
    queue,
    projects: domain,
    ownerId,
    view,
    workspace,
  } = setup({
    importer: { caFile: server.caFile, lookup: async () => ['127.0.0.1'], isAllowed: () => true },
  });
  const id = await domain.imports.fromGit(ownerId, { gitUrl: server.url });
  queue.start();
  await queue.whenIdle();
  expect(view(id)).toMatchObject({ name: 'site', status: 'running', import: { source: 'git', origin: server.url, kind: 'package' } });
  expect(readdirSync(workspace(id)).sort()).toEqual(['index.html', 'package.json']);
  expect(domain.versions.list(ownerId, id, { limit: 10 }).versions).toMatchObject([
    { kind: 'import', title: `Imported from ${server.url}` },
  ]);
});

test('an address that leads inside, or nowhere, leaves no project', slow, async () => {
  const inside = setup({ importer: { lookup: async () => ['169.254.169.254'] } });
  const { imports } = inside.projects;
  await expect(imports.fromGit(inside.ownerId, { gitUrl: `https://${GIT_HOST}/a.git` })).rejects.toMatchObject({
    code: 'import_git_private',
  });
  await expect(imports.fromGit(inside.ownerId, { gitUrl: 'https://127.0.0.1:1/a.git' })).rejects.toMatchObject({
    code: 'import_git_private',
  });
  await expect(imports.fromGit(inside.ownerId, { gitUrl: 'http://a.test/a.git' })).rejects.toMatchObject({ code: 'import_git_address' });
  expect(inside.projects.count(inside.ownerId)).toBe(0);
  expect(inside.db.select().from(queueJobs).all()).toEqual([]);
});

test.each<[string, ZipEntry[], string]>([
  ['climbs', [packageJson(), { name: '../evil', content: 'x' }], 'import_bad_path'],
  ['has no package.json', [page], 'import_no_package'],
])('a ZIP that %s leaves no project and no file', async (_what, entries, code) => {
  const { upload, uploads, projects: domain, ownerId } = setup();
  await expect(upload(entries)).rejects.toMatchObject({ code });
  expect(domain.count(ownerId)).toBe(0);
  expect(uploads()).toEqual([]);
});

test('what only unpacking shows fails the project, says so once, and leaves nothing behind', slow, async () => {
  const { queue, upload, view, db, dataDir, workspace, projects: domain, ownerId, uploads } = setup();
  const id = await upload([packageJson(), { ...page, checksum: 1 }]);
  queue.start();
  await queue.whenIdle();
  const { status, statusWords, error } = view(id);
  expect([status, statusWords]).toEqual(['error', 'The import failed']);
  expect(error).toMatchObject({ code: 'import_zip_damaged', message: expect.stringContaining('damaged') });
  expect(error!.detail).toContain('index.astro');
  expect(db.select({ state: queueJobs.state }).from(queueJobs).all()).toEqual([{ state: 'failed' }]);
  expect(existsSync(workspace(id))).toBe(false);
  expect(readdirSync(join(dataDir, 'projects', id))).toEqual([]);
  // Trying again comes to the same end; deleting takes the upload along.
  domain.setRuntime(ownerId, id, 'running');
  await queue.whenIdle();
  expect(view(id).error?.code).toBe('import_zip_damaged');
  domain.delete(ownerId, id);
  await queue.whenIdle();
  expect(db.select().from(projects).all()).toEqual([]);
  expect(db.select().from(projectImports).all()).toEqual([]);
  expect(uploads()).toEqual([]);
});

test.each(['before anything', 'half unpacked', 'the workspace stands', 'the version is recorded', 'all but the upload is done'])(
  'a host that died when %s is finished by the next one',
  slow,
  async (moment) => {
    const { upload, view, boot, dataDir, workspace, context, projects: domain, ownerId, db, uploads } = setup();
    const id = await upload();
    const projectDir = join(dataDir, 'projects', id);
    const half = join(projectDir, '.import-dead', 'files');
    if (moment !== 'before anything') {
      mkdirSync(half, { recursive: true });
      writeFileSync(join(half, 'package.json'), '{');
    }
    const zip = join(dataDir, 'uploads', `${id}.zip`);
    const stands = ['the workspace stands', 'the version is recorded', 'all but the upload is done'].includes(moment);
    const fill = () => context.importer.fill({ projectId: id, projectDir, from: { zip }, signal: new AbortController().signal });
    if (stands) await fill();
    if (moment === 'the version is recorded' || moment.startsWith('all but'))
      await context.versions.recordVersion(projectDir, { title: 'Imported from My bakery.zip', kind: 'import' });
    if (moment.startsWith('all but')) {
      const done = { importedAtMs: 1, kind: 'astro', leftOutJson: '[".env"]' } as const;
      db.update(projectImports).set(done).where(eq(projectImports.projectId, id)).run();
    }

    const next = boot();
    await next.projects.imports.removeOrphans();
    next.queue.recover();
    next.projects.recover();
    next.queue.start();
    await next.queue.whenIdle();
    expect(view(id)).toMatchObject({ status: 'running', import: { kind: 'astro', leftOut: ['.env'] } });
    expect(readdirSync(workspace(id)).sort()).toEqual(['package.json', 'src']);
    await next.projects.versions.recover();
    expect(domain.versions.list(ownerId, id, { limit: 10 }).versions.map(({ kind }) => kind)).toEqual(['import']);
    expect(uploads()).toEqual([]);
    expect(readdirSync(projectDir).some((name) => name.startsWith('.import-'))).toBe(false);
  },
);

test('at boot uploads go that nobody waits for, and no others', async () => {
  const { upload, uploads, dataDir, projects: domain } = setup();
  const id = await upload();
  writeFileSync(join(dataDir, 'uploads', 'half.part'), 'x');
  writeFileSync(join(dataDir, 'uploads', 'unknown.zip'), 'x');
  expect(await domain.imports.removeOrphans()).toBe(2);
  expect(uploads()).toEqual([`${id}.zip`]);
});

test('an upload that was lost is said to be lost', slow, async () => {
  const { upload, queue, view, dataDir } = setup();
  const id = await upload();
  rmSync(join(dataDir, 'uploads', `${id}.zip`));
  queue.start();
  await queue.whenIdle();
  expect(view(id).error?.code).toBe('import_upload_lost');
});

test('names from outside are one plain line', slow, async () => {
  const { upload, view } = setup();
  expect(view(await upload(site, 'a\u202Eb\n  c.zip')).name).toBe('a b c');
  expect(view(await upload(site, `${'x'.repeat(100)}.zip`)).name).toBe('x'.repeat(60));
  expect(view(await upload(site, '')).name).toBe('a ZIP');
});
