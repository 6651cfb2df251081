import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A relay to a loopback port, in a process of its own. */
export async function startRelay(port: number): Promise<{ port: number; stop(): void }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'relay-process.ts'), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { port: Number(line.toString()), stop: () => void child.kill() };
}
