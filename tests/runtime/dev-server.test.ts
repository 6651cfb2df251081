import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { findListeningPorts, findRunProcesses, readStat } from '#server/runtime/process/proc.ts';
import { createRuntime } from '#server/runtime/runtime.ts';
import type { RuntimeOptions } from '#server/runtime/runtime.ts';
import type { StartInput } from '#server/runtime/dev-servers.ts';
import { devCommand } from '#server/runtime/dev-command.ts';
import { writeFakeAstro, writeFakePackage } from './fake-astro.ts';
import { log, makeDataDir, sandboxes } from './harness.ts';

vi.setConfig({ testTimeout: 30_000 });

const BROKEN = `answer = (req, res) => res.writeHead(500, { 'content-type': 'text/html' }).end('broken');`;

function open(behaviour = '', options: Partial<RuntimeOptions> = {}) {
  const folder = makeDataDir();
  const projectDir = join(folder.dataDir, 'projects', 'p1');
  const workspace = folder.makeFolder('projects', 'p1', 'workspace');
  writeFakeAstro(workspace, behaviour);
  const runtime = createRuntime({
    dataDir: folder.dataDir,
    templatesDir: folder.dataDir,
    log,
    sandbox: sandboxes[0],
    policy: { backoffMs: 5, maxRestarts: 2 },
    limits: { badAnswerMs: 100 },
    ...options,
  });
  const events: string[] = [];
  const start = (more: Partial<StartInput> = {}) =>
    runtime.startDevServer({
      projectId: 'p1',
      projectDir,
      port: null,
      publicHost: 'bakery.preview.localhost:4321',
      signal: new AbortController().signal,
      onLog: () => {},
      onExit: ({ isRestarting }) => void events.push(`exit ${isRestarting ? 'restarting' : 'for good'}`),
      onRestarted: () => void events.push('restarted'),
      onGaveUp: ({ logTail }) => void events.push(`gave up: ${logTail}`),
      ...more,
    });
  return {
    ...folder,
    runtime,
    workspace,
    events,
    start,
    async startRunning(more: Partial<StartInput> = {}) {
      const outcome = await start(more);
      if (outcome.state !== 'running') throw new Error(JSON.stringify(outcome));
      return outcome;
    },
    runs: () => readdirSync(join(folder.dataDir, 'run')),
    async [Symbol.asyncDispose]() {
      await runtime.stopAll();
      folder[Symbol.dispose]();
    },
  };
}

/** Signals the process that listens: under bubblewrap the recorded pid is bwrap's own. */
function killServer(it: ReturnType<typeof open>, signal: NodeJS.Signals = 'SIGKILL') {
  const server = it.runtime.devServer('p1');
  if (!server) throw new Error('nothing is running');
  const startTime = readStat(server.pid)?.startTime;
  for (const pid of findRunProcesses({ nonce: 'none', pid: server.pid, startTime })) {
    if (findListeningPorts([pid]).includes(server.port)) process.kill(pid, signal);
  }
}

test('a server counts as running once its page answers under the public host', async () => {
  await using it = open();
  const { port } = await it.startRunning();
  expect(it.runtime.devServer('p1')).toMatchObject({ port, restarts: 0 });
  expect(it.runtime.logTail('p1').join('\n')).toContain(`http://127.0.0.1:${port}/`);
  await it.runtime.stopDevServer('p1');
  expect(it.runtime.devServer('p1')).toBeUndefined();
  expect(it.runs()).toEqual([]);
  expect(it.events).toEqual([]);
});

test('starting twice is starting once', async () => {
  await using it = open();
  const [first, second] = await Promise.all([it.startRunning(), it.startRunning()]);
  expect(second).toEqual(first);
  expect(await it.startRunning()).toEqual(first);
  expect(it.runs()).toHaveLength(1);
});

test('who asks for a server that runs takes it over: the same process, told to them from then on, under their name', async () => {
  await using it = open();
  const first = await it.startRunning();
  const told: string[] = [];
  const second = await it.startRunning({
    publicHost: 'florist.preview.localhost:4321',
    onLog: (line) => void told.push(line),
    onExit: () => void told.push('exit'),
    onRestarted: () => void told.push('restarted'),
  });
  expect(second).toEqual(first);
  killServer(it);
  await vi.waitFor(() => expect(told.filter((line) => ['exit', 'restarted'].includes(line))).toEqual(['exit', 'restarted']), 10_000);
  expect(told.join('\n')).toContain('Local');
  expect(it.events).toEqual([]);
});

