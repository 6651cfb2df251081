/** A host to be killed by tests: starts three children, one of which forks, prints their nonces' folder, waits. */
import { join } from 'node:path';
import { createLog } from '#server/log.ts';
import { createProcessDriver } from '#server/runtime/process/driver.ts';
import { nodeRequest } from './harness.ts';

const [dataDir, sandbox] = process.argv.slice(2) as [string, 'required' | 'off'];
const driver = createProcessDriver({ dataDir, log: createLog('silent'), sandbox });
const workspace = join(dataDir, 'projects', 'p1', 'workspace');
const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1e3); console.log('up')`;
const forking = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3)'], { detached: true, stdio: 'ignore' }); ${stubborn}`;
for (const code of [stubborn, stubborn, forking]) {
  const child = await driver.spawnChild(nodeRequest(workspace, code));
  await new Promise((resolve) => child.process.stdout?.once('data', resolve));
}
console.log('ready');
setInterval(() => {}, 1_000);
