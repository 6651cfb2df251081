import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { migrateDatabase } from '#server/db/migrate.ts';
import { openSqlite } from '#server/db/open.ts';
import type { Sqlite } from '#server/db/open.ts';
import { makeAccounts } from './accounts.ts';
import type { Accounts } from './accounts.ts';
import { makeRandom } from './random.ts';
import { startHost } from './doomed-host.ts';
import type { Report } from './reports.ts';

const root = join(import.meta.dirname, '../..');
/** One file sees this many kills, then it has to come to rest, and a new one is begun: looking through it stays cheap. */
const KILLS_PER_FILE = 100;

export interface KillLoopOptions {
  cycles: number;
  /** Chooses the jobs and the moments; what the machine makes of them it cannot bring back. */
  seed: number;
  onCycle?(tally: KillTally): void;
}

export interface KillTally {
  kills: number;
  /** Jobs whose addition was acknowledged. */
  accepted: number;
  /** Kills before the host had recovered what the one before it left. */
  killedWhileRecovering: number;
  /** Attempts that kills took, in all and at most by one. */
  taken: number;
  mostTakenAtOnce: number;
  /** Empty, or what went wrong after the last kill. */
  problems: string[];
}

/**
 * Has real hosts enqueue, run and cancel jobs on a real file, and kills each with SIGKILL at a moment of its own. What each left
 * is held against everything it had promised; the next one recovers it. Stops at the first problem.
 */
export async function runKillLoop({ cycles, seed, onCycle }: KillLoopOptions): Promise<KillTally> {
  const tally: KillTally = { kills: 0, accepted: 0, killedWhileRecovering: 0, taken: 0, mostTakenAtOnce: 0, problems: [] };
  // Where the bundle finds its packages.
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'doce-kill-'));
  try {
    const program = await bundleHost(folder);
    const template = join(folder, 'template.sqlite');
    makeTemplate(template);
    for (let first = 0; first < cycles && tally.problems.length === 0; first += KILLS_PER_FILE) {
      const file = join(folder, `from-${first}.sqlite`);
      copyFileSync(template, file);
      await useUpFile({ program, file, first, last: Math.min(cycles, first + KILLS_PER_FILE) - 1, seed, tally, onCycle });
      removeDatabase(file);
    }
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One module instead of hundreds: a host is then up in a tenth of a second. */
async function bundleHost(folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    build: {
      ssr: join(import.meta.dirname, 'host.ts'),
      outDir: folder,
      emptyOutDir: false,
      target: 'node22',
      rollupOptions: { output: { entryFileNames: 'host.mjs' } },
    },
    ssr: { noExternal: true, external: ['better-sqlite3', 'pino'] },
  });
  return join(folder, 'host.mjs');
}

function makeTemplate(file: string): void {
  const sqlite = openSqlite(file);
  migrateDatabase(sqlite, { migrationsFolder: join(root, 'drizzle'), backupFolder: join(file, '..') });
  sqlite.close();
}

interface FileUse {
  program: string;
  file: string;
  first: number;
  last: number;
  seed: number;
  tally: KillTally;
  onCycle: KillLoopOptions['onCycle'];
}

async function useUpFile({ program, file, first, last, seed, tally, onCycle }: FileUse): Promise<void> {
  const accounts = makeAccounts();
  const acceptedBefore = tally.accepted;
  const begin = (cycle: number) =>
    startHost({ program, file, bootId: `host-${cycle}`, seed: seed + cycle, task: cycle > last ? 'drain' : 'enqueue' });
  let left = 0;
  let next = begin(first);
  try {
    for (let cycle = first; cycle <= last; cycle++) {
      const host = next;
      // The next one loads while this one works.
      next = begin(cycle + 1);
      const lines = await host.liveAndDie(makeRandom(seed * 31 + cycle));
      const { problems, running, recovered } = inspect(accounts, file, lines, { bootId: `host-${cycle}`, left });
      left = running;
      tally.kills++;
      tally.accepted = acceptedBefore + accounts.accepted();
      if (!recovered) tally.killedWhileRecovering++;
      else tally.taken += running;
      tally.mostTakenAtOnce = Math.max(tally.mostTakenAtOnce, running);
      tally.problems.push(...problems);
      onCycle?.(tally);
      if (problems.length > 0) return;
    }
    const lines = await next.drain();
    tally.problems.push(...inspect(accounts, file, lines, { bootId: `host-${last + 1}`, left }).problems);
    tally.problems.push(...onCopy(file, accounts.settle));
  } finally {
    next.discard();
  }
}

/** @param before Who died, and how many running rows it had found when it began. */
function inspect(accounts: Accounts, file: string, lines: readonly Report[], before: { bootId: string; left: number }) {
  for (const line of lines) accounts.take(line);
  const recovered = lines.find((line) => line.say === 'recovered');
  // A copy is looked at: the next host must find exactly what the dead one left, its log not yet written back.
  const audit = onCopy(file, (sqlite) => accounts.audit(sqlite, recovered && before.bootId));
  const problems = recovered ? problemsOfRecovery(recovered, before.left) : [];
  return { running: audit.running, recovered: recovered !== undefined, problems: [...problems, ...audit.problems] };
}

function problemsOfRecovery({ recovery, stillRunning }: Extract<Report, { say: 'recovered' }>, left: number): string[] {
  const { requeued, failed, cancelled } = recovery;
  const problems: string[] = [];
  if (stillRunning > 0) problems.push(`${stillRunning} jobs are still running after the recovery`);
  if (requeued + failed + cancelled !== left) problems.push(`${left} attempts were taken, recovered are ${JSON.stringify(recovery)}`);
  return problems;
}

function onCopy<T>(file: string, look: (sqlite: Sqlite) => T): T {
  const copy = `${file}.copy`;
  for (const suffix of ['', '-wal']) if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
  const sqlite = openSqlite(copy);
  try {
    return look(sqlite);
  } finally {
    sqlite.close();
    removeDatabase(copy);
  }
}

function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}
