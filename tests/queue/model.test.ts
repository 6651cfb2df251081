import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { onTestFinished, test } from 'vitest';
import { makeDatabase } from '../support/database.ts';
import { makeHistory } from './model.ts';
import type { Ending, Step } from './model.ts';

const job = fc.record({
  project: fc.option(fc.nat(1)),
  priority: fc.integer({ min: -1, max: 1 }),
  delayMs: fc.constantFrom(0, 0, 0, 300, 1_000, 4_000),
  key: fc.option(fc.nat(1)),
  successor: fc.boolean(),
  maxAttempts: fc.integer({ min: 1, max: 2 }),
  kind: fc.constantFrom('hold' as const, 'hold' as const, 'few' as const, 'stop' as const),
});
const which = fc.nat(20);
const ending = fc.constantFrom<Ending>('done', 'done', 'chain', 'broken_chain', 'throw', 'throw', 'retry_later', 'give_up');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('enqueue' as const), jobs: fc.array(job, { minLength: 1, maxLength: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('enqueueMany' as const, 'enqueueAsync' as const), jobs: fc.array(job, { maxLength: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('enqueueRolledBack' as const), jobs: fc.array(job, { maxLength: 3 }) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('end' as const), which, how: ending }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('turns' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(200, 1_000, 2_000, 7_000, 21_000, 61_000) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'retry' as const, 'runNow' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('unlock' as const, 'expire' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('setClock' as const), ms: fc.constantFrom(-7_200_000, -90_000, -1_500, 3_000, 3_600_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancelProject' as const), project: fc.nat(1), rolledBack: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('settings' as const), paused: fc.boolean(), concurrency: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('addAtStart' as const), job }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const), obey: fc.boolean() }) },
);

// A failure prints its seed and path; replay it with QUEUE_MODEL_SEED, widen the search with QUEUE_MODEL_RUNS.
const seed = Number(process.env['QUEUE_MODEL_SEED'] ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env['QUEUE_MODEL_RUNS'] ?? 2_000);

test(`whatever happens, what was promised holds (seed ${seed})`, { timeout: 120_000 + numRuns * 100 }, async () => {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'doce-queue-model-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const template = join(folder, 'template.sqlite');
  makeDatabase(template).sqlite.close();
  let histories = 0;
  const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 45 }), async (steps) => {
    const history = makeHistory(template, join(folder, `${histories++}.sqlite`));
    try {
      history.start();
      for (const each of steps) await history.take(each);
      await history.drain();
    } finally {
      history.close();
    }
  });
  await fc.assert(property, { seed, numRuns, endOnFailure: false });
});
