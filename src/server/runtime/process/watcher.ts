import { spawn } from 'node:child_process';
import { NONCE_VARIABLE } from './proc.ts';

/**
 * Outlives the host just long enough to kill its unconfined children.
 * Told of runs over a pipe; the kernel closes the pipe however the host dies.
 */
export interface Watcher {
  /** Before the spawn, so that a host that dies right after it leaks nothing. */
  expect(nonce: string): void;
  started(nonce: string, pid: number): void;
  gone(nonce: string): void;
  close(): void;
}

// Given to `node -e`: a bundled host has no file of its own to point at.
const SCRIPT = `
const { readFileSync, readdirSync } = require('node:fs');
const runs = new Map();
let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  for (const line of lines) {
    const [nonce, pid] = line.split(' ');
    if (pid === '-') runs.delete(nonce);
    else runs.set(nonce, Number(pid));
  }
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
const kill = (pid) => { try { process.kill(pid, 'SIGKILL'); return true; } catch { return false; } };
const carriers = () => {
  try {
    return readdirSync('/proc').filter((name) => {
      if (!/^[0-9]+$/.test(name)) return false;
      try {
        const found = readFileSync('/proc/' + name + '/environ', 'latin1').split('\\0').find((entry) => entry.startsWith('${NONCE_VARIABLE}='));
        return found !== undefined && runs.has(found.slice(${NONCE_VARIABLE.length + 1}));
      } catch { return false; }
    });
  } catch { return []; }
};
const sweep = (left) => {
  const killed = carriers().filter((pid) => kill(Number(pid))).length;
  for (const pid of runs.values()) if (pid > 1) kill(-pid);
  if (left === 0 || (killed === 0 && left < 48)) process.exit(0);
  setTimeout(sweep, 50, left - 1);
};
process.stdin.on('error', () => sweep(50));
process.stdin.on('end', () => sweep(50));
`;

/** Starts the watcher with the first run it is told of. */
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
  const child = spawn(process.execPath, ['--max-old-space-size=16', '-e', SCRIPT], {
    detached: true,
    env: {},
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  // A watcher that someone killed must not take the host with it; boot-time reaping is the second net.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  return child.stdin;
}
