import { parseArgs } from 'node:util';
import { runKillLoop } from './soak/kill-loop.ts';

// `pnpm soak:kill -- 10000 [--seed=N]`: as many kills of a working queue, each held against all that was promised.
const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  allowPositionals: true,
  options: { seed: { type: 'string', default: String(Date.now() % 2 ** 31) } },
});
const cycles = Number(positionals[0] ?? 1_000);
const seed = Number(values.seed);
if (!Number.isInteger(cycles) || cycles < 1 || !Number.isInteger(seed)) {
  process.stderr.write('Use: pnpm soak:kill -- [cycles, 1000] [--seed=N]\n');
  process.exit(2);
}

process.stdout.write(`seed ${seed}\n`);
const beganAt = performance.now();
const tally = await runKillLoop({
  cycles,
  seed,
  onCycle({ kills, accepted, taken }) {
    if (kills % 100 === 0) process.stdout.write(`${kills} kills, ${accepted} jobs accepted, ${taken} attempts taken and run again\n`);
  },
});
const { kills, accepted, taken, mostTakenAtOnce, killedWhileRecovering, problems } = tally;
process.stdout.write(
  `${kills} kills (${killedWhileRecovering} of them before the recovery was done) in ${Math.round((performance.now() - beganAt) / 1000)} s: ` +
    `${accepted} jobs accepted, ${taken} attempts taken, at most ${mostTakenAtOnce} by one kill; ${problems.length} problems\n`,
);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exit(problems.length === 0 ? 0 : 1);
