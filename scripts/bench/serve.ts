import { globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeApi } from '../../tests/e2e/support/api.ts';
import { makeDataDir, startApp } from '../../tests/e2e/support/app.ts';
import type { App } from '../../tests/e2e/support/app.ts';
import { startOthers } from './other-servers.ts';
import type { OtherServer, Server } from './other-servers.ts';
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

/** A published site as doce serves it, edge and gateway included, beside sirv-cli (and nginx, where it is installed) on the same files. */
export async function benchServe({ rounds }: BenchOptions): Promise<Verdict[]> {
  const { dataDir, remove } = makeDataDir();
  const app = await startApp(dataDir, { LOG_LEVEL: 'warn' });
  const others: OtherServer[] = [];
  try {
    const { slug, release } = await publishSite(app);
    others.push(...(await startOthers(release)));
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
    for (const { stop } of others.toReversed()) await stop();
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
  const ratio = (key: 'rate' | 'p99Ms', other = 'sirv-cli') => of('doce', key).median / of(other, key).median;
  const nginx = [...results.keys()].find((name) => name.startsWith('nginx'));
  if (nginx)
    process.stdout.write(`\nBeside ${nginx}: throughput ${ratio('rate', nginx).toFixed(2)} ×, p99 ${ratio('p99Ms', nginx).toFixed(2)} ×\n`);
  return [
    { what: 'Throughput of a published site beside sirv-cli', value: ratio('rate'), least: LEAST, unit: '×' },
    { what: 'p99 of a published site beside sirv-cli', value: ratio('p99Ms'), target: 1 / LEAST, unit: '×' },
  ];
}
