import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * The native pnpm that doce depends on. Running it directly saves the start of a Node process.
 *
 * @throws Error when doce's own install is incomplete.
 */
export function findPnpm(): string {
  const wrapper = dirname(realpathSync(require.resolve('pnpm/package.json')));
  const scope = join(wrapper, '..', '@pnpm');
  const target = `exe.${process.platform}-${process.arch}`;
  const candidates = [`${target}`, `${target}-musl`].flatMap((name) => [
    join(scope, name, 'pnpm'),
    join(wrapper, 'node_modules', '@pnpm', name, 'pnpm'),
  ]);
  const found = candidates.find((file) => existsSync(file));
  if (!found) throw new Error('The native pnpm binary is missing. Run `pnpm bootstrap` again.');
  return realpathSync(found);
}

/**
 * Arguments of an install that runs nobody's code. Offline, the lockfile's supply-chain policies count as checked: what the store
 * holds got there online, or with a template of ours.
 */
export function installArguments(storeDir: string, mode: 'offline' | 'online'): string[] {
  return [
    'install',
    '--no-frozen-lockfile',
    '--ignore-scripts',
    '--ignore-pnpmfile',
    '--reporter=append-only',
    ...(mode === 'offline' ? ['--offline', '--trust-lockfile'] : ['--prefer-offline']),
    ...storeArguments(storeDir),
    '--config.enable-global-virtual-store=true',
  ];
}

/** Arguments that warm the store with a template: its lockfile is ours, and what it says is what is fetched. */
export function warmArguments(storeDir: string, mode: 'offline' | 'online'): string[] {
  const [install, , ...rest] = installArguments(storeDir, mode);
  return [install!, '--frozen-lockfile', ...rest.filter((argument) => argument !== '--trust-lockfile'), '--trust-lockfile'];
}

/** Arguments that turn the lockfile of npm or yarn into pnpm's. */
export function importArguments(storeDir: string): string[] {
  return ['import', '--ignore-pnpmfile', '--reporter=append-only', ...storeArguments(storeDir)];
}

/** Packages and what the registry said of them, shared by all installs. */
function storeArguments(storeDir: string): string[] {
  return [`--config.store-dir=${storeDir}`, `--config.cache-dir=${join(storeDir, 'cache')}`];
}

/** PATH of a child: doce's own Node first, then the system's folders. */
export function childPath(): string {
  return `${dirname(realpathSync(process.execPath))}:/usr/local/bin:/usr/bin:/bin`;
}
