import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { startApp } from '../../tests/e2e/support/app.ts';
import { formatSpread, printTable } from './report.ts';
import type { BenchOptions, Verdict } from './report.ts';
import { makeUsedDataDir } from './scene.ts';
import { seedDatabase } from './seed.ts';
import { spreadOf } from './statistics.ts';

const SEED = { projects: 1_000, finishedJobs: 100_000 };

/** How long a start takes with a database that has seen a lot, and how long a second `launch` works before it serves. */
export async function benchStart({ rounds }: BenchOptions): Promise<Verdict[]> {
  const { dataDir, remove } = await makeUsedDataDir();
  try {
    seedDatabase(dataDir, SEED);
    const samples = { node: [] as number[], start: [] as number[], launch: [] as number[] };
    for (let round = 0; round <= rounds; round += 1) {
      const measured = { node: await startNode(), start: await startHost(dataDir), launch: await launch(dataDir) };
      if (round === 0) continue;
      for (const key of ['node', 'start', 'launch'] as const) samples[key].push(measured[key]);
    }
    return report(samples);
  } finally {
    remove();
  }
}

function report(samples: Record<'node' | 'start' | 'launch', number[]>): Verdict[] {
  const [node, start, launched] = [spreadOf(samples.node), spreadOf(samples.start), spreadOf(samples.launch)];
  const ownWork = (whole: number[]) => formatSpread(spreadOf(whole.map((ms) => ms - node.median)));
  printTable(
    [`To the ready line, ms, median of ${node.count} (min–max)`, 'whole', 'less the start of Node'],
    [
      ['Node alone: `node -e 0`', formatSpread(node), ''],
      ['`node dist/server/entry.mjs`', formatSpread(start), ownWork(samples.start)],
      ['`pnpm launch`, nothing left to do', formatSpread(launched), ownWork(samples.launch)],
    ],
  );
  process.stdout.write(
    `With ${SEED.projects.toLocaleString('en')} projects and ${SEED.finishedJobs.toLocaleString('en')} finished jobs.\n`,
  );
  return [
    { what: 'cold start to listening, start of Node included', value: start.median, target: 1_000, unit: 'ms' },
    { what: 'second launch to listening, less the start of Node', value: launched.median - node.median, target: 3_000, unit: 'ms' },
  ];
}

async function startNode(): Promise<number> {
  const beganAt = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - beganAt;
}

async function startHost(dataDir: string): Promise<number> {
  const beganAt = performance.now();
  const app = await startApp(dataDir);
  const tookMs = performance.now() - beganAt;
  await app.stop();
  return tookMs;
}

/** With pnpm's own start and its check of the dependencies. The whole group is told to end: pnpm passes no signal on. */
async function launch(dataDir: string): Promise<number> {
  const env = { ...process.env, PORT: '0', DOCE_DATA_DIR: dataDir, DOCE_STORE_DIR: resolve('data/store') };
  const beganAt = performance.now();
  const child = spawn('pnpm', ['--silent', 'launch'], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  // `close` comes once nobody holds the pipe any more: the host has ended too.
  const closed = once(child, 'close');
  let output = '';
  let tookMs: number | undefined;
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString();
    if (tookMs !== undefined || !output.includes('doce is ready at')) return;
    tookMs = performance.now() - beganAt;
    process.kill(-(child.pid as number), 'SIGTERM');
  });
  await closed;
  if (tookMs === undefined) throw new Error(`pnpm launch ended without serving:\n${output}`);
  if (output.includes('Built.')) throw new Error('The source changed while it was measured: start the bench again.');
  return tookMs;
}
