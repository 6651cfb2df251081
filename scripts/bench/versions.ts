import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import { systemClock } from '#server/clock.ts';
import { createLog } from '#server/log.ts';
import { createVersions } from '#server/versions/versions.ts';
import type { Versions } from '#server/versions/versions.ts';
import { formatSpread, printTable } from './report.ts';
import type { BenchOptions, Verdict } from './report.ts';
import { spreadOf } from './statistics.ts';

const FILES = 5_000;
const VERSIONS = 1_000;
const TOUCHED = 3;

interface History {
  projectDir: string;
  hashes: string[];
  recordMs: number[];
}

/** A project of 5,000 files with 1,000 versions, beside what git makes of the same files by itself. */
export async function benchVersions({ rounds }: BenchOptions): Promise<Verdict[]> {
  const projectDir = mkdtempSync(join(tmpdir(), 'doce-bench-versions-'));
  const versions = createVersions({ clock: systemClock, log: createLog('silent') });
  try {
    const history = await makeHistory(versions, projectDir);
    return await measure(versions, history, rounds);
  } finally {
    rmSync(projectDir, { recursive: true, force: true });
  }
}

async function makeHistory(versions: Versions, projectDir: string): Promise<History> {
  for (let index = 0; index < FILES; index += 1) writePage(projectDir, index, 0);
  const history: History = { projectDir, hashes: [], recordMs: [] };
  for (let count = 1; count <= VERSIONS; count += 1) {
    touchPages(projectDir, count);
    history.recordMs.push(
      await timed(async () => {
        const version = await versions.recordVersion(projectDir, { title: `Change ${count}`, kind: 'turn' });
        history.hashes.push(version!.hash);
      }),
    );
    if (count % 100 === 0) process.stdout.write(`${count} versions\n`);
  }
  return history;
}

async function measure(versions: Versions, { projectDir, hashes, recordMs }: History, rounds: number): Promise<Verdict[]> {
  const samples = { list: [] as number[], page: [] as number[], oneBack: [] as number[], allBack: [] as number[], diff: [] as number[] };
  const blocked: number[] = [];
  const restore = (hash: string) => watched(blocked, () => timed(() => versions.restoreVersion(projectDir, hash, 'Restored')));
  for (let round = 0; round < rounds; round += 1) {
    samples.list.push(await timed(() => versions.listVersions(projectDir, VERSIONS)));
    samples.page.push(await timed(() => versions.listVersions(projectDir, 50)));
    samples.diff.push(await timed(() => versions.diffVersions(projectDir, hashes[0]!, hashes.at(-1)!)));
    samples.oneBack.push(await restore(hashes.at(-2)!));
    await versions.restoreVersion(projectDir, hashes.at(-1)!, 'Restored');
    samples.allBack.push(await restore(hashes[0]!));
    await versions.restoreVersion(projectDir, hashes.at(-1)!, 'Restored');
  }
  await versions.pack(projectDir);
  const gitMs = await commitByGit(projectDir, rounds);
  plainGit(projectDir, 'clone', '-q', '--mirror', '--no-local', join(projectDir, 'versions.git'), join(projectDir, 'mirror.git'));
  plainGit(projectDir, '--git-dir', join(projectDir, 'mirror.git'), 'gc', '-q');
  const ours = sizeOf(join(projectDir, 'versions.git')) / 1024 ** 2;
  const gits = sizeOf(join(projectDir, 'mirror.git')) / 1024 ** 2;
  const row = (what: string, values: number[]) => [what, formatSpread(spreadOf(values))];
  printTable(
    [`${VERSIONS.toLocaleString('en')} versions of ${FILES.toLocaleString('en')} files`, 'ms'],
    [
      row(`record a version that changes ${TOUCHED} files`, recordMs.slice(1)),
      row('git add -A, git commit of the same', gitMs),
      row('record the first version', recordMs.slice(0, 1)),
      row(`list all ${VERSIONS}`, samples.list),
      row('list a page of 50', samples.page),
      row('restore the version before', samples.oneBack),
      row('restore the first version', samples.allBack),
      row('difference between first and last, with patches', samples.diff),
      row('longest hold of the event loop during a restore', blocked),
    ],
  );
  process.stdout.write(`\nstore ${ours.toFixed(1)} MB, the same history after git gc ${gits.toFixed(1)} MB\n`);
  return [
    { what: `list ${VERSIONS} versions`, value: spreadOf(samples.list).median, target: 100, unit: 'ms' },
    { what: 'restore the version before', value: spreadOf(samples.oneBack).median, target: 1_000, unit: 'ms' },
    { what: 'restore the first version', value: spreadOf(samples.allBack).median, target: 1_000, unit: 'ms' },
    { what: 'store beside git’s own after gc', value: ours / gits, target: 1.5, unit: '×' },
  ];
}

/** The same kind of change, by `git add` and `git commit` on a work tree. */
async function commitByGit(projectDir: string, rounds: number): Promise<number[]> {
  plainGit(projectDir, 'init', '-q');
  const samples: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    touchPages(projectDir, VERSIONS + round);
    const tookMs = await timed(() => {
      plainGit(projectDir, 'add', '-A');
      plainGit(projectDir, 'commit', '-q', '-m', `Change ${round}`);
    });
    if (round > 0) samples.push(tookMs);
  }
  return samples;
}

function touchPages(projectDir: string, count: number): void {
  for (let file = 0; file < TOUCHED; file += 1) writePage(projectDir, (count * 37 + file * 1_009) % FILES, count);
}

function writePage(projectDir: string, index: number, revision: number): void {
  const folder = join(projectDir, 'workspace', 'src', `folder-${index % 100}`);
  mkdirSync(folder, { recursive: true });
  const lines = Array.from({ length: 20 }, (_, line) => `<p class="text-${index % 7}">Paragraph ${line} of page ${index}.</p>`);
  writeFileSync(join(folder, `page-${index}.astro`), [`<h1>Page ${index}, revision ${revision}</h1>`, ...lines, ''].join('\n'));
}

function plainGit(projectDir: string, ...args: string[]): void {
  const settings = ['user.name=bench', 'user.email=bench@localhost', 'gc.autoDetach=false', 'core.hooksPath=/dev/null'];
  const env = { PATH: process.env['PATH'], GIT_DIR: join(projectDir, 'plain.git'), GIT_WORK_TREE: join(projectDir, 'workspace') };
  const run = spawnSync('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], { cwd: join(projectDir, 'workspace'), env });
  if (run.status !== 0) throw new Error(`git ${args[0]}: ${run.stderr.toString()}`);
}

async function timed(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Notes the longest time between two turns of the event loop while `work` runs. */
async function watched<T>(blocked: number[], work: () => Promise<T>): Promise<T> {
  const watch = { isOn: true, longestMs: 0 };
  const watching = (async () => {
    for (let before = performance.now(); watch.isOn; before = performance.now()) {
      await nextTick();
      watch.longestMs = Math.max(watch.longestMs, performance.now() - before);
    }
  })();
  try {
    return await work();
  } finally {
    watch.isOn = false;
    await watching;
    blocked.push(watch.longestMs);
  }
}

/** What the files take on the disk, in bytes: a small file takes a block. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
    (total, name) => total + statSync(join(folder, name)).blocks * 512,
    0,
  );
}
