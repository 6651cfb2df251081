import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { readConfig } from '#server/config.ts';
import { openHost } from '#server/host.ts';

// The host's engines and domains in this process, its statements counted for as long as it is told.
const SETTLE_MS = 2_000;
const counts = { reads: 0, writes: 0 };

const prototype = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1')) as Record<string, (...values: unknown[]) => unknown>;
for (const name of ['run', 'get', 'all', 'iterate']) {
  const original = prototype[name]!;
  prototype[name] = function (this: Database.Statement, ...values: unknown[]) {
    counts[this.readonly ? 'reads' : 'writes']++;
    return original.apply(this, values);
  };
}

const host = await openHost({ config: readConfig(process.env), port: () => 0, onSetupToken: () => {} });
await host.start();
await wait(SETTLE_MS);
Object.assign(counts, { reads: 0, writes: 0 });
await wait(Number(process.argv[2]));
const watched = { ...counts };
await host.stop();
process.stdout.write(JSON.stringify(watched));
