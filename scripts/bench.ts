import { parseArgs } from 'node:util';
import { benchClient } from './bench/client.ts';
import { benchCreate } from './bench/create.ts';
import { benchDeploy } from './bench/deploy.ts';
import { benchMemory } from './bench/memory.ts';
import { benchMonitor } from './bench/monitor.ts';
import { benchQueue } from './bench/queue.ts';
import { describeMachine, describeVerdict, isMet } from './bench/report.ts';
import type { Verdict } from './bench/report.ts';
import { benchServe } from './bench/serve.ts';
import { benchStart } from './bench/start.ts';
import { benchVersions } from './bench/versions.ts';
import { buildIfStale } from './build.ts';
import { prepareStore } from './prepare.ts';

/** What can be measured; docs/benchmarks.md says how. */
const benches = {
  create: benchCreate,
  memory: benchMemory,
  start: benchStart,
  client: benchClient,
  versions: benchVersions,
  serve: benchServe,
  deploy: benchDeploy,
  queue: benchQueue,
  monitor: benchMonitor,
};
type BenchName = keyof typeof benches;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { strict: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } },
});
const rounds = Number(values.rounds);
const wanted = (positionals.length > 0 ? positionals : Object.keys(benches)) as BenchName[];
const unknown = wanted.find((name) => !(name in benches));
if (unknown !== undefined || !(rounds >= 1)) {
  process.stderr.write(`Use: pnpm bench [${Object.keys(benches).join('|')}]… [--rounds=5] [--strict]\n`);
  process.exit(2);
}

await prepareStore();
buildIfStale();
const verdicts: Verdict[] = [];
for (const name of wanted) {
  process.stdout.write(`\n${name} · ${describeMachine()}\n`);
  verdicts.push(...(await benches[name]({ rounds })));
}
process.stdout.write(`\n${verdicts.map(describeVerdict).join('\n')}\n`);
process.exit(values.strict && !verdicts.every(isMet) ? 1 : 0);
