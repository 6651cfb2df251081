import { eq } from 'drizzle-orm';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { splitAttachmentNote } from '#server/attachment-note.ts';
import { turns } from '#server/db/conversation-tables.ts';
import { events } from '#server/db/instance-tables.ts';
import { queueJobs } from '#server/db/schema.ts';
import { attachmentLimits, readAttachments, safeName } from '#server/projects/attachments.ts';
import { setupProjects } from '../support/projects.ts';

const MARKER = 'bytes-that-no-row-holds';
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const logo = { name: 'logo.png', content: base64(MARKER) };

function setup() {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-attachments-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const world = setupProjects({ dataDir });
  const host = world.boot();
  const projectDir = (id: string) => join(dataDir, 'projects', id);
  const create = async (attachments: unknown[] = [logo], makeWorkspace = true) => {
    const { id } = await host.projects.attachments.staged(attachments as never, (staged) =>
      host.projects.create(world.ownerId, { prompt: 'a bakery', template: 'starter' }, staged),
    );
    if (makeWorkspace) mkdirSync(join(projectDir(id), 'workspace'), { recursive: true });
    return id;
  };
  const follow = (id: string, text: string, attachments: unknown[]) =>
    host.projects.attachments.staged(attachments as never, (staged) => host.projects.requestTurn(world.ownerId, id, { text }, staged));
  const turnOf = (id: string) => world.db.select().from(turns).where(eq(turns.projectId, id)).all();
  const inWorkspace = (id: string, path: string) => readFileSync(join(projectDir(id), 'workspace', path), 'utf8');
  return { ...world, ...host, dataDir, projectDir, create, follow, turnOf, inWorkspace };
}

