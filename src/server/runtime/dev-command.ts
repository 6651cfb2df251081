import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** How a site's dev server is started by Node. */
export interface DevCommand {
  args: string[];
  env: Record<string, string>;
  /** What counts as its front page: a page, or any good answer where nobody knows what the program serves. */
  accepts: 'page' | 'anything';
}

const Manifest = z.object({ scripts: z.object({ dev: z.string().trim().min(1) }) });
const AstroManifest = z.object({ bin: z.union([z.string(), z.object({ astro: z.string() })]) });

/** How programs are told where to listen; any other hears it from `PORT` and `HOST` only. */
const flagsOf: Record<string, (port: number) => string[]> = {
  vite: (port) => ['--port', String(port), '--strictPort', '--host', '127.0.0.1'],
  nuxt: (port) => ['--port', String(port), '--host', '127.0.0.1'],
  nuxi: (port) => ['--port', String(port), '--host', '127.0.0.1'],
  next: (port) => ['--port', String(port), '--hostname', '127.0.0.1'],
  'react-router': (port) => ['--port', String(port), '--host', '127.0.0.1'],
  vitepress: (port) => ['--port', String(port), '--host', '127.0.0.1'],
  eleventy: (port) => [`--port=${port}`],
  webpack: (port) => ['--port', String(port), '--host', '127.0.0.1'],
};

/**
 * The workspace's own `astro dev` when it has Astro, else its `dev` script, which Node itself runs (`node --run`).
 *
 * @param allowedHosts Suffix of the hostnames under which browsers see the site: `.preview.localhost`.
 */
export function devCommand(workspace: string, port: number, allowedHosts: string): DevCommand {
  const env = { PORT: String(port), HOST: '127.0.0.1', __VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS: allowedHosts };
  const script = existsSync(join(workspace, 'node_modules', 'astro')) ? undefined : readDevScript(workspace);
  if (script === undefined) return { args: astroArguments(workspace, port, allowedHosts), env, accepts: 'page' };
  const flags = flagsOf[programOf(script)]?.(port) ?? [];
  return { args: ['--run', 'dev', ...(flags.length > 0 ? ['--', ...flags] : [])], env, accepts: 'anything' };
}

/**
 * Flags win over the site's own `server` and `base`: it has a hostname of its own, so its pages are at the root of it. Those that
 * an older Astro does not know, it ignores.
 */
function astroArguments(workspace: string, port: number, allowedHosts: string): string[] {
  return [
    ...[astroBinary(workspace), 'dev', '--host', '127.0.0.1', '--port', String(port), '--base', '/', '--no-open'],
    ...['--ignore-lock', '--allowed-hosts', allowedHosts],
  ];
}

/** The `bin` of whatever Astro the project uses; Astro 7's place when its manifest can't be read. */
function astroBinary(workspace: string): string {
  const folder = join(workspace, 'node_modules', 'astro');
  const { data } = AstroManifest.safeParse(readJson(join(folder, 'package.json')));
  if (!data) return join(folder, 'bin', 'astro.mjs');
  return join(folder, typeof data.bin === 'string' ? data.bin : data.bin.astro);
}

function readDevScript(workspace: string): string | undefined {
  return Manifest.safeParse(readJson(join(workspace, 'package.json'))).data?.scripts.dev;
}

/** The program that what is appended to the script reaches: the last command's, without variables and launchers before it. */
function programOf(script: string): string {
  const words = (script.split(/&&|\|\||;|\|/).at(-1) ?? '').trim().split(/\s+/);
  return (
    words.find((word) => !/^[A-Z_][A-Z0-9_]*=/i.test(word) && !['npx', 'cross-env', 'pnpm', 'yarn', 'exec', 'dlx'].includes(word)) ?? ''
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
