import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './build-failure.ts';
import { readScript } from './package-scripts.ts';
import type { NodeCommand, SiteManifest } from './package-scripts.ts';

/** What a build left: pages in a folder, or a program. */
export type BuildOutput = { kind: 'pages'; folder: string } | ServerOutput;

export interface ServerOutput {
  kind: 'server';
  /** The package's folder. */
  site: string;
  /** What of it the program is made of; everything when undefined. */
  parts: readonly string[] | undefined;
  command: NodeCommand;
  /** Files for browsers whose names carry a hash of their content, in `site`; they are served without the program. */
  assets: string | undefined;
  /** Direct dependencies that it needs to run. */
  dependencies: readonly string[];
  /** It works in the folder for what it keeps, not in that of its files. */
  worksInData: boolean;
}

/**
 * With an adapter Astro puts the files for browsers aside, next to a server.
 *
 * @throws BuildError when that server can't be run.
 */
export function findAstroOutput(site: string, manifest: SiteManifest): BuildOutput {
  const output = join(site, 'dist');
  if (!existsSync(join(output, 'server')) || !existsSync(join(output, 'client'))) return { kind: 'pages', folder: output };
  const entry = join(output, 'server', 'entry.mjs');
  if (!existsSync(entry))
    throw new BuildError('server_output', 'dist/server has no entry.mjs: astro.config names the adapter of another host.');
  // `virtual:astro-node:config` of @astrojs/node, as the bundler writes it.
  if (/\bmode\s*[=:]\s*["']middleware["']/.test(readFileSync(entry, 'utf8')))
    throw new BuildError('server_middleware', 'astro.config: node({ mode: "middleware" })');
  return {
    kind: 'server',
    site,
    parts: ['dist', 'package.json'],
    command: { args: ['dist/server/entry.mjs'], env: {} },
    assets: 'dist/client',
    dependencies: runtimeDependencies(manifest),
    worksInData: true,
  };
}

/**
 * Of a package that is no Astro site: pages where bundlers put them, else what its `start` script runs.
 *
 * @throws BuildError when it has neither.
 */
export function findPackageOutput(site: string, manifest: SiteManifest): BuildOutput {
  const folder = ['dist', 'build', 'out', 'public'].map((name) => join(site, name)).find((path) => existsSync(join(path, 'index.html')));
  if (folder !== undefined && !manifest.scripts['start']) return { kind: 'pages', folder };
  if (!manifest.scripts['start']) throw new BuildError('no_pages', 'package.json has no start script, and the build made no index.html.');
  const commands = readScript(site, manifest, 'start');
  if (commands.length !== 1) throw new BuildError('script_unreadable', 'package.json: the start script must be one command.');
  return {
    kind: 'server',
    site,
    parts: undefined,
    command: commands[0]!,
    assets: undefined,
    dependencies: runtimeDependencies(manifest),
    worksInData: false,
  };
}

function runtimeDependencies({ dependencies, optionalDependencies }: SiteManifest): string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies }).sort();
}
