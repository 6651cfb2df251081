import { spawn } from 'node:child_process';
import { NONCE_VARIABLE } from './proc.ts';

/**
 * Outlives the host just long enough to kill the children it left: all of those that are unconfined, and those that
 * bubblewrap was still setting up (they end with the process that started them only from a moment on).
 * Told of runs over a pipe; the kernel closes the pipe however the host dies.
 */
export interface Watcher {
  /** Before the spawn, so that a host that dies right after it leaks nothing. */
  expect(nonce: string): void;
  started(nonce: string, pid: number): void;
  gone(nonce: string): void;
  close(): void;
}

// Of sleep and grep; the last is NixOS's.
const TOOL_FOLDERS = '/usr/bin:/bin:/run/current-system/sw/bin';

/** Kills until nothing was left for a second (a process may still be forked, and not be the command yet), or for five. */
const SCRIPT = `
trap '' INT TERM HUP
runs=
while read -r nonce pid; do
  others=
  for run in $runs; do
    case $run in "$nonce":*) ;; *) others="$others $run" ;; esac
  done
  runs=$others
  [ "$pid" = - ] || runs="$runs $nonce:$pid"
done
[ -n "$runs" ] || exit 0
carried=
for run in $runs; do
  carried="$carried
${NONCE_VARIABLE}=\${run%:*}"
done
carried=\${carried#?}
quiet=0
left=100
while [ $quiet -lt 20 ] && [ $left -gt 0 ]; do
  quiet=$((quiet + 1))
  left=$((left - 1))
  for file in $(grep -lsaF -e "$carried" /proc/[0-9]*/environ); do
    pid=\${file#/proc/}
    kill -9 "\${pid%/environ}" && quiet=0
  done
  for run in $runs; do
    [ "\${run#*:}" -gt 1 ] && kill -9 -"\${run#*:}" && quiet=0
  done
  sleep 0.05
done 2> /dev/null
`;

/** Starts the watcher, a shell (1 MB), with the first run it is told of. */
export function createWatcher(): Watcher {
  let pipe: NodeJS.WritableStream | undefined;
  const tell = (line: string) => {
    pipe ??= startWatcher();
    pipe.write(`${line}\n`);
  };
  return {
    expect: (nonce) => tell(`${nonce} 0`),
    started: (nonce, pid) => tell(`${nonce} ${pid}`),
    gone: (nonce) => void pipe?.write(`${nonce} -\n`),
    close() {
      pipe?.end();
      pipe = undefined;
    },
  };
}

function startWatcher(): NodeJS.WritableStream {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'doce-watcher'], {
    detached: true,
    env: { PATH: TOOL_FOLDERS },
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  // A watcher that someone killed must not take the host with it; boot-time reaping is the next net.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  return child.stdin;
}
