import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { acquireHostLock, HostLockedError } from '#server/db/host-lock.ts';

function makeDataDir() {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-lock-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

test('a second host is refused with the name of the first, and may start once it is gone', () => {
  const dataDir = makeDataDir();
  const lock = acquireHostLock(dataDir);
  expect(() => acquireHostLock(dataDir)).toThrow(HostLockedError);
  expect(() => acquireHostLock(dataDir)).toThrow(new RegExp(`process ${process.pid}`));
  lock.release();
  acquireHostLock(dataDir).release();
});

test('a killed host leaves no lock behind', async () => {
  const dataDir = makeDataDir();
  const lockModule = join(import.meta.dirname, '../../src/server/db/host-lock.ts');
  const program = `const { acquireHostLock } = await import(${JSON.stringify(lockModule)}); acquireHostLock(${JSON.stringify(dataDir)}); globalThis.gc(); console.log('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  expect(() => acquireHostLock(dataDir)).toThrow(new RegExp(`process ${holder.pid}`));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  acquireHostLock(dataDir).release();
});
