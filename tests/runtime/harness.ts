import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createLog } from '#server/log.ts';
import { createProcessDriver } from '#server/runtime/process/driver.ts';
import { probeBubblewrap } from '#server/runtime/process/sandbox.ts';
import type { SpawnedChild, SpawnRequest } from '#server/spawn.ts';

export const log = createLog('silent');

/** Both ways of confining where this machine has both. */
export const sandboxes = probeBubblewrap() ? (['required', 'off'] as const) : (['off'] as const);

/** A data directory of its own, gone when the test ends. */
export function makeDataDir() {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-runtime-test-'));
  const makeFolder = (...path: string[]) => {
    const folder = join(dataDir, ...path);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  return { dataDir, makeFolder, [Symbol.dispose]: () => rmSync(dataDir, { recursive: true, force: true }) };
}

export function openDriver(sandbox: (typeof sandboxes)[number] = 'off') {
  const folder = makeDataDir();
  const driver = createProcessDriver({ dataDir: folder.dataDir, log, sandbox });
  const workspace = folder.makeFolder('projects', 'p1', 'workspace');
  return {
    ...folder,
    driver,
    workspace,
    /** Runs a piece of JavaScript as a child of the project. */
    run: (code: string, more: Partial<SpawnRequest> = {}) => driver.spawnChild(nodeRequest(workspace, code, more)),
    records: () => readdirSync(join(folder.dataDir, 'run')),
    async [Symbol.asyncDispose]() {
      await driver.close();
      folder[Symbol.dispose]();
    },
  };
}

export function nodeRequest(workspace: string, code: string, more: Partial<SpawnRequest> = {}): SpawnRequest {
  return {
    projectId: 'p1',
    kind: 'dev',
    file: process.execPath,
    args: ['-e', code],
    cwd: workspace,
    env: {},
    writable: [workspace],
    ...more,
  };
}

/** All that a child prints. */
export async function outputOf(child: SpawnedChild): Promise<string> {
  return child.process.stdout ? (await text(child.process.stdout)).trim() : '';
}

/** Resolves with the next line that the child prints. */
export function nextLine(child: SpawnedChild): Promise<string> {
  return new Promise((resolve) => child.process.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim())));
}
