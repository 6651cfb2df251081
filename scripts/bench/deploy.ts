import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { makeApi } from '../../tests/e2e/support/api.ts';
import type { Api } from '../../tests/e2e/support/api.ts';
import { makeDataDir, startApp } from '../../tests/e2e/support/app.ts';
import { benchDashboard } from './dashboard.ts';
import { formatSpread, printTable } from './report.ts';
import type { BenchOptions, Verdict } from './report.ts';
import { expectStatus } from './scene.ts';
import { spreadOf } from './statistics.ts';

const MOST = 1.5;
const PROMOTE_MS = 1_000;

/** From the click to the site being live, beside a bare `astro build` of the same sources; and going back. */
export async function benchDeploy({ rounds }: BenchOptions): Promise<Verdict[]> {
  const { dataDir, remove } = makeDataDir();
  const app = await startApp(dataDir, { LOG_LEVEL: 'warn' });
  const sqlite = new Database(join(dataDir, 'db.sqlite'), { readonly: true });
  const readState = sqlite.prepare('SELECT state FROM deployments WHERE id = ?').pluck();
  const stateOf = (deploymentId: string) => readState.get(deploymentId) as string;
  try {
    const api = makeApi(app);
    await expectStatus(api.setup(), 201);
    const id = await makeSleepingProject(api, 'a website for a small bakery');
    const workspace = join(dataDir, 'projects', id, 'workspace');
    // As deep as the workspace: packages are linked by relative paths.
    const copy = join(dataDir, 'projects', id, 'bare');
    cpSync(workspace, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => !['.astro', 'dist'].includes(basename(path)) });
    const page = 'src/pages/index.astro';
    const [published, bare, promoted]: [number[], number[], number[]] = [[], [], []];
    // The first of each is not counted: it warms what both read.
    for (let round = 0; round <= rounds; round += 1) {
      for (const folder of [workspace, copy]) appendFileSync(join(folder, page), `\n<i hidden>${round}</i>\n`);
      const sides = [async () => published.push(await publish(api, id, stateOf)), async () => bare.push(await buildBare(copy))];
      for (const side of round % 2 ? sides.toReversed() : sides) await side();
    }
    for (let round = 0; round < rounds; round += 1) promoted.push(await promote(api, id));
    const projectIds = [id, await makeSleepingProject(api, 'a landing page for a coffee roastery')] as const;
    const dashboard = await benchDashboard({ app, api, projectIds, stateOf }, rounds);
    const [live, build] = [spreadOf(published.slice(1)), spreadOf(bare.slice(1))];
    printTable(
      ['ms', 'median (range)'],
      [
        ['click to live', formatSpread(live)],
        ['bare astro build', formatSpread(build)],
        ['going back', formatSpread(spreadOf(promoted))],
      ],
    );
    return [
      { what: 'Click to live beside a bare astro build', value: live.median / build.median, target: MOST, unit: '×' },
      { what: 'Going back to a kept release, slowest', value: spreadOf(promoted).max, target: PROMOTE_MS, unit: 'ms' },
      dashboard,
    ];
  } finally {
    sqlite.close();
    await app.stop();
    remove();
  }
}

async function makeSleepingProject(api: Api, prompt: string): Promise<string> {
  const { body } = await expectStatus(api.call('POST', '/api/projects', { prompt }), 201);
  const { id } = body.project;
  while ((await api.turns(id))[0].state !== 'completed') await delay(200);
  await expectStatus(api.call('PUT', `/api/projects/${id}/runtime`, { state: 'stopped' }), 202);
  while ((await api.project(id)).status !== 'stopped') await delay(200);
  return id;
}

/** Looks into the database for the end: asking the app 50 times a second would be work that a person does not make. */
async function publish(api: Api, id: string, stateOf: (deploymentId: string) => string): Promise<number> {
  const startedAt = performance.now();
  const { body } = await expectStatus(api.call('POST', `/api/projects/${id}/deployments`), 202);
  for (;;) {
    const state = stateOf(body.deployment.id);
    if (state === 'running') return performance.now() - startedAt;
    if (state === 'failed') throw new Error('The publication failed.');
    await delay(10);
  }
}

async function promote(api: Api, id: string): Promise<number> {
  const { deployments } = (await api.call('GET', `/api/projects/${id}/deployments`)).body;
  const target = deployments.find((one: { canGoLive: boolean }) => one.canGoLive);
  const startedAt = performance.now();
  await expectStatus(api.call('POST', `/api/projects/${id}/deployments/${target.id}/promote`), 200);
  return performance.now() - startedAt;
}

/** As in a fresh checkout: what an earlier build left beside the sources is not there. */
async function buildBare(folder: string): Promise<number> {
  for (const left of ['dist', '.astro', 'node_modules/.astro', 'node_modules/.vite'])
    rmSync(join(folder, left), { recursive: true, force: true });
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(folder, 'node_modules/astro/bin/astro.mjs'), 'build'], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, NODE_ENV: 'production', ASTRO_TELEMETRY_DISABLED: '1', CI: 'true' },
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error('The bare build failed.');
  return performance.now() - startedAt;
}
