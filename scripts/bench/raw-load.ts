import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { percentile } from './statistics.ts';

export interface LoadResult {
  /** Answers a second. */
  rate: number;
  p50Ms: number;
  p99Ms: number;
  failed: number;
}

/**
 * Asks for paths in turn over connections that are kept, one request at a time on each. It reads no more of an answer than its
 * status and length, so that the server is what is measured.
 */
export async function runLoad(input: {
  port: number;
  host: string;
  paths: readonly string[];
  headers: string;
  connections: number;
  durationMs: number;
}): Promise<LoadResult> {
  const requests = input.paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: ${input.host}\r\n${input.headers}\r\n`);
  const latencies: number[] = [];
  let failed = 0;
  let next = 0;
  const startedAt = performance.now();
  const until = startedAt + input.durationMs;
  const visit = async (): Promise<void> => {
    const socket = connect({ host: '127.0.0.1', port: input.port, noDelay: true });
    const answers = readAnswers(socket);
    while (performance.now() < until) {
      const sentAt = performance.now();
      socket.write(requests[next++ % requests.length]!);
      const status = await answers.next();
      latencies.push(performance.now() - sentAt);
      if (status !== 200) failed += 1;
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: input.connections }, visit));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { rate: latencies.length / seconds, p50Ms: percentile(latencies, 50), p99Ms: percentile(latencies, 99), failed };
}

/** Answers of one connection, each with a `content-length`; their statuses in order. */
function readAnswers(socket: Socket): { next(): Promise<number> } {
  let rest = Buffer.alloc(0);
  let waiting: { resolve(status: number): void; reject(error: Error): void } | undefined;
  const read = () => {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1 || !waiting) return;
    const head = rest.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? NaN);
    if (Number.isNaN(length)) return waiting.reject(new Error(`An answer without a length: ${head}`));
    if (rest.length < end + 4 + length) return;
    rest = rest.subarray(end + 4 + length);
    const { resolve } = waiting;
    waiting = undefined;
    resolve(Number(head.slice(9, 12)));
  };
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    read();
  });
  socket.on('error', (error) => waiting?.reject(error));
  return { next: () => new Promise((resolve, reject) => ((waiting = { resolve, reject }), read())) };
}
