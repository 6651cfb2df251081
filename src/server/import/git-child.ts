import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SpawnChild, SpawnedChild } from '#server/spawn.ts';
import { refuseImport } from './refuse-import.ts';

const COMPLAINT_BYTES = 4_000;
const MEMORY_BYTES = 2 * 1024 ** 3;
const WATCH_EVERY_MS = 200;
const PRLIMIT = '/usr/bin/prlimit';

/** Nothing that a repository, its server or this machine says may make git do more than fetch over https. */
const SETTINGS = [
  'protocol.allow=never',
  'protocol.https.allow=always',
  'http.followRedirects=false',
  'http.proxy=',
  'http.sslVerify=true',
  'credential.helper=',
  'core.askPass=',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.symlinks=false',
  'submodule.recurse=false',
  'transfer.bundleURI=false',
  'fetch.unpackLimit=1',
  'pack.threads=1',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

export interface GitRoom {
  spawnChild: SpawnChild;
  projectId: string;
  /** Folder that git may write; nobody else's. */
  folder: string;
  caFile?: string | undefined;
  signal: AbortSignal;
}

/** The machine's git, with nothing of the machine's or anybody's configuration, asking nobody. */
export async function startGit(room: GitRoom, args: readonly string[]): Promise<SpawnedChild> {
  const git = ['/usr/bin/git', '/usr/local/bin/git', '/opt/homebrew/bin/git', '/bin/git'].find((file) => existsSync(file));
  if (!git) throw refuseImport('import_git_missing');
  const home = join(room.folder, 'home');
  await mkdir(home, { recursive: true, mode: 0o700 });
  room.signal.throwIfAborted();
  const limited = existsSync(PRLIMIT);
  const child = await room.spawnChild({
    projectId: room.projectId,
    kind: 'import',
    file: limited ? PRLIMIT : git,
    args: [...(limited ? [`--as=${MEMORY_BYTES}`, '--', git] : []), ...SETTINGS, ...args],
    cwd: room.folder,
    env: {
      PATH: '/usr/bin:/bin',
      HOME: home,
      LANG: 'C.UTF-8',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_ATTR_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ALLOW_PROTOCOL: 'https',
      GIT_LFS_SKIP_SMUDGE: '1',
      GIT_OPTIONAL_LOCKS: '0',
      ...(room.caFile ? { GIT_SSL_CAINFO: room.caFile } : {}),
    },
    writable: [room.folder],
    readable: room.caFile ? [room.caFile] : [],
  });
  const stop = () => void child.stop(0);
  room.signal.addEventListener('abort', stop, { once: true });
  if (room.signal.aborted) stop();
  void child.exited.then(() => room.signal.removeEventListener('abort', stop));
  return child;
}

/** What git says went wrong, and whether anything did. Never rejects. */
export async function gitEnd(child: SpawnedChild): Promise<{ succeeded: boolean; complaint: string }> {
  let complaint = '';
  child.process.stderr?.on('data', (chunk: Buffer) => void (complaint = (complaint + chunk.toString()).slice(-COMPLAINT_BYTES)));
  const { exitCode } = await child.exited;
  return { succeeded: exitCode === 0, complaint };
}

/** Ends the child when its folder outgrows the limit. @returns Whether it did, once the child is gone. */
export async function watchSize(child: SpawnedChild, folder: string, limitBytes: number): Promise<boolean> {
  const over = new AbortController();
  void child.exited.then(() => over.abort());
  while (!over.signal.aborted) {
    await delay(WATCH_EVERY_MS, undefined, { signal: over.signal }).catch(() => {});
    if ((await sizeOf(folder)) <= limitBytes) continue;
    await child.stop(0);
    return true;
  }
  return false;
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((total, size) => total + size, 0);
}
