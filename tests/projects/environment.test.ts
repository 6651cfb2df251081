import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { createHider } from '#server/hidden-values.ts';
import { AddVariable, MOST_VARIABLES, publicIn, readEnvironment, SetVariable, spellingsOf } from '#server/projects/environment.ts';
import { projectEnvironment } from '#server/db/production-tables.ts';
import { projects } from '#server/db/schema.ts';
import { createLogTail } from '#server/runtime/log-tail.ts';
import { setupProjects } from '../support/projects.ts';

const SECRET = 'canary-value-0123456789';

async function makeProject() {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-env-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const world = setupProjects({ dataDir, spareIsWanted: false });
  const host = world.boot();
  const project = host.projects.create(world.ownerId, { prompt: 'a bakery', template: 'starter' });
  host.queue.start();
  await host.queue.whenIdle();
  const { settings } = host.projects;
  const set = (name: string, value: string) => settings.setVariable(world.ownerId, project.id, name, value);
  const publish = async () => {
    world.clock.advance(1_000);
    const { id } = await host.projects.production.deploy(world.ownerId, project.id, {});
    await host.queue.whenIdle();
    const production = host.projects.production.view(world.ownerId, project.id);
    return { ...production, deployment: production.deployments.find((deployment) => deployment.id === id)! };
  };
  return { ...world, ...host, dataDir, project, settings, set, publish };
}

test.each(['API_KEY', '_X', 'PUBLIC_SITE', 'A1', 'ASTRO_KEY'])('%s is a name', (name) => {
  expect(AddVariable.safeParse({ name, value: 'x' }).success).toBe(true);
});

test.each(['PATH', 'HOME', 'NODE_OPTIONS', 'NODE_ENV', 'PORT', 'HOST', 'DOCE_X', 'LD_PRELOAD'])('%s is refused with a reason', (name) => {
  const result = AddVariable.safeParse({ name, value: 'x' });
  expect(result.error?.issues).toEqual([expect.objectContaining({ path: ['name'], message: expect.stringContaining('doce sets this') })]);
});

test.each(['lower', '1A', 'A-B', 'A B', '', 'A=B', 'É', 'A'.repeat(101)])('"%s" is no name', (name) => {
  expect(AddVariable.safeParse({ name, value: 'x' }).success).toBe(false);
});

test('a value has a size, no NUL, and line ends as programs expect them', () => {
  const check = (value: string) => SetVariable.safeParse({ value });
  expect(check('ä'.repeat(16 * 1024)).success).toBe(true);
  expect(check(`${'ä'.repeat(16 * 1024)}a`).success).toBe(false);
  expect(check('a\0b').success).toBe(false);
  expect(check('').success).toBe(false);
  expect(check('one\r\ntwo').data).toEqual({ value: 'one\ntwo' });
});

test('a value is kept sealed, shown to nobody, and read back for builds only', async () => {
  const { db, context, project, settings, ownerId, set, dataDir } = await makeProject();
  const view = set('API_KEY', SECRET);
  set('PUBLIC_NAME', 'Bakery');
  expect(view).toEqual({ name: 'API_KEY', isPublic: false, isReadable: true, setAt: expect.any(String) });
  expect(settings.variables(ownerId, project.id).map(({ name, isPublic }) => [name, isPublic])).toEqual([
    ['API_KEY', false],
    ['PUBLIC_NAME', true],
  ]);
  expect(readEnvironment(context, project.id)).toEqual({ API_KEY: SECRET, PUBLIC_NAME: 'Bakery' });
  expect(JSON.stringify(db.select().from(projectEnvironment).all())).not.toContain(SECRET);
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files) expect(readFileSync(join(file.parentPath, file.name)).includes(SECRET), file.name).toBe(false);
});

test('an envelope that is moved to another name or project does not open', async () => {
  const { db, context, project, settings, ownerId, set } = await makeProject();
  set('API_KEY', SECRET);
  db.update(projectEnvironment).set({ name: 'PUBLIC_KEY' }).run();
  expect(settings.variables(ownerId, project.id)).toMatchObject([{ name: 'PUBLIC_KEY', isReadable: false }]);
  expect(() => readEnvironment(context, project.id)).toThrow('Set it again');
});

test('somebody else’s project is not there', async () => {
  const { settings, project } = await makeProject();
  expect(() => settings.variables('another', project.id)).toThrow('does not exist');
  expect(() => settings.setVariable('another', project.id, 'A', 'b')).toThrow('does not exist');
  expect(() => settings.removeVariable('another', project.id, 'A')).toThrow('does not exist');
});

