import { appendFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../../tests/e2e/support/api.ts';
import type { App } from '../../tests/e2e/support/app.ts';
import { formatNumber, printTable } from './report.ts';
import type { Verdict } from './report.ts';
import { expectStatus } from './scene.ts';
import { percentile } from './statistics.ts';

const ASK_EVERY_MS = 25;
const P99_MS = 200;

export interface DashboardScene {
  app: App;
  api: Api;
  /** Two projects, each with a workspace that can be published. */
  projectIds: readonly [string, string];
  stateOf(deploymentId: string): string;
}

/** The dashboard, asked for steadily by one person: alone, then for as long as two builds really run at the same time. */
export async function benchDashboard(scene: DashboardScene, rounds: number): Promise<Verdict> {
  const { app, api } = scene;
  // One place is always kept free of builds.
  await expectStatus(api.call('PATCH', '/api/queue/settings', { concurrency: 3 }), 200);
  const quiet: number[] = [];
  for (let index = 0; index < 100; index += 1) {
    quiet.push(await askForDashboard(app, api));
    await delay(ASK_EVERY_MS);
  }
  const busy: number[] = [];
  for (let round = 0; round < rounds; round += 1) busy.push(...(await askDuringBuilds(scene, round)));
  printTable(
    ['The dashboard, ms', 'p50', 'p99', 'worst', 'requests'],
    [
      ['nothing is built', ...describe(quiet)],
      ['while two builds run', ...describe(busy)],
    ],
  );
  return { what: 'Dashboard p99 while two builds run', value: percentile(busy, 99), target: P99_MS, unit: 'ms' };
}

/** Only what was asked and answered while both were building counts. */
async function askDuringBuilds({ app, api, projectIds, stateOf }: DashboardScene, round: number): Promise<number[]> {
  const deployments = await Promise.all(
    projectIds.map(async (id) => {
      appendFileSync(join(app.dataDir, 'projects', id, 'workspace/src/pages/index.astro'), `\n<i hidden>dashboard ${round}</i>\n`);
      const { body } = await expectStatus(api.call('POST', `/api/projects/${id}/deployments`), 202);
      return body.deployment.id as string;
    }),
  );
  const states = () => deployments.map(stateOf);
  const samples: number[] = [];
  while (states().some((state) => !['running', 'failed'].includes(state))) {
    const isBefore = states().every((state) => state === 'building');
    const tookMs = await askForDashboard(app, api);
    if (isBefore && states().every((state) => state === 'building')) samples.push(tookMs);
    await delay(ASK_EVERY_MS);
  }
  if (states().includes('failed')) throw new Error('A publication failed.');
  return samples;
}

/** On a connection of its own, to the last byte. */
function askForDashboard(app: App, api: Api): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { host: `localhost:${app.port}`, cookie: api.cookie(), accept: 'text/html' };
    const sent = request({ host: '127.0.0.1', port: app.port, path: '/', headers, agent: false }, (res) => {
      if (res.statusCode !== 200) return reject(new Error(`The dashboard answered ${res.statusCode}.`));
      res.resume().once('end', () => resolve(performance.now() - startedAt));
    });
    sent.once('error', reject).end();
  });
}

const describe = (samples: readonly number[]) => [
  ...[50, 99, 100].map((percent) => formatNumber(percentile(samples, percent))),
  String(samples.length),
];
