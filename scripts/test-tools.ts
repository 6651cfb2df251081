import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Path of a Chromium for the end-to-end tests: `DOCE_BROWSER`, else the usual places. */
export function findBrowser(): string | undefined {
  return [process.env.DOCE_BROWSER, ...usual].find((path) => path !== undefined && path !== '' && existsSync(path));
}

/** Programs that are unpacked, not installed: their packages would start a server on ports 80 and 443. */
const unpackedFolder = join(import.meta.dirname, '../node_modules/.cache/doce-test-tools');
const unpacked = { caddy: 'usr/bin/caddy', nginx: 'usr/sbin/nginx' } as const;

/** Path of a reverse proxy for the tests of `deploy/`: installed, or unpacked by `installTestTools`. */
export function findProxy(name: keyof typeof unpacked): string | undefined {
  return [`/${unpacked[name]}`, join(unpackedFolder, unpacked[name])].find((path) => existsSync(path));
}

/**
 * Installs what the tests need beside Node, where that is possible without asking: Debian, as root. Elsewhere says in one line
 * what to install, and exits. Without bubblewrap the tests run all the same, unconfined, as doce itself would.
 */
export function installTestTools(): void {
  const isDebian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  const missing = [findBrowser() ? [] : ['chromium', 'fonts-liberation'], existsSync('/usr/bin/bwrap') ? [] : ['bubblewrap']].flat();
  const proxies = (['caddy', 'nginx'] as const).filter((name) => !findProxy(name));
  if (isDebian && missing.length + proxies.length > 0) {
    process.stdout.write(`Installing for the tests: ${[...missing, ...proxies].join(', ')}…\n`);
    aptGet(['update', '-qq']);
    if (missing.length > 0) aptGet(['install', '-y', '-qq', '--no-install-recommends', ...missing]);
    if (proxies.length > 0) unpack(proxies);
  }
  const absent = proxies.filter((name) => !findProxy(name));
  if (absent.length > 0) process.stdout.write(`Not installed, so what stands behind it is not tested: ${absent.join(', ')}.\n`);
  if (findBrowser()) return;
  process.stderr.write('The end-to-end tests need Chromium or Chrome: install one, or set DOCE_BROWSER to its path.\n');
  process.exit(1);
}

function aptGet(args: readonly string[], cwd = process.cwd()): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], env });
}

function unpack(packages: readonly string[]): void {
  mkdirSync(unpackedFolder, { recursive: true });
  aptGet(['download', '-qq', '-o', 'APT::Sandbox::User=root', ...packages], unpackedFolder);
  for (const file of globSync('*.deb', { cwd: unpackedFolder })) spawnSync('dpkg-deb', ['-x', file, '.'], { cwd: unpackedFolder });
}