test('a hundred is enough; setting one that is there goes on', async () => {
  const { set, settings, ownerId, project } = await makeProject();
  for (let number = 0; number < MOST_VARIABLES; number++) set(`V${number}`, 'x');
  expect(() => set('ONE_MORE', 'x')).toThrow('at most 100');
  expect(settings.variables(ownerId, project.id)).toHaveLength(MOST_VARIABLES);
  expect(() => set('V1', 'y')).not.toThrow();
});

test('a build gets them; a log line and a failure show names instead of values', async () => {
  const { fakeReleases, set, publish } = await makeProject();
  set('API_KEY', SECRET);
  let line = '';
  fakeReleases.script.onBuild = (input) => void (line = input.hide!(`using ${input.environment!.API_KEY}`));
  expect((await publish()).deployment.state).toBe('running');
  expect(line).toBe('using [API_KEY]');
});

test('a server’s log shows names instead of values', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-env-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const lines: string[] = [];
  const file = join(dataDir, 'site.log');
  const tail = createLogTail({ file, hide: createHider({ API_KEY: SECRET }), onLine: (line) => void lines.push(line) });
  const output = new PassThrough();
  tail.follow(output);
  output.end(`using ${SECRET}\n`);
  await once(output, 'close');
  expect([lines, tail.last(1), readFileSync(file, 'utf8')]).toEqual([['using [API_KEY]'], ['using [API_KEY]'], 'using [API_KEY]\n']);
});

test('what is built only to be looked at gets the public ones', () => {
  expect(publicIn({ API_KEY: SECRET, PUBLIC_NAME: 'Bakery' })).toEqual({ PUBLIC_NAME: 'Bakery' });
});

test('a value in what was built keeps it from going live, unless its name says that it is public', async () => {
  const { fakeReleases, set, publish } = await makeProject();
  set('API_KEY', SECRET);
  set('PUBLIC_KEY', 'public-0123456789');
  fakeReleases.script.files = { 'index.html': `<h1>Bread</h1>\n<p>public-0123456789</p>\n<p>${SECRET}</p>` };
  const { deployment, live } = await publish();
  expect(live).toBeNull();
  expect(deployment.error).toMatchObject({ code: 'check_secret', detail: 'index.html:3 contains the value of API_KEY' });
  fakeReleases.script.files = { 'index.html': '<p>public-0123456789</p>' };
  expect((await publish()).deployment.state).toBe('running');
});

test('setting and removing are unpublished changes until the next publication', async () => {
  const { set, publish, settings, ownerId, project, projects: domain, clock } = await makeProject();
  const isChanged = () => domain.production.view(ownerId, project.id).hasUnpublishedChanges;
  await publish();
  expect(isChanged()).toBe(false);
  clock.advance(1);
  set('API_KEY', SECRET);
  expect(isChanged()).toBe(true);
  expect((await publish()).hasUnpublishedChanges).toBe(false);
  clock.advance(1);
  settings.removeVariable(ownerId, project.id, 'API_KEY');
  expect(isChanged()).toBe(true);
  expect(() => settings.removeVariable(ownerId, project.id, 'API_KEY')).toThrow('no variable of that name');
});

test('a variable that changes during a build fails it: its output may hold a value that nobody looks for', async () => {
  const { fakeReleases, set, publish, clock } = await makeProject();
  set('API_KEY', SECRET);
  fakeReleases.script.onBuild = () => {
    clock.advance(1);
    set('API_KEY', 'another-value-0123456789');
  };
  expect((await publish()).deployment.error?.code).toBe('environment_changed');
});

test('a lost key file fails the publication, not the project', async () => {
  const { set, publish, dataDir } = await makeProject();
  set('API_KEY', SECRET);
  rmSync(join(dataDir, 'secret.key'));
  expect((await publish()).deployment.error?.code).toBe('environment_unreadable');
  set('API_KEY', SECRET);
  expect((await publish()).deployment.state).toBe('running');
});

test('deleting a project takes its variables along', async () => {
  const { db, set } = await makeProject();
  set('API_KEY', SECRET);
  db.delete(projects).run();
  expect(db.select().from(projectEnvironment).all()).toEqual([]);
});

test('a hidden value goes from text whole, or line by line; short ones stay', () => {
  const hide = createHider({ KEY: 'first-line-long\nsecond-line-long\nno', SHORT: 'abc', LONGER: 'first-line-long-and-more' });
  expect(hide('x first-line-long y')).toBe('x [KEY] y');
  expect(hide('first-line-long-and-more abc no')).toBe('[LONGER] abc no');
  expect(createHider({})('as it is')).toBe('as it is');
});

test('a value is also looked for as HTML and scripts spell it', () => {
  const spellings = [...spellingsOf({ KEY: 'a"b&c/d' }).keys()];
  expect(spellings).toEqual(expect.arrayContaining(['a"b&c/d', 'a"b&amp;c/d', 'a&quot;b&amp;c/d', 'a\\"b&c/d', 'a%22b%26c%2Fd']));
});
