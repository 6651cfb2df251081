import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { findRunProcesses } from '#server/runtime/process/proc.ts';
import { nextLine, openDriver, outputOf, sandboxes } from './harness.ts';

const FORK = `const c = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3)'], { detached: true, stdio: 'ignore' }); c.unref();`;

/** The run of the only live child, as recorded. */
function onlyRun(it: { records(): string[]; dataDir: string }) {
  const record = JSON.parse(readFileSync(join(it.dataDir, 'run', it.records()[0] as string), 'utf8')) as {
    nonce: string;
    pid: number;
    startTime: string;
  };
  return { nonce: record.nonce, pid: record.pid, startTime: record.startTime };
}

describe.each(sandboxes)('a child with the sandbox %s', (sandbox) => {
  test('gets the environment it was given and nothing else', async () => {
    await using it = openDriver(sandbox);
    const child = await it.run('console.log(JSON.stringify(process.env))', { env: { ONE: '1' } });
    const { DOCE_RUN_NONCE, PWD: _pwd, ...rest } = JSON.parse(await outputOf(child)) as Record<string, string>;
    expect(rest).toEqual({ ONE: '1' });
    expect(DOCE_RUN_NONCE).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([
    ['build', 10],
    ['install', 0],
    ['dev', 0],
    ['agent', 0],
    ['site', 0],
  ] as const)('%s gives way to others by %i', async (kind, more) => {
    await using it = openDriver(sandbox);
    const child = await it.run('console.log(require("node:os").getPriority())', { kind });
    expect(Number(await outputOf(child))).toBe(Math.min(19, getPriority() + more));
  });

  test('reports how it ended, and leaves no record', async () => {
    await using it = openDriver(sandbox);
    const child = await it.run('process.exit(7)');
    expect((await child.exited).exitCode).toBe(7);
    await vi.waitFor(() => expect(it.records()).toEqual([]));
  });

  test('is recorded while it lives', async () => {
    await using it = openDriver(sandbox);
    const child = await it.run(`setInterval(() => {}, 1e3)`);
    expect(onlyRun(it)).toMatchObject({ pid: child.process.pid, startTime: expect.stringMatching(/^\d+$/) as string });
    expect(findRunProcesses(onlyRun(it))).toContain(child.process.pid);
  });

  test('may end in its own way when stopped', async () => {
    await using it = openDriver(sandbox);
    const file = join(it.workspace, 'bye');
    const child = await it.run(
      `process.on('SIGTERM', () => { require('node:fs').writeFileSync(${JSON.stringify(file)}, 'bye'); process.exit(0); }); setInterval(() => {}, 1e3); console.log('up')`,
    );
    await nextLine(child);
    await child.stop();
    expect(readFileSync(file, 'utf8')).toBe('bye');
  });

  test('is killed when it does not listen, with everything it forked', async () => {
    await using it = openDriver(sandbox);
    const child = await it.run(`${FORK} process.on('SIGTERM', () => {}); setInterval(() => {}, 1e3); console.log('up')`);
    await nextLine(child);
    const run = onlyRun(it);
    await child.stop(50);
    expect(findRunProcesses(run)).toEqual([]);
    expect(it.records()).toEqual([]);
  });

  test('does not leave behind what it forked when it exits by itself', async () => {
    await using it = openDriver(sandbox);
    const child = await it.run(`${FORK} setTimeout(() => process.exit(0), 50)`);
    const run = onlyRun(it);
    await child.exited;
    await vi.waitFor(() => expect(findRunProcesses(run)).toEqual([]));
  });

  test('is known by the ports that it or its descendants listen on', async () => {
    await using it = openDriver(sandbox);
    const child = await it.run(`const s = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))`);
    const port = Number(await nextLine(child));
    expect(it.driver.listeningPorts(child)).toEqual([port]);
    await child.stop();
    expect(it.driver.listeningPorts(child)).toEqual([]);
  });
});

describe.runIf(sandboxes.includes('required' as never))('a confined child', () => {
  test('sees its own folders and nothing else of the data directory', async () => {
    await using it = openDriver('required' as 'off');
    const secret = join(it.makeFolder(), 'secret.key');
    const other = it.makeFolder('projects', 'p2', 'workspace');
    const store = it.makeFolder('store');
    const scratch = `/tmp/${basename(it.dataDir)}-scratch`;
    writeFileSync(secret, 'secret');
    writeFileSync(join(other, 'index.html'), 'other');
    writeFileSync(join(store, 'package'), 'shared');
    symlinkSync(secret, join(it.workspace, 'planted'));
    const child = await it.run(
      `const fs = require('node:fs');
       const attempt = (f) => { try { return f(); } catch (e) { return e.code; } };
       console.log(JSON.stringify({
         data: fs.readdirSync(${JSON.stringify(it.dataDir)}), projects: fs.readdirSync(${JSON.stringify(join(it.dataDir, 'projects'))}),
         secret: attempt(() => fs.readFileSync(${JSON.stringify(secret)}, 'utf8')), planted: attempt(() => fs.readFileSync('planted', 'utf8')),
         other: attempt(() => fs.readdirSync(${JSON.stringify(other)})), store: attempt(() => fs.readFileSync(${JSON.stringify(join(store, 'package'))}, 'utf8')),
         poison: attempt(() => fs.writeFileSync(${JSON.stringify(join(store, 'package'))}, 'x')), poisonNew: attempt(() => fs.writeFileSync(${JSON.stringify(join(store, 'new'))}, 'x')),
         root: attempt(() => fs.writeFileSync('/x', 'x')), usr: attempt(() => fs.writeFileSync('/usr/x', 'x')), node: attempt(() => fs.writeFileSync(process.execPath, 'x')),
         shadow: attempt(() => fs.readFileSync('/etc/shadow')), home: attempt(() => fs.readdirSync('/root')), checkout: attempt(() => fs.readFileSync(${JSON.stringify(join(import.meta.dirname, '../../package.json'))})),
         own: attempt(() => fs.writeFileSync('own', 'x')), tmp: attempt(() => fs.writeFileSync(${JSON.stringify(scratch)}, 'x')),
         kill: attempt(() => process.kill(${process.pid}, 0)), hosts: typeof attempt(() => fs.readFileSync('/etc/hosts', 'utf8')),
       }))`,
      { readable: [store] },
    );
    expect(JSON.parse(await outputOf(child))).toEqual({
      data: ['projects', 'store'],
      projects: ['p1'],
      secret: 'ENOENT',
      planted: 'ENOENT',
      other: 'ENOENT',
      store: 'shared',
      poison: 'EROFS',
      poisonNew: 'EROFS',
      root: 'EROFS',
      usr: 'EROFS',
      node: expect.stringMatching(/EROFS|ETXTBSY/) as string,
      shadow: 'ENOENT',
      home: 'ENOENT',
      checkout: 'ENOENT',
      kill: 'ESRCH',
      hosts: 'string',
    });
    expect(existsSync(join(it.workspace, 'own'))).toBe(true);
    expect(existsSync(scratch)).toBe(false);
  });

  test('has no capabilities and can reach loopback', async () => {
    await using it = openDriver('required' as 'off');
    const child = await it.run(
      `const net = require('node:net'); const s = net.createServer((c) => c.end('ok')).listen(0, '127.0.0.1', () =>
         net.connect(s.address().port, '127.0.0.1').on('data', (d) => {
           console.log(d.toString(), /CapEff:\\s*(\\w+)/.exec(require('node:fs').readFileSync('/proc/self/status', 'utf8'))[1]); process.exit();
         }))`,
    );
    expect(await outputOf(child)).toBe('ok 0000000000000000');
  });
});

test('what makes no sense is refused before anything starts', async () => {
  await using it = openDriver();
  const outside = it.makeFolder('outside');
  await expect(it.run('', { cwd: outside })).rejects.toThrow('inside a folder it may see');
  await expect(it.run('', { file: 'node' })).rejects.toThrow('absolute');
  await expect(it.run('', { file: join(outside, 'nothing') })).rejects.toThrow('ENOENT');
  await expect(it.run('', { writable: [it.workspace, join(outside, 'nothing')] })).rejects.toThrow('ENOENT');
  expect(it.records()).toEqual([]);
});

test('children that work in a folder can be stopped by it', async () => {
  await using it = openDriver();
  const other = it.makeFolder('projects', 'p10', 'workspace');
  const mine = await it.run('setInterval(() => {}, 1e3)');
  const theirs = await it.run('setInterval(() => {}, 1e3)', { cwd: other, writable: [other] });
  await it.driver.stopInside(join(it.dataDir, 'projects', 'p1'));
  expect((await mine.exited).signal).toBe('SIGTERM');
  expect(theirs.process.exitCode).toBeNull();
  expect(it.driver.listeningPorts(theirs)).toEqual([]);
});
