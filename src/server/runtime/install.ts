import { mkdir } from 'node:fs/promises';
import type { SpawnChild } from '#server/spawn.ts';
import { createLogTail } from './log-tail.ts';
import { childPath, findPnpm, installArguments } from './pnpm.ts';

const INSTALL_TIMEOUT_MS = 120_000;

export interface InstallInput {
  projectId: string;
  /** Absolute folder with a `package.json` and its lockfile. */
  folder: string;
  /** Home of the child; made when it is not there. */
  home: string;
  logFile: string;
  signal: AbortSignal;
  onLog(line: string): void;
}

/** `cold`: packages are not in the store. `failed`: anything else, most often a lockfile that does not fit the manifest. */
export type InstallOutcome = { state: 'installed' } | { state: 'cold' | 'failed'; output: string };

/**
 * Links a folder's packages from the store: from its lockfile, offline, without scripts, confined.
 *
 * @throws The signal's reason when aborted; the child is gone by then.
 */
export async function installPackages(options: { storeDir: string; spawnChild: SpawnChild }, input: InstallInput): Promise<InstallOutcome> {
  const signal = AbortSignal.any([input.signal, AbortSignal.timeout(INSTALL_TIMEOUT_MS)]);
  const tail = createLogTail({ file: input.logFile, onLine: input.onLog });
  await mkdir(input.home, { recursive: true, mode: 0o700 });
  await mkdir(options.storeDir, { recursive: true, mode: 0o700 });
  const child = await options.spawnChild({
    projectId: input.projectId,
    kind: 'install',
    file: findPnpm(),
    args: installArguments(options.storeDir, 'offline'),
    cwd: input.folder,
    env: { PATH: childPath(), HOME: input.home, CI: 'true', NO_COLOR: '1', LANG: 'C.UTF-8' },
    writable: [input.folder, input.home],
    readable: [options.storeDir],
  });
  const onAbort = () => void child.stop(500);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  if (child.process.stdout) tail.follow(child.process.stdout);
  if (child.process.stderr) tail.follow(child.process.stderr);
  const [{ exitCode }] = await Promise.all([child.exited, streamEnd(child.process.stderr), streamEnd(child.process.stdout)]);
  signal.removeEventListener('abort', onAbort);
  input.signal.throwIfAborted();
  if (exitCode === 0) return { state: 'installed' };
  const output = tail.last(50).join('\n');
  return { state: /ERR_PNPM_NO_OFFLINE/.test(output) ? 'cold' : 'failed', output };
}

async function streamEnd(stream: NodeJS.ReadableStream | null): Promise<void> {
  if (stream?.readable) await new Promise<void>((resolve) => void stream.once('close', resolve));
}
