import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createSiteServers } from '#server/runtime/site-servers.ts';
import type { SiteServersOptions, SiteStart } from '#server/runtime/site-servers.ts';
import { log, openDriver, sandboxes } from './harness.ts';

const HELLO = `
import { createServer } from 'node:http';
createServer((req, res) => {
  if (req.url === '/exit') process.exit(7);
  if (req.url === '/hang') for (;;);
  if (req.url === '/eat') { globalThis.all = []; setInterval(() => all.push(Buffer.alloc(16e6, 1)), 5); }
  res.end(JSON.stringify({ word: process.env.WORD, cwd: process.cwd(), pid: process.pid }));
}).listen(process.env.PORT, process.env.HOST, () => console.log('up'));
`;

/** One project with a release that is a small Node server, and its supervisor. */
async function setup(code = HELLO, options: Partial<SiteServersOptions> & { sandbox?: (typeof sandboxes)[number] } = {}) {
  const world = openDriver(options.sandbox);
  const { driver, makeFolder } = world;
  const projectDir = join(world.dataDir, 'projects', 'p1');
  const appFolder = makeFolder('projects', 'p1', 'releases', 'a', 'app');
  writeFileSync(join(appFolder, 'server.mjs'), code);
  const servers = createSiteServers(driver, makeFolder('store'), {
    log,
    siteLimits: { readyTimeoutMs: 15_000, ...options.siteLimits },
    sitePolicy: { backoffMs: 20, ...options.sitePolicy },
  });
  const failures: number[] = [];
  const restarted = vi.fn();
  const input = (more: Partial<SiteStart> = {}): SiteStart => ({
    projectId: 'p1',
    projectDir,
    release: 'a',
    program: {
      appFolder,
      args: ['server.mjs'],
      dataFolder: join(projectDir, 'site-data'),
      worksInData: true,
      env: { WORD: 'bread' },
      publicHost: 'shop.localhost:4321',
    },
    signal: new AbortController().signal,
    onLog: () => {},
    onFailure: ({ count }) => failures.push(count),
    onRestarted: restarted,
    ...more,
  });
  const ask = (path = '/') =>
    new Promise<Record<string, string>>((resolve, reject) => {
      const { port } = servers.siteServer('p1', 'a') ?? {};
      get({ host: '127.0.0.1', port, path, agent: false }, (res) => {
        let text = '';
        res.on('data', (chunk: Buffer) => (text += chunk.toString()));
        res.once('end', () => resolve(JSON.parse(text) as Record<string, string>));
        res.once('error', reject);
      }).once('error', reject);
    });
  return {
    ...world,
    servers,
    input,
    ask,
    failures,
    restarted,
    projectDir,
    async [Symbol.asyncDispose]() {
      await servers.stopAll();
      await world[Symbol.asyncDispose]();
    },
  };
}

test.each(sandboxes)('with the sandbox %s a release runs with its variables, where it may write', async (sandbox) => {
  await using world = await setup(HELLO, { sandbox });
  const outcome = await world.servers.startSiteServer(world.input());
  expect(outcome).toMatchObject({ state: 'running' });
  expect(await world.ask()).toMatchObject({ word: 'bread', cwd: join(world.projectDir, 'site-data') });
  expect(world.servers.siteLog('p1', 'a')).toEqual(['up']);
  expect(await world.servers.startSiteServer(world.input())).toEqual(outcome);
  await world.servers.stopSiteServer('p1', 'a');
  expect(world.servers.siteServer('p1', 'a')).toBeUndefined();
  expect(world.servers.siteReleases('p1')).toEqual([]);
  expect(world.records()).toEqual([]);
});

test('callers at the same time get one server', async () => {
  await using world = await setup();
  const outcomes = await Promise.all([1, 2, 3].map(() => world.servers.startSiteServer(world.input())));
  expect(new Set(outcomes.map((outcome) => (outcome.state === 'running' ? outcome.pid : 0))).size).toBe(1);
});

test('two releases of a project run beside each other', async () => {
  await using world = await setup();
  await world.servers.startSiteServer(world.input());
  await world.servers.startSiteServer(world.input({ release: 'b' }));
  expect(world.servers.siteReleases('p1')).toEqual(['a', 'b']);
  expect(world.servers.siteServer('p1', 'a')?.port).not.toBe(world.servers.siteServer('p1', 'b')?.port);
});