test('who joins a start holds its reins: the first signal no longer ends it, the second does', async () => {
  await using it = open('setTimeout(listen, 300, port); listen = () => {};');
  const [first, second] = [new AbortController(), new AbortController()];
  const begun = it.start({ signal: first.signal });
  const joined = it.start({ signal: second.signal });
  first.abort(new Error('the first gave up'));
  expect(await joined).toMatchObject({ state: 'running' });
  expect(await begun).toEqual(await joined);
  await it.runtime.stopDevServer('p1');
  const again = expect(it.start()).rejects.toThrow('the second gave up');
  const joinedAgain = expect(it.start({ signal: second.signal })).rejects.toThrow('the second gave up');
  second.abort(new Error('the second gave up'));
  await Promise.all([again, joinedAgain]);
  expect(it.runs()).toEqual([]);
});

test('who joined a start that failed starts anew', async () => {
  await using it = open(`if (!fs.existsSync('again')) { fs.writeFileSync('again', ''); process.exit(3); }`);
  const [first, second] = await Promise.all([it.start(), it.start()]);
  expect(first).toMatchObject({ state: 'exited', exitCode: 3 });
  expect(second).toMatchObject({ state: 'running' });
});

test('the last port is kept when free, and left to its new owner when not', async () => {
  await using it = open();
  const { port } = await it.startRunning();
  await it.runtime.stopDevServer('p1');
  expect(await it.startRunning({ port })).toMatchObject({ port });
  await it.runtime.stopDevServer('p1');
  const stranger = createServer((_req, res) => void res.setHeader('content-type', 'text/html').end('not yours')).listen(port, '127.0.0.1');
  await once(stranger, 'listening');
  const moved = await it.startRunning({ port });
  stranger.close();
  expect(moved.port).not.toBe(port);
});

test('a server that took another port than asked for is found there', async () => {
  await using it = open('port += 1;');
  const { port } = await it.startRunning();
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('<h1>');
});

test('somebody else’s server is never taken for ours, whatever is printed', async () => {
  const stranger = createServer((_req, res) => void res.setHeader('content-type', 'text/html').end('not yours')).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const { port } = stranger.address() as AddressInfo;
  await using it = open(`listen = () => { banner(${port}); setInterval(() => {}, 1e3); };`, { limits: { readyTimeoutMs: 1_500 } });
  expect(await it.start()).toMatchObject({ state: 'timeout', lastStatus: undefined });
  stranger.close();
  expect(it.runs()).toEqual([]);
});

test('an answer that is no page is not enough', async () => {
  await using it = open(BROKEN);
  expect(await it.start()).toMatchObject({ state: 'timeout', lastStatus: 500 });
  writeFakeAstro(it.workspace, `answer = (req, res) => res.writeHead(200, { 'content-type': 'application/json' }).end('{}');`);
  expect(await it.start()).toMatchObject({ state: 'timeout', lastStatus: 200 });
  expect(it.runs()).toEqual([]);
});

test('a page that comes right within a moment is waited for, redirects on the same host are followed', async () => {
  await using it = open(
    `let asked = 0; const page = answer;
    answer = (req, res) => { if (++asked === 1) return res.writeHead(500).end(); if (req.url === '/') return res.writeHead(302, { location: '/en/' }).end(); page(req, res); };`,
    { limits: { badAnswerMs: 10_000 } },
  );
  await it.startRunning();
});

test('a server that ends while starting says with which last lines', async () => {
  await using it = open(`listen = () => { console.error('Error: astro.config.mjs is wrong'); process.exit(3); };`);
  expect(await it.start()).toEqual({ state: 'exited', exitCode: 3, logTail: 'Error: astro.config.mjs is wrong' });
  expect(it.events).toEqual([]);
});

test('a start can be aborted, by its signal or by a stop', async () => {
  await using it = open('listen = () => setInterval(() => {}, 1e3);');
  const abort = new AbortController();
  const aborted = it.start({ signal: abort.signal });
  const stopped = expect(aborted).rejects.toThrow('changed my mind');
  await vi.waitFor(() => expect(it.runs()).toHaveLength(1));
  abort.abort(new Error('changed my mind'));
  await stopped;
  expect(it.runs()).toEqual([]);
  const second = expect(it.start()).rejects.toThrow('stopped while it started');
  await vi.waitFor(() => expect(it.runs()).toHaveLength(1));
  await it.runtime.stopDevServer('p1');
  await second;
  expect(it.runs()).toEqual([]);
});

