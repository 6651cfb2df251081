import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

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

/**
 * Installs what the tests need beside Node, where that is possible without asking: Debian, as root. Elsewhere says in one line
 * what to install, and exits. Without bubblewrap the tests run all the same, unconfined, as doce itself would.
 */
export function installTestTools(): void {
  const missing = [findBrowser() ? [] : ['chromium', 'fonts-liberation'], existsSync('/usr/bin/bwrap') ? [] : ['bubblewrap']].flat();
  if (missing.length > 0 && existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    process.stdout.write(`Installing for the tests: ${missing.join(', ')}…\n`);
    aptGet('update', '-qq');
    aptGet('install', '-y', '-qq', '--no-install-recommends', ...missing);
  }
  if (findBrowser()) return;
  process.stderr.write('The end-to-end tests need Chromium or Chrome: install one, or set DOCE_BROWSER to its path.\n');
  process.exit(1);
}

function aptGet(...args: string[]): void {
  spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}
