import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '#server/log.ts';
import { childPath, findPnpm, warmArguments } from './pnpm.ts';

const Stamp = z.object({ lockHash: z.string(), packages: z.array(z.string()) });

/** How warming ended. `cold`: packages are missing and the registry could not provide them; `detail` says why. */
export type WarmOutcome = { state: 'warm' } | { state: 'warmed' } | { state: 'cold'; detail: string };

/**
 * Makes sure that the store holds every template's packages, so that projects install without a network.
 * Costs a few stat calls when it does, and an install per template from the registry when it doesn't.
 *
 * @param input.templatesDir Folder of templates, each with a `pnpm-lock.yaml`.
 * @param input.template Only this one; all of them when absent.
 */
export async function warmStore(input: {
  storeDir: string;
  templatesDir: string;
  template?: string;
  signal?: AbortSignal;
  log: Log;
}): Promise<WarmOutcome> {
  const templates = input.template ? [input.template] : await listTemplates(input.templatesDir);
  let outcome: WarmOutcome = { state: 'warm' };
  for (const template of templates) {
    const one = await warmTemplate({ ...input, template });
    if (one.state === 'cold') return one;
    if (one.state === 'warmed') outcome = one;
  }
  return outcome;
}

async function warmTemplate(input: {
  storeDir: string;
  templatesDir: string;
  template: string;
  signal?: AbortSignal;
  log: Log;
}): Promise<WarmOutcome> {
  const source = join(input.templatesDir, input.template);
  const lockHash = createHash('sha256')
    .update(await readFile(join(source, 'pnpm-lock.yaml')))
    .digest('hex');
  const stampFile = join(input.storeDir, `warm-${input.template}.json`);
  if (await isStampGood(stampFile, lockHash)) return { state: 'warm' };

  await mkdir(input.storeDir, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(tmpdir(), 'doce-warm-'));
  try {
    for (const name of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
      if (existsSync(join(source, name))) await cp(join(source, name), join(folder, name));
    }
    const offline = await runPnpm(folder, warmArguments(input.storeDir, 'offline'), input.signal);
    if (!offline.ok) {
      input.log.info({ template: input.template }, 'fetching the packages of a template');
      await rm(join(folder, 'node_modules'), { recursive: true, force: true });
      const online = await runPnpm(folder, warmArguments(input.storeDir, 'online'), input.signal);
      if (!online.ok) return { state: 'cold', detail: online.output };
    }
    await writeStamp(stampFile, { lockHash, packages: await linkedPackages(folder) });
    return { state: offline.ok ? 'warm' : 'warmed' };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function listTemplates(templatesDir: string): Promise<string[]> {
  const entries = await readdir(templatesDir, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(templatesDir, entry.name, 'pnpm-lock.yaml')))
    .map((entry) => entry.name);
}

async function isStampGood(file: string, lockHash: string): Promise<boolean> {
  try {
    const stamp = Stamp.parse(JSON.parse(await readFile(file, 'utf8')));
    return stamp.lockHash === lockHash && stamp.packages.every((path) => existsSync(path));
  } catch {
    return false;
  }
}

async function writeStamp(file: string, stamp: z.infer<typeof Stamp>): Promise<void> {
  await writeFile(`${file}.tmp`, JSON.stringify(stamp));
  await rename(`${file}.tmp`, file);
}

/** Manifests of the direct dependencies, where they really are in the store. */
async function linkedPackages(folder: string): Promise<string[]> {
  const manifest = z
    .object({ dependencies: z.record(z.string(), z.string()).default({}) })
    .parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  const names = Object.keys(manifest.dependencies);
  return Promise.all(names.map((name) => realpath(join(folder, 'node_modules', name, 'package.json'))));
}

/** With the caller's own environment, because registries, proxies and certificates are configured there. */
function runPnpm(cwd: string, args: string[], signal: AbortSignal | undefined): Promise<{ ok: boolean; output: string }> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('DOCE_'));
  const env = { ...Object.fromEntries(kept), PATH: childPath(), CI: 'true' };
  return new Promise((resolve, reject) => {
    const child = spawn(findPnpm(), args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], ...(signal ? { signal } : {}) });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4_000)));
    }
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ ok: exitCode === 0, output }));
  });
}
