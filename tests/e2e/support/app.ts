import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
/** Without the first, which is `node`. */
const startArguments = manifest.scripts.start.split(' ').slice(1);
export const SETUP_TOKEN = 'setup-token-of-the-tests';
export const admin = { username: 'ada', password: 'correct horse battery' };

export interface App {
  origin: string;
  port: number;
  dataDir: string;
  process: ChildProcess;
  /** Everything it printed. */
  output(): string;
  /** SIGTERM, and waits for its end. */
  stop(): Promise<number | null>;
  /** SIGKILL, as a crash. */
  kill(): Promise<void>;
}

/** A data directory of its own. Not below `test-results`: Vite ignores changes in folders of that name. */
export function makeDataDir(): { dataDir: string; remove(): void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'doce-e2e-'));
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) };
}

/** Starts the built app as a person would, on a port of its own, and waits until it says it is ready. */
export async function startApp(dataDir: string, environment: Record<string, string> = {}): Promise<App> {
  const child = spawn(process.execPath, startArguments, {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      PORT: '0',
      LOG_LEVEL: 'info',
      DOCE_DATA_DIR: dataDir,
      DOCE_STORE_DIR: join(root, 'data/store'),
      DOCE_SETUP_TOKEN: SETUP_TOKEN,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
  const read = (chunk: Buffer) => {
    output += chunk.toString();
    const origin = /doce is ready at (\S+)/.exec(output)?.[1];
    if (origin) resolve(origin);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  child.once('exit', (code) => reject(new Error(`doce exited with ${code}:\n${output}`)));
  const origin = await ready;
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return {
    origin,
    port: Number(new URL(origin).port),
    dataDir,
    process: child,
    output: () => output,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  };
}

/** Processes that still work inside a data directory: their command line, folder or environment names it. */
export function processesOf(dataDir: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => [readProc(pid, 'cmdline'), readProc(pid, 'environ'), readCwd(pid)].some((text) => text.includes(dataDir)))
    .map((pid) => `${pid} ${readProc(pid, 'cmdline').replaceAll('\0', ' ').slice(0, 2_000)}`);
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function readCwd(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
