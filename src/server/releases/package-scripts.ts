import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BuildError } from './build-failure.ts';

const Names = z.record(z.string(), z.string()).default({});
const Manifest = z.object({ scripts: Names, dependencies: Names, optionalDependencies: Names, devDependencies: Names });
const PackageBin = z.object({ name: z.string(), bin: z.union([z.string(), Names]) });

/** What a package says about itself, as far as building and running it goes. */
export type SiteManifest = z.infer<typeof Manifest>;

/** A program of Node's: its arguments, the first file among them relative to the package. */
export interface NodeCommand {
  args: string[];
  env: Record<string, string>;
}

/** @throws BuildError when `package.json` can't be read. */
export function readManifest(site: string): SiteManifest {
  try {
    return Manifest.parse(JSON.parse(readFileSync(join(site, 'package.json'), 'utf8')));
  } catch {
    throw new BuildError('build_failed', 'package.json can not be read.');
  }
}

/**
 * Reads a script of `package.json` as commands that need no shell: `tsc && vite build`, `PORT=1 node server.js`.
 *
 * @throws BuildError when a shell would be needed, or a program is none of Node's or of a direct dependency.
 */
export function readScript(site: string, manifest: SiteManifest, name: 'build' | 'start'): NodeCommand[] {
  const script = manifest.scripts[name] ?? '';
  return script.split('&&').map((text) => {
    if (/[|;<>$`(){}*?~&"'\\\n]/.test(text))
      throw unreadable(name, script, 'It needs a shell; write it as plain commands, such as node server.js.');
    const words = text.trim().split(/\s+/);
    const firstWord = words.findIndex((word) => !/^[A-Z_][A-Z0-9_]*=/i.test(word));
    const env = Object.fromEntries(words.slice(0, firstWord === -1 ? undefined : firstWord).map((word) => splitOnce(word)));
    const [program, ...rest] = words.slice(firstWord);
    if (firstWord === -1 || !program) throw unreadable(name, script, 'It names no program.');
    if (program === 'node') return { args: rest, env };
    const file = findBin(site, manifest, program);
    if (!file) throw unreadable(name, script, `${program} is neither node nor a program of a dependency.`);
    return { args: [file, ...rest], env };
  });
}

/** The file of a direct dependency's program, relative to the package. */
export function findBin(site: string, manifest: SiteManifest, program: string): string | undefined {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies });
  for (const name of names) {
    const found = PackageBin.safeParse(readJson(join(site, 'node_modules', name, 'package.json')));
    if (!found.success) continue;
    const { bin } = found.data;
    const file = typeof bin === 'string' ? (lastPart(found.data.name) === program ? bin : undefined) : bin[program];
    if (file !== undefined) return join('node_modules', name, file);
  }
  return undefined;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const lastPart = (name: string) => name.split('/').at(-1);
const splitOnce = (word: string): [string, string] => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];

function unreadable(name: string, script: string, why: string): BuildError {
  return new BuildError('script_unreadable', `package.json, script "${name}": ${script}\n${why}`);
}
