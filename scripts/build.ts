import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sources = ['src', 'public', 'astro.config.mjs', 'package.json', 'pnpm-lock.yaml', 'tsconfig.json'];
const stampFile = 'dist/build-stamp';

/** Builds the app unless `dist/` already holds this very source. Returns whether it built. */
export function buildIfStale(): boolean {
  const stamp = hashSources();
  if (existsSync('dist/server/entry.mjs') && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  build();
  return true;
}

/** Builds, and leaves a stamp of what was built. Exits the process when the build fails. */
export function build(): void {
  const stamp = hashSources();
  const { status } = spawnSync(process.execPath, ['node_modules/astro/bin/astro.mjs', 'build', '--silent'], {
    stdio: 'inherit',
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
  });
  if (status !== 0) {
    process.stderr.write('The build failed; the lines above say where.\n');
    process.exit(status ?? 1);
  }
  writeFileSync(stampFile, stamp);
}

function hashSources(): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of sources.flatMap(listFiles).sort()) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function listFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => listFiles(join(path, name))) : [path];
}

if (import.meta.main) build();