test.each([
  ['photo.png', 'photo.png'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\ada\\My file.pdf', 'My file.pdf'],
  ['.env', 'env'],
  ['...hidden', 'hidden'],
  ['node_modules', 'file-node_modules'],
  ['NODE_MODULES', 'file-NODE_MODULES'],
  ['a\u0000b\u202Egnp.exe\n', 'abgnp.exe'],
  ['<b>"q"|?*`.txt', '-b--q-----.txt'],
  ['  spaced   out .txt ', 'spaced out.txt'],
  ['Fotografía.jpg', 'Fotografía.jpg'],
  ['🥐.png', '🥐.png'],
])('the name %j becomes %j', (given, name) => {
  expect(safeName(given)).toBe(name);
});

test.each(['', '   ', '..', '/', 'folder/', '\u202E', '. .'])('the name %j is refused', async (name) => {
  await expect(readAttachments([{ name, content: '' }])).rejects.toMatchObject({ code: 'attachment_name_invalid' });
});

test('a long name keeps its extension and fits a file system', () => {
  const name = safeName(`${'é'.repeat(300)}.jpeg`);
  expect(name).toMatch(/^é+\.jpeg$/);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
  expect(Buffer.byteLength(safeName('x'.repeat(400)))).toBe(120);
});

test('names are made different from each other, capital letters aside', async () => {
  const files = await readAttachments(['a.txt', 'b/A.TXT', 'a-2.txt', 'a.txt'].map((name) => ({ name, content: '' })));
  expect(files.map(({ name }) => name)).toEqual(['a.txt', 'A-2.TXT', 'a-2-2.txt', 'a-3.txt']);
});

test('ten files go, eleven do not; seven MiB go, a byte more does not', async () => {
  const many = (count: number) => Array.from({ length: count }, () => ({ name: 'a.txt', content: '' }));
  expect(await readAttachments(many(attachmentLimits.files))).toHaveLength(10);
  await expect(readAttachments(many(11))).rejects.toMatchObject({ code: 'too_many_attachments' });
  const sized = (bytes: number) => ({ name: 'a.bin', content: base64(Buffer.alloc(bytes)) });
  const half = attachmentLimits.bytes / 2;
  expect(await readAttachments([sized(half), sized(half)])).toHaveLength(2);
  await expect(readAttachments([sized(half), sized(half + 1)])).rejects.toMatchObject({ code: 'attachments_too_large' });
  await expect(readAttachments(new File([Buffer.alloc(2 * half + 1)], 'a'))).rejects.toMatchObject({ code: 'attachments_too_large' });
});

test.each(['not base64!', 'abc', 'a=bc', 'data:image/png;base64,AAAA'])('content %j is refused', async (content) => {
  await expect(readAttachments([{ name: 'a.png', content }])).rejects.toMatchObject({ code: 'attachment_unreadable' });
});

test('what comes with the first prompt lies on the disk before anything runs, for the owner only', async () => {
  const { create, turnOf, projectDir, projects, ownerId, dataDir } = setup();
  const id = await create([logo, { name: '../notes.txt', content: base64('hello') }]);
  const [turn] = turnOf(id);
  const folder = join(projectDir(id), 'attachments', turn!.id);
  expect(readFileSync(join(folder, 'logo.png'), 'utf8')).toBe(MARKER);
  expect([folder, join(folder, 'logo.png')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
  expect(projects.view(ownerId, id).turns[0]?.attachments).toEqual([
    { name: 'logo.png', sizeBytes: MARKER.length, mediaType: 'image/png', path: null },
    { name: 'notes.txt', sizeBytes: 5, mediaType: 'text/plain', path: null },
  ]);
  expect(existsSync(join(projectDir(id), 'spare'))).toBe(false);
  expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
});

test('no job, event or row of a turn holds the bytes', async () => {
  const { create, db, queue, fakeAgent, sqlite } = setup();
  await create();
  queue.start();
  await fakeAgent.nextTurn();
  await queue.whenIdle();
  const rows = [db.select().from(queueJobs).all(), db.select().from(events).all(), db.select().from(turns).all()];
  expect(rows.every((table) => table.length > 0)).toBe(true);
  const database = sqlite.serialize();
  for (const bytes of [MARKER, logo.content]) expect(database.includes(bytes)).toBe(false);
});

test('a prompt without files has no note, folder or column', async () => {
  const { create, turnOf, projectDir, queue, fakeAgent, dataDir } = setup();
  const id = await create([]);
  queue.start();
  expect((await fakeAgent.nextTurn()).text).toBe('a bakery');
  expect(turnOf(id)[0]?.attachmentsJson).toBeNull();
  expect(existsSync(join(projectDir(id), 'attachments'))).toBe(false);
  expect(existsSync(join(dataDir, 'uploads'))).toBe(false);
});

test('the agent finds the files in the workspace and is told so; the words stay as typed', async () => {
  const { create, queue, fakeAgent, inWorkspace, projects, ownerId } = setup();
  const id = await create();
  queue.start();
  const sent = await fakeAgent.nextTurn();
  expect(inWorkspace(id, 'attachments/logo.png')).toBe(MARKER);
  expect(splitAttachmentNote(sent.text)).toEqual({ text: 'a bakery', paths: ['attachments/logo.png'] });
  expect(sent.text).toMatch(/read tool[^]*public\/ or src\/assets\//);
  const [turn] = projects.view(ownerId, id).turns;
  expect(turn).toMatchObject({ text: 'a bakery', attachments: [{ path: 'attachments/logo.png' }] });
});

test('the files are part of the version of their own turn', async () => {
  const { create, follow, queue, fakeAgent, projects, ownerId, context } = setup();
  const id = await create();
  queue.start();
  (await fakeAgent.nextTurn()).end({ state: 'completed' });
  await expect.poll(() => context.liveTurns.size).toBe(0);
  await follow(id, 'use this', [{ name: 'menu.pdf', content: base64('menu') }]);
  (await fakeAgent.nextTurn()).end({ state: 'completed' });
  await expect.poll(() => context.liveTurns.size).toBe(0);
  const { versions } = projects.versions.list(ownerId, id, { limit: 10 });
  expect(versions.map(({ kind, title, files }) => [kind, title, files])).toEqual([
    ['turn', 'use this', 1],
    ['turn', 'a bakery', 1],
  ]);
});

test('a prompt that waits brings its files when it is its turn', async () => {
  const { create, follow, queue, fakeAgent, inWorkspace, projectDir } = setup();
  const id = await create([]);
  queue.start();
  const first = await fakeAgent.nextTurn();
  await follow(id, 'use this', [logo]);
  expect(existsSync(join(projectDir(id), 'workspace/attachments'))).toBe(false);
  first.end({ state: 'completed' });
  await expect.poll(() => fakeAgent.prompts.length).toBe(2);
  expect(splitAttachmentNote(fakeAgent.prompts[1]!).paths).toEqual(['attachments/logo.png']);
  expect(inWorkspace(id, 'attachments/logo.png')).toBe(MARKER);
});

test('nothing is overwritten: other content gets another name, the same content is left', async () => {
  const { create, queue, fakeAgent, inWorkspace, projectDir } = setup();
  const id = await create([logo, { name: 'same.txt', content: base64('same') }]);
  const folder = join(projectDir(id), 'workspace/attachments');
  mkdirSync(folder);
  writeFileSync(join(folder, 'logo.png'), 'of the site');
  writeFileSync(join(folder, 'same.txt'), 'same');
  queue.start();
  const { text } = await fakeAgent.nextTurn();
  expect(splitAttachmentNote(text).paths).toEqual(['attachments/logo-2.png', 'attachments/same.txt']);
  expect(inWorkspace(id, 'attachments/logo.png')).toBe('of the site');
  expect(inWorkspace(id, 'attachments/logo-2.png')).toBe(MARKER);
  expect(readdirSync(folder).sort()).toEqual(['logo-2.png', 'logo.png', 'same.txt']);
});

test('a link or a file where the folder would be is left alone, and so is what it points to', async () => {
  const { create, queue, fakeAgent, projectDir, dataDir } = setup();
  const outside = join(dataDir, 'outside');
  mkdirSync(outside);
  const id = await create();
  const workspace = join(projectDir(id), 'workspace');
  symlinkSync(outside, join(workspace, 'attachments'));
  writeFileSync(join(workspace, 'attachments-2'), '');
  mkdirSync(join(workspace, 'attachments-3'));
  symlinkSync(join(outside, 'made.png'), join(workspace, 'attachments-3/logo.png'));
  queue.start();
  const { text } = await fakeAgent.nextTurn();
  expect(splitAttachmentNote(text).paths).toEqual(['attachments-3/logo-2.png']);
  expect(readdirSync(outside)).toEqual([]);
});

test('a host that died between copying and sending copies nothing twice and sends once', async () => {
  const { create, queue, fakeAgent, projectDir, turnOf, inWorkspace } = setup();
  const id = await create();
  // What the copying of a host that died leaves: the file is there, the row says that nothing was sent.
  mkdirSync(join(projectDir(id), 'workspace/attachments'));
  writeFileSync(join(projectDir(id), 'workspace/attachments/logo.png'), MARKER);
  queue.start();
  await fakeAgent.nextTurn();
  await queue.whenIdle();
  expect(fakeAgent.prompts).toHaveLength(1);
  expect(readdirSync(join(projectDir(id), 'workspace/attachments'))).toEqual(['logo.png']);
  expect(inWorkspace(id, 'attachments/logo.png')).toBe(MARKER);
  expect(turnOf(id)[0]).toMatchObject({ state: 'running' });
});

test('a prompt whose files are gone is not sent without them', async () => {
  const { create, queue, clock, fakeAgent, projectDir, turnOf } = setup();
  const id = await create();
  rmSync(join(projectDir(id), 'attachments'), { recursive: true });
  queue.start();
  await expect
    .poll(async () => {
      clock.advance(60_000);
      queue.updateSettings({});
      await queue.whenIdle();
      return turnOf(id)[0]?.state;
    })
    .toBe('failed');
  expect(turnOf(id)[0]?.errorCode).toBe('attachments_not_placed');
  expect(fakeAgent.prompts).toEqual([]);
});

test('what a crash before the commit leaves is removed at boot, and nothing else', async () => {
  const { create, follow, projects, spare, dataDir, projectDir, turnOf, sqlite } = setup();
  const id = await create();
  await follow(id, 'use this', [logo]);
  const orphan = join(projectDir(id), 'attachments/of-no-turn');
  mkdirSync(orphan);
  writeFileSync(join(orphan, 'logo.png'), MARKER);
  const staged = join(dataDir, 'uploads/x.attachments');
  mkdirSync(staged, { recursive: true });
  // A new project whose row was not stored: its folder is marked as nobody's.
  sqlite.exec("create trigger no_projects before insert on projects begin select raise(abort, 'no'); end");
  await expect(create([logo], false)).rejects.toThrow('no');
  expect(readdirSync(join(dataDir, 'projects'))).toHaveLength(2);
  expect(await projects.attachments.removeOrphans()).toBe(1);
  await Promise.all([spare.removeLeftovers(), projects.imports.removeOrphans()]);
  expect(existsSync(staged)).toBe(false);
  expect(readdirSync(join(projectDir(id), 'attachments')).sort()).toEqual(
    turnOf(id)
      .map((turn) => turn.id)
      .sort(),
  );
});

test('a refused prompt leaves nothing behind', async () => {
  const { follow, dataDir, create, projectDir, turnOf } = setup();
  await expect(follow('no-such-project', 'use this', [logo])).rejects.toMatchObject({ code: 'project_not_found' });
  expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  const id = await create();
  await expect(follow(id, 'use this', [{ name: '', content: '' }])).rejects.toMatchObject({ code: 'attachment_name_invalid' });
  expect(readdirSync(join(projectDir(id), 'attachments'))).toEqual([turnOf(id)[0]!.id]);
});

test('a project that takes over a spare keeps what came with its prompt', async () => {
  const { projects, create, turnOf, projectDir, spare } = setup();
  projects.askForSpare();
  const id = await create();
  expect(existsSync(join(projectDir(id), 'attachments', turnOf(id)[0]!.id, 'logo.png'))).toBe(true);
  expect(await spare.removeLeftovers()).toBe(0);
});

test('what came with an earlier prompt can come along once more, and only within its project', async () => {
  const { create, follow, projects, turnOf, projectDir } = setup();
  const [id, other] = [await create([logo]), await create([])];
  const [first] = turnOf(id);
  await follow(id, 'once more', [...(await projects.attachments.ofTurn(id, first!.id)), { name: 'logo.png', content: base64('other') }]);
  const [, second] = turnOf(id);
  const stored = (name: string) => readFileSync(join(projectDir(id), 'attachments', second!.id, name), 'utf8');
  expect([stored('logo.png'), stored('logo-2.png')]).toEqual([MARKER, 'other']);
  await expect(projects.attachments.ofTurn(other, first!.id)).rejects.toMatchObject({ code: 'turn_not_found' });
});
