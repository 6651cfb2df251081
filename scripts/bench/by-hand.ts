import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { childPath, findPnpm } from '#server/runtime/pnpm.ts';
import { findFreePort } from '#server/runtime/port.ts';
import { ASK_EVERY_MS } from './creation.ts';
import { isGoodPage, untilServed } from './page.ts';

const GIVE_UP_MS = 60_000;
const NOT_COPIED = new Set(['node_modules', '.astro', 'dist']);

/** Milliseconds since `pnpm install` was started. */
export interface ByHand {
  installedMs: number;
  answeredMs: number;
}

/**
 * What a person would do in a terminal with the same starter: `pnpm install && astro dev`, until the first good answer.
 * The same pnpm binary, Node and warm store as the app, no sandbox. The copy of the starter is made before the clock starts,
 * outside of the checkout: below an ignored folder of a repository Tailwind reads all of `node_modules`.
 */
export async function startByHand(storeDir: string): Promise<ByHand> {
  const folder = mkdtempSync(join(tmpdir(), 'doce-by-hand-'));
  cpSync('templates/starter', folder, { recursive: true, filter: (path) => !NOT_COPIED.has(basename(path)) });
  const port = await findFreePort(null);
  const beganAtMs = Date.now();
  const install = run(folder, findPnpm(), ['install', `--config.store-dir=${storeDir}`]);
  const [exitCode] = (await once(install, 'exit')) as [number | null];
  if (exitCode !== 0) throw new Error(`pnpm install by hand ended with ${exitCode}.`);
  const installedMs = Date.now() - beganAtMs;
  const astro = run(folder, process.execPath, [
    join(folder, 'node_modules/astro/bin/astro.mjs'),
    'dev',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
  ]);
  const target = { port, host: `localhost:${port}` };
  const first = await untilServed(target, isGoodPage, { everyMs: ASK_EVERY_MS, signal: AbortSignal.timeout(GIVE_UP_MS) });
  await end(astro);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  if (!first) throw new Error('The starter did not come up by hand.');
  return { installedMs, answeredMs: first.atMs - beganAtMs };
}

function run(cwd: string, file: string, args: string[]): ChildProcess {
  // The last one keeps Astro from going to the background when it finds itself below a coding agent.
  const env = { PATH: childPath(), HOME: process.env.HOME ?? '', ASTRO_TELEMETRY_DISABLED: '1', ASTRO_DEV_BACKGROUND: '1' };
  return spawn(file, args, { cwd, env, stdio: 'ignore' });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
