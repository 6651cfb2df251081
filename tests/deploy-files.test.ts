import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '#server/config.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const analyse = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' });
const canAnalyse = existsSync('/usr/bin/systemd-analyze') && analyse('security', '--help').stdout.includes('--offline');

test.skipIf(!canAnalyse)('systemd finds nothing wrong with the unit, and little exposed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doce-unit-'));
  try {
    const unit = join(folder, 'doce.service');
    writeFileSync(unit, read('deploy/doce.service').replaceAll('/opt/doce', root));
    const verified = analyse('verify', unit);
    expect(verified.stderr.split('\n').filter((line) => line.includes('doce.service'))).toEqual([]);
    expect(verified.status).toBe(0);
    const security = analyse('security', '--offline=true', '--no-pager', '--threshold=35', unit);
    expect(security.status, security.stdout).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the unit and the container start doce as `launch` does', () => {
  const [, ...launch] = (JSON.parse(read('package.json')) as { scripts: { launch: string } }).scripts.launch.split(' ');
  expect(read('deploy/doce.service')).toContain(`/node ${launch.join(' ')}\n`);
  expect(read('deploy/Dockerfile')).toContain(`/node", ${launch.map((part) => JSON.stringify(part)).join(', ')}]\n`);
});

test('nothing in deploy reaches Docker, and all that it sets is a setting', () => {
  const files = globSync('deploy/*', { cwd: root }).map(read);
  expect(files.join('\n')).not.toMatch(/docker\.sock/);
  expect(read('deploy/compose.yaml')).not.toMatch(/privileged|cap_add/);
  const names = new Set(
    [...files, read('docs/production.md')].flatMap((text) => text.match(/^\s*(?:-\s+|ENV .*)?(DOCE_[A-Z_]+)(?=[:=])/gm) ?? []),
  );
  const known = read('.env.example');
  const ofCaddy = ['DOCE_HOST', 'DOCE_PORT', 'DOCE_CADDY_OPTIONS'];
  const unknown = [...names]
    .map((name) => /DOCE_[A-Z_]+/.exec(name)![0])
    .filter((name) => !ofCaddy.includes(name) && !known.includes(`#${name}=`));
  expect(unknown).toEqual([]);
});

test('the example of the documentation is a configuration that starts', () => {
  const example = /cat > \/etc\/doce\.env <<'END'\n([^]*?)\nEND/.exec(read('docs/production.md'))![1]!;
  const environment = Object.fromEntries(example.split('\n').map((line) => line.split('=') as [string, string]));
  expect(readConfig(environment)).toMatchObject({
    host: '127.0.0.1',
    publicUrl: 'https://doce.example.com',
    sitesDomain: 'example.com',
    trustedProxy: '127.0.0.1',
    sandbox: 'required',
  });
});
