import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SpawnRequest } from '#server/spawn.ts';

/** A command line ready for `spawn(file, args)`. */
export interface Command {
  file: string;
  args: string[];
}

/** Wraps a request's command so that it runs confined. */
export type Confine = (request: Pick<SpawnRequest, 'file' | 'args' | 'cwd' | 'writable' | 'readable'>) => Command;

const TMP_BYTES = 512 * 1024 * 1024;
const LARGEST_FILE_BYTES = 4 * 1024 * 1024 * 1024;

// What name look-up, TLS and the dynamic loader need; nothing else of /etc.
const ETC_PATHS = [
  '/etc/alternatives',
  '/etc/ca-certificates',
  '/etc/group',
  '/etc/hosts',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/localtime',
  '/etc/nsswitch.conf',
  '/etc/passwd',
  '/etc/pki',
  '/etc/resolv.conf',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
];

/**
 * Finds out, by running it once, whether bubblewrap works here, and with which options.
 *
 * @returns undefined when it is absent or the kernel refuses it.
 */
export function probeBubblewrap(bwrap = findBubblewrap()): Confine | undefined {
  const doesNothing = ['/usr/bin/true', '/bin/true', process.execPath].find((file) => existsSync(file));
  if (!bwrap || !doesNothing) return undefined;
  // --size exists since bubblewrap 0.7; Ubuntu 22.04 has 0.6.
  for (const tmp of [
    ['--size', String(TMP_BYTES), '--tmpfs', '/tmp'],
    ['--tmpfs', '/tmp'],
  ]) {
    const confine = bubblewrap(bwrap, tmp);
    const trial = confine({ file: doesNothing, args: ['--version'], cwd: '/tmp', writable: [], readable: [] });
    if (spawnSync(trial.file, trial.args, { env: {}, timeout: 10_000, stdio: 'ignore' }).status === 0) return confine;
  }
  return undefined;
}

function findBubblewrap(): string | undefined {
  return ['/usr/bin/bwrap', '/bin/bwrap', '/usr/local/bin/bwrap'].find((file) => existsSync(file));
}

function bubblewrap(bwrap: string, tmp: readonly string[]): Confine {
  const fixed = [
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--hostname', 'doce'],
    ...['--ro-bind', '/usr', '/usr', '--ro-bind-try', '/nix', '/nix'],
    ...['/bin', '/sbin', '/lib', '/lib32', '/lib64'].flatMap(systemFolder),
    ...ETC_PATHS.flatMap((path) => ['--ro-bind-try', existsSync(path) ? realpathSync(path) : path, path]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...tmp,
  ];
  const prefix = limits();
  return (request) => {
    const file = realpathSync(request.file);
    const args = [...fixed, ...folders(request, file), '--remount-ro', '/', '--chdir', request.cwd, '--', file, ...request.args];
    return prefix ? { file: prefix.file, args: [...prefix.args, bwrap, ...args] } : { file: bwrap, args };
  };
}

function systemFolder(path: string): string[] {
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

/** Parents before children, so that a writable folder inside a readable one stays writable. */
function folders(request: Parameters<Confine>[0], file: string): string[] {
  const node = realpathSync(process.execPath);
  const readable = [node, file, ...(request.readable ?? [])].filter((path) => !path.startsWith('/usr/') && path !== dirname(path));
  const mounts = [
    ...readable.map((path) => ({ path, option: '--ro-bind' })),
    ...request.writable.map((path) => ({ path, option: '--bind' })),
  ];
  return mounts.sort((a, b) => a.path.length - b.path.length).flatMap(({ option, path }) => [option, path, path]);
}

/** No core dumps and no endless files. Not RLIMIT_AS, which V8's reserved address space exceeds by design. */
function limits(): Command | undefined {
  const file = '/usr/bin/prlimit';
  return existsSync(file) ? { file, args: ['--core=0:0', `--fsize=${LARGEST_FILE_BYTES}`, '--'] } : undefined;
}
