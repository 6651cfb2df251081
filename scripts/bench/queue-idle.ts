import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { makeUsedDataDir } from './scene.ts';
import { printTable } from './report.ts';
import type { Verdict } from './report.ts';

const WATCHED_MS = 30_000;

/** What a host does to its database while nobody asks anything of it. */
export async function benchIdle(): Promise<Verdict[]> {
  const { dataDir, remove } = await makeUsedDataDir();
  try {
    const { reads, writes } = await watchHost(dataDir);
    const readsPerSecond = reads / (WATCHED_MS / 1000);
    printTable(
      [`Idle host, ${WATCHED_MS / 1000} s`, 'in all', 'a second'],
      [
        ['statements that read', String(reads), readsPerSecond.toFixed(2)],
        ['statements that write, begun transactions included', String(writes), (writes / (WATCHED_MS / 1000)).toFixed(2)],
      ],
    );
    return [
      { what: 'idle host: write transactions', value: writes, target: 0, unit: 'writes' },
      { what: 'idle host: reads', value: readsPerSecond, target: 1, unit: '/s' },
    ];
  } finally {
    remove();
  }
}

async function watchHost(dataDir: string): Promise<{ reads: number; writes: number }> {
  const program = join(import.meta.dirname, 'queue-idle-host.ts');
  const env = { ...process.env, DOCE_DATA_DIR: dataDir, LOG_LEVEL: 'warn', PORT: '0' };
  const child = spawn(process.execPath, [program, String(WATCHED_MS)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
  await once(child, 'close');
  return JSON.parse(output) as { reads: number; writes: number };
}
