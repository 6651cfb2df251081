import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createLog } from '#server/log.ts';
import type { RestoreStep } from '#server/versions/restore.ts';
import { createVersions } from '#server/versions/versions.ts';
import { makeClock } from '../support/clock.ts';

/** A project folder with an empty workspace, and the engine on it. */
export function setupVersions(options: { atRestoreStep?: (step: RestoreStep) => void } = {}) {
  const projectDir = mkdtempSync(join(tmpdir(), 'doce-versions-'));
  onTestFinished(() => rmSync(projectDir, { recursive: true, force: true }));
  const workspace = join(projectDir, 'workspace');
  mkdirSync(workspace);
  const clock = makeClock();
  const boot = (more = options) => createVersions({ clock, log: createLog('silent'), ...more });
  const versions = boot();
  const at = (path: string) => join(workspace, path);
  return {
    projectDir,
    workspace,
    gitDir: join(projectDir, 'versions.git'),
    clock,
    versions,
    /** The engine of a host that has just begun. */
    boot,
    at,
    put(path: string, content: string | Buffer = path, mode = 0o644) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content, { mode });
    },
    link: (path: string, target: string) => symlinkSync(target, at(path)),
    remove: (path: string) => rmSync(at(path), { recursive: true }),
    /** Records; the workspace must have changed. */
    async record(title = 'A change') {
      const version = await versions.recordVersion(projectDir, { title, kind: 'turn' });
      if (!version) throw new Error('Nothing had changed.');
      return version.hash;
    },
    files: () => snapshot(workspace),
    git: (...args: string[]) =>
      spawnSync('git', ['--git-dir', join(projectDir, 'versions.git'), ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'] } }),
  };
}

/** Everything below a folder: content and kind by path, empty folders with a slash. */
export function snapshot(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (path: string) => {
    const names = readdirSync(join(folder, path)).sort();
    if (names.length === 0 && path !== '') found[`${path}/`] = 'empty';
    for (const name of names) {
      const inner = path === '' ? name : `${path}/${name}`;
      const stat = lstatSync(join(folder, inner));
      if (stat.isDirectory()) visit(inner);
      else if (stat.isSymbolicLink()) found[inner] = `→ ${readlinkSync(join(folder, inner))}`;
      else if (stat.isFile()) found[inner] = `${stat.mode & 0o100 ? 'x' : '-'} ${readFileSync(join(folder, inner), 'latin1')}`;
      else found[inner] = 'special';
    }
  };
  visit('');
  return found;
}
