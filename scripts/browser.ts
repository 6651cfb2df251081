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

/** Installs Debian's Chromium where that is possible without asking; elsewhere says in one line what to install, and exits. */
export function installBrowser(): void {
  const isDebianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (isDebianRoot) {
    process.stdout.write('Installing Chromium for the end-to-end tests…\n');
    const options = {
      stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'bubblewrap', 'fonts-liberation'], options);
  }
  if (findBrowser()) return;
  process.stderr.write('The end-to-end tests need Chromium or Chrome: install one, or set DOCE_BROWSER to its path.\n');
  process.exit(1);
}
