import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { makeReader } from './reports.ts';
import type { Report } from './reports.ts';
import type { Random } from './random.ts';

const DRAIN_LIMIT_MS = 60_000;

export interface HostOptions {
  program: string;
  file: string;
  bootId: string;
  seed: number;
  task: 'enqueue' | 'drain';
}
/** A process that has loaded its program and waits to be let at the file. */
export interface DoomedHost {
  /** Lets it work until the moment that `random` chooses, then kills it. Resolves to all it managed to say. */
  liveAndDie(random: Random): Promise<Report[]>;
  /** Lets it finish all work and end by itself. */
  drain(): Promise<Report[]>;
  /** Ends it when it was never let go. */
  discard(): void;
}

export function startHost({ program, file, bootId, seed, task }: HostOptions): DoomedHost {
  const child = spawn(process.execPath, [program, file, bootId, String(seed), task], { stdio: ['pipe', 'pipe', 'inherit'] });
  // A host that is killed before it was let go leaves a broken pipe.
  child.stdin.on('error', () => {});
  const closed = once(child, 'close');
  const lines: Report[] = [];
  let listener = (): void => {};
  const read = makeReader((line) => {
    lines.push(line);
    listener();
  });
  child.stdout.on('data', read);
  const kill = () => void child.kill('SIGKILL');

  return {
    async liveAndDie(random) {
      const { afterLines, thenMs } = chooseMoment(random);
      listener = () => {
        if (lines.length === afterLines) setTimeout(kill, thenMs);
      };
      child.stdin.write('.');
      const [code, signal] = (await closed) as [number | null, NodeJS.Signals | null];
      return signal === 'SIGKILL' ? lines : [...lines, { say: 'problem', what: `the host ended by itself with ${code ?? signal}` }];
    },
    async drain() {
      const limit = setTimeout(kill, DRAIN_LIMIT_MS);
      child.stdin.write('.');
      await closed;
      clearTimeout(limit);
      return lines.at(-1)?.say === 'drained' ? lines : [...lines, { say: 'problem', what: 'the host did not come to rest' }];
    },
    discard: kill,
  };
}

/** While it opens and recovers, or anywhere in its work. */
function chooseMoment(random: Random): { afterLines: number; thenMs: number } {
  if (random.next() < 0.15) return { afterLines: 1, thenMs: random.next() * 12 };
  return { afterLines: random.between(2, 250), thenMs: random.next() * 3 };
}
