import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { VersionsError } from './versions-error.ts';

const TIMEOUT_MS = 60_000;
const OUTPUT_BYTES = 64 * 1024 * 1024;
const ERROR_BYTES = 4_000;

/**
 * Nothing but our own repository speaks: no configuration, attributes or hooks of the machine or of a person, no protocol, no
 * prompt. Git is never told of a work tree: the files of a workspace reach it as bytes on its standard input only.
 */
const ENVIRONMENT = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '/bin/false',
};
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'core.pager=cat',
  'core.fsync=committed,loose-object,reference',
  'core.fsyncMethod=batch',
  'protocol.allow=never',
  'gc.auto=0',
  'maintenance.auto=false',
  'diff.renames=true',
].flatMap((setting) => ['-c', setting]);

export interface GitOptions {
  input?: string | Uint8Array;
  /** Output beyond it is cut off and git ended; `cut` tells. */
  limitBytes?: number;
  timeoutMs?: number;
}

/** The machine's git, or undefined. */
export function findGit(): string | undefined {
  return ['/usr/bin/git', '/usr/local/bin/git', '/opt/homebrew/bin/git', '/bin/git'].find((file) => existsSync(file));
}

/**
 * Starts git on a bare repository, with nothing inherited.
 *
 * @throws VersionsError `git_missing`.
 */
export function startGit(gitDir: string, args: readonly string[], timeoutMs = TIMEOUT_MS): ChildProcessWithoutNullStreams {
  const file = findGit();
  if (!file) throw new VersionsError('git_missing');
  return spawn(file, [...SETTINGS, ...args], {
    cwd: gitDir,
    env: { ...ENVIRONMENT, GIT_DIR: gitDir },
    stdio: 'pipe',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
}

/**
 * Runs git to its end.
 *
 * @throws VersionsError `git_missing`, `git_failed` with what it said as the cause.
 */
export async function runGit(gitDir: string, args: readonly string[], options: GitOptions = {}): Promise<{ output: Buffer; cut: boolean }> {
  const child = startGit(gitDir, args, options.timeoutMs);
  const limitBytes = options.limitBytes ?? OUTPUT_BYTES;
  const chunks: Buffer[] = [];
  let total = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    total += chunk.length;
    chunks.push(chunk);
    if (total > limitBytes) child.kill('SIGKILL');
  });
  const ended = gitEnd(child);
  child.stdin.end(options.input);
  const { succeeded, complaint } = await ended;
  const cut = total > limitBytes;
  if (!succeeded && !cut) throw new VersionsError('git_failed', { cause: new Error(`git ${args[0]}: ${complaint}`) });
  return { output: Buffer.concat(chunks).subarray(0, limitBytes), cut };
}

/** Resolves when git has ended and its output is all there. Never rejects. */
export function gitEnd(child: ChildProcessWithoutNullStreams): Promise<{ succeeded: boolean; complaint: string }> {
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => void (complaint = (complaint + chunk.toString()).slice(0, ERROR_BYTES)));
  // Git may end before it has read everything; its exit code says why.
  child.stdin.on('error', () => {});
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ succeeded: false, complaint: error.message }));
    child.once('close', (code, signal) => resolve({ succeeded: code === 0, complaint: signal ? `ended by ${signal}` : complaint.trim() }));
  });
}