test('one that exits at once is reported with its lines', async () => {
  await using world = await setup(`console.error('TOKEN is missing'); process.exit(3);`);
  expect(await world.servers.startSiteServer(world.input())).toEqual({ state: 'exited', exitCode: 3, logTail: 'TOKEN is missing' });
  expect(world.servers.siteReleases('p1')).toEqual([]);
});

test('one that never answers is ended', async () => {
  await using world = await setup('setInterval(() => {}, 1e3)', { siteLimits: { readyTimeoutMs: 400 } });
  expect(await world.servers.startSiteServer(world.input())).toMatchObject({ state: 'timeout', lastStatus: undefined });
  expect(world.records()).toEqual([]);
});

test('one that answers with errors only is ended, and the status is told', async () => {
  const code = `import { createServer } from 'node:http'; createServer((q, r) => { r.statusCode = 500; r.end(); }).listen(process.env.PORT, '127.0.0.1')`;
  await using world = await setup(code, { siteLimits: { badAnswerMs: 100 } });
  expect(await world.servers.startSiteServer(world.input())).toMatchObject({ state: 'timeout', lastStatus: 500 });
});

test('a start can be given up', async () => {
  await using world = await setup('setInterval(() => {}, 1e3)');
  const cancel = new AbortController();
  const started = world.servers.startSiteServer(world.input({ signal: cancel.signal }));
  cancel.abort(new Error('enough'));
  await expect(started).rejects.toThrow('enough');
  expect(world.records()).toEqual([]);
});

test('one that dies comes back, time after time, and each failure is told', { timeout: 30_000 }, async () => {
  await using world = await setup(HELLO, { sitePolicy: { backoffMs: 20, doublings: 1 } });
  await world.servers.startSiteServer(world.input());
  // One more than a dev server gets.
  for (const count of [1, 2, 3, 4, 5, 6]) {
    await world.ask('/exit').catch(() => {});
    await vi.waitFor(() => expect(world.restarted).toHaveBeenCalledTimes(count), { timeout: 10_000 });
    expect(world.failures.at(-1)).toBe(count);
  }
  expect(await world.ask()).toMatchObject({ word: 'bread' });
});

test('one that hangs is noticed and replaced', async () => {
  await using world = await setup(HELLO, { sitePolicy: { probeEveryMs: 100, probeTimeoutMs: 200, probeFailures: 2 } });
  await world.servers.startSiteServer(world.input());
  const lost = world.ask('/hang').catch(() => 'cut');
  await vi.waitFor(() => expect(world.restarted).toHaveBeenCalledTimes(1), { timeout: 10_000 });
  expect(await lost).toBe('cut');
  expect(world.servers.siteLog('p1', 'a')).toContain('The published site stopped answering and is being restarted.');
});

test('one that takes too much memory outside its heap is ended, and starts anew', async () => {
  await using world = await setup(HELLO, { siteLimits: { memoryMb: 200, memoryEveryMs: 50 } });
  await world.servers.startSiteServer(world.input());
  await world.ask('/eat').catch(() => {});
  await vi.waitFor(() => expect(world.restarted).toHaveBeenCalledTimes(1), { timeout: 10_000 });
  expect(world.servers.siteLog('p1', 'a')).toContain('The site used more than 200 MB of memory and was ended.');
});

test.runIf(sandboxes.length > 1)('it can write into its own folder only', async () => {
  const code = `
    import { writeFileSync } from 'node:fs';
    import { createServer } from 'node:http';
    const tried = [process.argv[1], process.argv[1] + '.new', process.env.HOME + '/../workspace/x', '/usr/x', process.env.DATA_DIR + '/note'];
    const done = tried.map((path) => { try { writeFileSync(path, 'x'); return 'written'; } catch { return 'refused'; } });
    createServer((q, r) => r.end(JSON.stringify({ done: done.join() }))).listen(process.env.PORT, '127.0.0.1');`;
  await using world = await setup(code, { sandbox: 'required' });
  await world.servers.startSiteServer(world.input());
  expect(await world.ask()).toEqual({ done: 'refused,refused,refused,refused,written' });
});