test('a server that dies is restarted on its port, until it dies too often', async () => {
  await using it = open(`console.log('began')`);
  const { port } = await it.startRunning();
  for (const restarts of [1, 2]) {
    killServer(it);
    await vi.waitFor(() => expect(it.runtime.devServer('p1')).toMatchObject({ port, restarts }), { timeout: 10_000 });
  }
  killServer(it);
  await vi.waitFor(() => expect(it.events.at(-1)).toMatch(/^gave up: began/), { timeout: 10_000 });
  expect(it.events.slice(0, -1)).toEqual(['exit restarting', 'restarted', 'exit restarting', 'restarted', 'exit for good']);
  expect(it.runtime.devServer('p1')).toBeUndefined();
  expect(it.runs()).toEqual([]);
  await it.startRunning();
});

test('a server that hangs is noticed and replaced', async () => {
  await using it = open('', { policy: { backoffMs: 5, maxRestarts: 2, probeEveryMs: 30, probeTimeoutMs: 300, probeFailures: 2 } });
  await it.startRunning();
  killServer(it, 'SIGSTOP');
  await vi.waitFor(() => expect(it.events).toEqual(['exit restarting', 'restarted']), { timeout: 15_000 });
  expect(it.runtime.logTail('p1').join('\n')).toContain('stopped answering');
});

test('a restart under way ends with a stop', async () => {
  await using it = open('', { policy: { backoffMs: 60_000, maxRestarts: 2 } });
  await it.startRunning();
  killServer(it);
  await vi.waitFor(() => expect(it.events).toEqual(['exit restarting']));
  await it.runtime.stopDevServer('p1');
  expect(it.runs()).toEqual([]);
  expect(it.events).toEqual(['exit restarting']);
});

test('deleting a project stops what runs in it', async () => {
  await using it = open();
  await it.startRunning();
  await it.runtime.removeProject(join(it.dataDir, 'projects', 'p1'));
  await vi.waitFor(() => expect(it.runs()).toEqual([]));
  expect(readdirSync(join(it.dataDir, 'projects'))).toEqual([]);
});

test('the heap is capped and nothing of the host’s environment is there', async () => {
  await using it = open(
    `fs.writeFileSync('env.json', JSON.stringify({ heap: require('node:v8').getHeapStatistics().heap_size_limit, names: Object.keys(process.env).sort() }));`,
    {
      limits: { memoryMb: 200 },
    },
  );
  writeFileSync(join(it.workspace, 'env.json'), '');
  await it.startRunning();
  const { default: seen } = (await import(join(it.workspace, 'env.json'), { with: { type: 'json' } })) as {
    default: { heap: number; names: string[] };
  };
  expect(seen.heap / 1024 / 1024).toBeLessThan(500);
  expect(seen.names.filter((name) => !/^(?:ASTRO_|NODE_|__VITE_|PWD$)/.test(name))).toEqual([
    ...['DOCE_RUN_NONCE', 'HOME', 'HOST', 'LANG', 'NO_COLOR', 'PATH', 'PORT'],
  ]);
});

test('a package without Astro is started by its dev script, and told where to listen', async () => {
  await using it = open();
  rmSync(join(it.workspace, 'node_modules'), { recursive: true });
  writeFakePackage(it.workspace, 'MODE=quick node server.cjs one');
  const { port } = await it.startRunning();
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('one');
  await it.runtime.stopDevServer('p1');
  expect(it.runs()).toEqual([]);
});

test('a dev script that fails ends the start with its last words', async () => {
  await using it = open();
  rmSync(join(it.workspace, 'node_modules'), { recursive: true });
  writeFakePackage(it.workspace, 'node server.cjs', `console.error('the oven is cold'); process.exit(4);`);
  expect(await it.start()).toMatchObject({ state: 'exited', logTail: expect.stringContaining('the oven is cold') as string });
});

test.each([
  ['vite', '-- --port 5 --strictPort --host 127.0.0.1'],
  ['tsc --build && NODE_ENV=development vite dev', '-- --port 5 --strictPort --host 127.0.0.1'],
  ['npx next dev', '-- --port 5 --hostname 127.0.0.1'],
  ['node server.js', ''],
  ['concurrently "vite" "node api.js"', ''],
])('the dev script %j gets the flags its program knows', (dev, flags) => {
  using folder = makeDataDir();
  writeFakePackage(folder.dataDir, dev);
  const command = devCommand(folder.dataDir, 5, '.preview.localhost');
  expect(command.args.slice(2).join(' ')).toBe(flags);
  expect(command.env).toMatchObject({ PORT: '5', HOST: '127.0.0.1' });
});
