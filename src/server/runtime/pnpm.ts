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
 * Arguments of an install that runs nobody's code and touches no registry unless told to.
 *
 * The lockfile is the template's own, so its supply-chain policies were checked when it was committed.
 */
export function installArguments(storeDir: string, mode: 'offline' | 'online'): string[] {
  return [
    'install',
    '--frozen-lockfile',
    '--ignore-scripts',
    '--ignore-pnpmfile',
    '--trust-lockfile',
    '--reporter=append-only',
    ...(mode === 'offline' ? ['--offline'] : []),
    `--config.store-dir=${storeDir}`,
    '--config.enable-global-virtual-store=true',
  ];
}

/** PATH of a child: doce's own Node first, then the system's folders. */
export function childPath(): string {
  return `${dirname(realpathSync(process.execPath))}:/usr/local/bin:/usr/bin:/bin`;
}
