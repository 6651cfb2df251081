/**
 * A host to be killed by tests: starts three children, one of which forks, says that they are up, and waits.
 * With `at-once` it says so first, and starts them all together.
 */
import { join } from 'node:path';
import { createLog } from '#server/log.ts';
import { createProcessDriver } from '#server/runtime/process/driver.ts';
import { nodeRequest } from './harness.ts';

const [dataDir, sandbox, atOnce] = process.argv.slice(2) as [string, 'required' | 'off', 'at-once'?];
const driver = createProcessDriver({ dataDir, log: createLog('silent'), sandbox });
const workspace = join(dataDir, 'projects', 'p1', 'workspace');
const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1e3); console.log('up')`;
const forking = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3)'], { detached: true, stdio: 'ignore' }); ${stubborn}`;
const start = async (code: string) => {
  const child = await driver.spawnChild(nodeRequest(workspace, code));
  await new Promise((resolve) => child.process.stdout?.once('data', resolve));
};
if (atOnce) {
  console.log('ready');
  await Promise.all([stubborn, stubborn, forking].map(start));
} else {
  for (const code of [stubborn, stubborn, forking]) await start(code);
  console.log('ready');
}
setInterval(() => {}, 1_000);
