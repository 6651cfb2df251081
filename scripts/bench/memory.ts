import { setTimeout as delay } from 'node:timers/promises';
import { makeApi } from '../../tests/e2e/support/api.ts';
import { makeDataDir, startApp } from '../../tests/e2e/support/app.ts';
import type { App } from '../../tests/e2e/support/app.ts';
import { createProject } from './creation.ts';
import { descendantsOf, readCpuMs, readMemory } from './processes.ts';
import type { ProcessMemory } from './processes.ts';
import { formatNumber, printTable } from './report.ts';
import type { Verdict } from './report.ts';
import { expectStatus, makeUsedDataDir, openScene } from './scene.ts';
import { seedDatabase } from './seed.ts';

const TARGET_MB = 150;
const LOOK_EVERY_MS = 1_000;
const LONGEST_WAIT_MS = 40_000;
const STEADY_LOOKS = 8;
const STEADY_MB = 1;
const VIEWS = 20;
const REST_MS = 20_000;
const REST_PERCENT = 5;

/** Resident memory of the host: idle after its start, after people have used it, and with a site alive below it, which should rest. */
export async function benchMemory(): Promise<Verdict[]> {
  if (process.platform !== 'linux') {
    process.stdout.write('Memory is read from /proc, which this system does not have.\n');
    return [];
  }
  const rows: string[][] = [];
  const verdicts: Verdict[] = [];
  for (const projects of [0, 1_000]) {
    const { idle, used } = await measureHost(projects);
    rows.push(
      [`host, ${projects} projects, idle after its start`, ...cells(idle)],
      [`the same, after ${VIEWS} page views`, ...cells(used)],
    );
    verdicts.push(
      { what: `host idle with ${projects} projects`, value: idle.rssMb, target: TARGET_MB, unit: 'MB' },
      { what: `host idle with ${projects} projects, after use`, value: used.rssMb, target: TARGET_MB, unit: 'MB' },
    );
  }
  const live = await measureLiveProject();
  printTable(['Resident memory, MB', 'settled', 'peak'], [...rows, ...live.rows]);
  return [...verdicts, { what: 'an idle live project, of one core', value: live.restShare * 100, target: REST_PERCENT, unit: '%' }];
}

async function measureHost(projects: number): Promise<{ idle: ProcessMemory; used: ProcessMemory }> {
  const { dataDir, remove } = projects > 0 ? await makeUsedDataDir() : makeDataDir();
  if (projects > 0) seedDatabase(dataDir, { projects, finishedJobs: 0 });
  const app = await startApp(dataDir);
  try {
    const idle = await settled(app);
    await useApp(app);
    return { idle, used: await settled(app) };
  } finally {
    await app.stop();
    remove();
  }
}

/** What a person does: sets up or logs in, and looks at the dashboard and the settings a few times. */
async function useApp(app: App): Promise<void> {
  const api = makeApi(app);
  if ((await api.setup()).status !== 201) await expectStatus(api.login(), 201);
  for (let view = 0; view < VIEWS; view += 1) {
    const path = view % 2 === 0 ? '/' : '/settings';
    const page = await fetch(app.origin + path, { headers: { cookie: api.cookie() }, redirect: 'manual' });
    if (page.status !== 200) throw new Error(`${path} was answered with ${page.status}.`);
    await page.text();
  }
}

async function measureLiveProject(): Promise<{ rows: string[][]; restShare: number }> {
  const scene = await openScene();
  try {
    await createProject(scene, 'a landing page for a coffee roastery in Lisbon');
    const host = await settled(scene.app);
    const children = descendantsOf(scene.app.process.pid as number);
    const rows = children.filter(({ rssMb }) => rssMb >= 5).map((child) => [`  its child ${child.name}`, ...cells(child)]);
    return { rows: [['host, one live project', ...cells(host)], ...rows], restShare: await measureRest([host, ...children]) };
  } finally {
    await scene.close();
  }
}

/** The share of one core that processes take although nobody does anything. */
async function measureRest(processes: readonly ProcessMemory[]): Promise<number> {
  const used = () => processes.reduce((sum, { pid }) => sum + readCpuMs(pid), 0);
  const before = used();
  await delay(REST_MS);
  return (used() - before) / REST_MS;
}

/** Waits until the resident memory has stayed within 1 MB for 8 s, 40 s at most. */
async function settled(app: App): Promise<ProcessMemory> {
  const looks: number[] = [];
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += LOOK_EVERY_MS) {
    await delay(LOOK_EVERY_MS);
    looks.push(readMemory(app.process.pid as number).rssMb);
    const latest = looks.slice(-STEADY_LOOKS);
    if (latest.length === STEADY_LOOKS && Math.max(...latest) - Math.min(...latest) < STEADY_MB) break;
  }
  return readMemory(app.process.pid as number);
}

const cells = ({ rssMb, peakMb }: ProcessMemory) => [formatNumber(rssMb), formatNumber(peakMb)];
