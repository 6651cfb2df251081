import { spawn } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeApi } from '../../tests/e2e/support/api.ts';
import { makeDataDir, startApp } from '../../tests/e2e/support/app.ts';
import type { App } from '../../tests/e2e/support/app.ts';
import { findFreePort } from '../../src/server/runtime/port.ts';
import { runLoad } from './raw-load.ts';
import type { LoadResult } from './raw-load.ts';
import { formatNumber, formatSpread, printTable } from './report.ts';
import type { BenchOptions, Verdict } from './report.ts';
import { expectStatus } from './scene.ts';
import { spreadOf } from './statistics.ts';

const CONNECTIONS = 32;
const ROUND_MS = 4_000;
const WARM_UP_MS = 1_500;
const LEAST = 0.9;

interface Server {
  name: string;
  port: number;
  host: string;
}

/** A published site as doce serves it, edge and gateway included, beside sirv-cli (and nginx, where it is installed) on the same files. */
export async function benchServe({ rounds }: BenchOptions): Promise<Verdict[]> {
  const { dataDir, remove } = makeDataDir();
  const app = await startApp(dataDir, { LOG_LEVEL: 'warn' });
  const others: { server: Server; stop(): Promise<void> }[] = [];
  try {
    const { slug, release } = await publishSite(app);
    others.push(await startSirv(release));
    const servers = [{ name: 'doce', port: app.port, host: `${slug}.localhost:${app.port}` }, ...others.map(({ server }) => server)];
    const paths = ['/', ...globSync('_astro/*.{css,js,woff2}', { cwd: join(release, 'site') }).map((path) => `/${path}`), '/favicon.svg'];
    const results = new Map<string, LoadResult[]>(servers.map(({ name }) => [name, []]));
    for (const server of servers) await measure(server, paths, WARM_UP_MS);
    for (let round = 0; round < rounds; round += 1) {
      for (const server of round % 2 ? servers.toReversed() : servers)
        results.get(server.name)!.push(await measure(server, paths, ROUND_MS));
    }
    return report(results, paths.length);
  } finally {
    await Promise.all(others.map(({ stop }) => stop()));
    await app.stop();
    remove();
  }
}

const measure = ({ port, host }: Server, paths: readonly string[], durationMs: number) =>
  runLoad({ port, host, paths, headers: 'Accept-Encoding: br, gzip\r\n', connections: CONNECTIONS, durationMs });

async function publishSite(app: App): Promise<{ slug: string; release: string }> {
  const api = makeApi(app);
  await expectStatus(api.setup(), 201);
  const { body } = await expectStatus(api.call('POST', '/api/projects', { prompt: 'a website for a small bakery' }), 201);
  const { id, slug } = body.project;
  while ((await api.turns(id))[0].state !== 'completed') await delay(200);
  await expectStatus(api.call('POST', `/api/projects/${id}/deployments`), 202);
  while ((await api.project(id)).productionStatus !== 'running') await delay(200);
  await expectStatus(api.call('PUT', `/api/projects/${id}/runtime`, { state: 'stopped' }), 202);
  while ((await api.project(id)).status !== 'stopped') await delay(200);
  const releases = join(app.dataDir, 'projects', id, 'releases');
  return { slug, release: join(releases, readdirSync(releases)[0]!) };
}

/** With the copies made at build where sirv looks for them. */
async function startSirv(release: string) {
  const folder = mkdtempSync(join(tmpdir(), 'doce-bench-sirv-'));
  cpSync(join(release, 'site'), folder, { recursive: true });
  for (const [from, suffix] of [
    ['br', '.br'],
    ['gzip', '.gz'],
  ] as const) {
    if (!existsSync(join(release, from))) continue;
    for (const path of globSync('**/*.*', { cwd: join(release, from) })) cpSync(join(release, from, path), join(folder, path + suffix));
  }
  const port = await findFreePort(null);
  const bin = join(import.meta.dirname, '../../node_modules/sirv-cli/bin.js');
  const args = [bin, folder, '--host', '127.0.0.1', '--port', String(port), '--quiet', '--no-clear', '--gzip', '--brotli', '--etag'];
  const child = spawn(process.execPath, args, { stdio: 'ignore', env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production' } });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  while (!(await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined))) await delay(50);
  return {
    server: { name: 'sirv-cli', port, host: `127.0.0.1:${port}` },
    async stop() {
      child.kill();
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function report(results: Map<string, LoadResult[]>, pathCount: number): Verdict[] {
  const of = (name: string, key: keyof LoadResult) => spreadOf(results.get(name)!.map((result) => result[key]));
  process.stdout.write(`${pathCount} files, ${CONNECTIONS} connections, ${ROUND_MS / 1_000} s a round\n`);
  printTable(
    ['server', 'answers/s', 'p50 ms', 'p99 ms', 'failed'],
    [...results.keys()].map((name) => [
      name,
      formatSpread(of(name, 'rate')),
      formatSpread(of(name, 'p50Ms')),
      formatSpread(of(name, 'p99Ms')),
      formatNumber(of(name, 'failed').max),
    ]),
  );
  const ratio = (key: 'rate' | 'p99Ms') => of('doce', key).median / of('sirv-cli', key).median;
  return [
    { what: 'Throughput of a published site beside sirv-cli', value: ratio('rate'), least: LEAST, unit: '×' },
    { what: 'p99 of a published site beside sirv-cli', value: ratio('p99Ms'), target: 1 / LEAST, unit: '×' },
  ];
}
