import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createProcessDriver } from '#server/runtime/process/driver.ts';
import { findRunProcesses, readStat } from '#server/runtime/process/proc.ts';
import { log, makeDataDir, sandboxes } from './harness.ts';

const NONCE = 'a'.repeat(32);

/** A process that only this test knows of. */
async function startStranger(env: Record<string, string>) {
  const stranger = spawn(process.execPath, ['-e', `setInterval(() => {}, 1e3); console.log('up')`], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  await once(stranger.stdout, 'data');
  return { pid: stranger.pid as number, process: stranger, [Symbol.dispose]: () => void stranger.kill('SIGKILL') };
}

async function startHost(dataDir: string, ...args: string[]): Promise<ChildProcess> {
  const host = spawn(process.execPath, [join(import.meta.dirname, 'host-script.ts'), dataDir, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(host.stdout, 'data');
  return host;
}

const isAlive = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

function runsIn(dataDir: string) {
  const folder = join(dataDir, 'run');
  return readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { nonce: string; pid: number; startTime: string },
  );
}

test.each(sandboxes)('with the sandbox %s a killed host leaves no child', async (sandbox) => {
  using folder = makeDataDir();
  folder.makeFolder('projects', 'p1', 'workspace');
  const host = await startHost(folder.dataDir, sandbox);
  const runs = runsIn(folder.dataDir);
  expect(runs).toHaveLength(3);
  expect(runs.every((run) => findRunProcesses(run).length > 0)).toBe(true);
  host.kill('SIGKILL');
  await vi.waitFor(() => expect(runs.flatMap(findRunProcesses)).toEqual([]), { timeout: 5_000, interval: 50 });
});

// bubblewrap's processes end with the one that started them only once each has asked the kernel for it.
test.each(sandboxes)(
  'with the sandbox %s a host that is killed while it starts children leaves none',
  { timeout: 60_000 },
  async (sandbox) => {
    const killAfter = async (startingMs: number) => {
      using folder = makeDataDir();
      folder.makeFolder('projects', 'p1', 'workspace');
      const host = await startHost(folder.dataDir, sandbox, 'at-once');
      await delay(startingMs);
      const exit = once(host, 'exit');
      host.kill('SIGKILL');
      await exit;
      const nonces = readdirSync(join(folder.dataDir, 'run')).map((name) => name.slice(0, NONCE.length));
      await delay(5_000);
      return nonces.flatMap((nonce) => findRunProcesses({ nonce, pid: undefined, startTime: undefined }));
    };
    expect((await Promise.all([0, 5, 10, 15, 20, 30].map(killAfter))).flat()).toEqual([]);
  },
);

test('leftovers of an earlier host are found by pid and start time, or by nonce alone when it died in between', async () => {
  using folder = makeDataDir();
  using known = await startStranger({ DOCE_RUN_NONCE: NONCE });
  using unknown = await startStranger({ DOCE_RUN_NONCE: 'b'.repeat(32) });
  const write = (record: { nonce: string; pid?: number; startTime?: string }) =>
    writeFileSync(join(folder.makeFolder('run'), `${record.nonce}.json`), JSON.stringify({ kind: 'dev', projectId: 'p1', ...record }));
  write({ nonce: NONCE, pid: known.pid, startTime: readStat(known.pid)?.startTime as string });
  write({ nonce: 'b'.repeat(32) });
  const driver = createProcessDriver({ dataDir: folder.dataDir, log, sandbox: 'off' });
  expect(await driver.reapOrphans()).toBe(2);
  await vi.waitFor(() => expect([isAlive(known.process), isAlive(unknown.process)]).toEqual([false, false]));
  expect(readdirSync(join(folder.dataDir, 'run'))).toEqual([]);
});

test('a process that merely has a recorded pid is left alone', async () => {
  using folder = makeDataDir();
  using stranger = await startStranger({});
  const record = { nonce: NONCE, kind: 'dev', projectId: 'p1', pid: stranger.pid, groupId: stranger.pid, startTime: '1' };
  writeFileSync(join(folder.makeFolder('run'), `${NONCE}.json`), JSON.stringify(record));
  writeFileSync(join(folder.dataDir, 'run', 'garbage.json'), '{');
  writeFileSync(join(folder.dataDir, 'run', 'draft.json.tmp'), '');
  const driver = createProcessDriver({ dataDir: folder.dataDir, log, sandbox: 'off' });
  expect(await driver.reapOrphans()).toBe(0);
  expect(isAlive(stranger.process)).toBe(true);
  expect(readdirSync(join(folder.dataDir, 'run'))).toEqual([]);
});
