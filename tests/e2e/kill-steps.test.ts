import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { descendantsOf } from '../../scripts/bench/processes.ts';
import { startProviderServer } from '../support/provider-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import type { Api } from './support/api.ts';
import { makeDataDir, processesOf } from './support/app.ts';
import type { App } from './support/app.ts';
import { killWhen as killHostWhen, startHost } from './support/host.ts';
import { openWitness } from './support/moments.ts';
import type { Witness } from './support/moments.ts';

// One host after the other on one data directory, each killed in the middle of something.
const CONVERGENCE_MS = 30_000;
const { dataDir, remove: removeDataDir } = makeDataDir();
let provider: ProviderServer;
let app: App;
let api: Api;
let witness: Witness;

beforeAll(async () => {
  provider = await startProviderServer();
  ({ app, api } = await startHost(dataDir, { DOCE_LLM_BASE_URL: provider.baseUrl }));
  witness = openWitness(dataDir);
  await api.call('PATCH', '/api/settings', { llm: { apiKey: 'any-key-will-do-here' }, defaultModel: 'test/model' });
});
afterAll(async () => {
  witness.close();
  await app.stop();
  await provider.close();
  expect(processesOf(dataDir)).toEqual([]);
  removeDataDir();
});

async function killWhen(moment: string, isThere: () => boolean): Promise<void> {
  ({ app, api } = await killHostWhen(moment, isThere, { host: { app, api }, dataDir, env: { DOCE_LLM_BASE_URL: provider.baseUrl } }));
}

/** None of its jobs waits or runs, the project and its turn are in states that stay, and nothing runs beside the host. */
async function expectAtRest(id: string, status: string, turn: string | RegExp): Promise<void> {
  const rest = () => ({ jobs: witness.liveJobs(id), status: witness.project(id)?.status, turn: witness.turn(id)?.state });
  await expect.poll(rest, { timeout: CONVERGENCE_MS }).toEqual({ jobs: [], status, turn: expect.stringMatching(turn) });
  const below = new Set(descendantsOf(app.process.pid!).map(({ pid }) => String(pid)));
  const strays = processesOf(dataDir).filter((line) => !below.has(line.split(' ')[0]!) && !line.startsWith(`${app.process.pid} `));
  expect(strays).toEqual([]);
}

const folderOf = (id: string) => join(dataDir, 'projects', id);
const answerAtOnce = () => provider.answer({ kind: 'text', text: 'Here it is.' });
const answerSlowly = () => provider.answer({ kind: 'trickle', text: 'One word after the other, and so on. '.repeat(200), everyMs: 30 });
const timesSent = (text: string) => provider.requests.filter(({ body }) => JSON.stringify(body['messages'] ?? '').includes(text)).length;

async function create(prompt: string): Promise<string> {
  const { status, body } = await api.call('POST', '/api/projects', { prompt, model: 'test/model' });
  expect(status).toBe(201);
  return body.project.id as string;
}

async function say(id: string, text: string): Promise<void> {
  expect((await api.call('POST', `/api/projects/${id}/turns`, { text })).status).toBe(202);
}

async function setRuntime(id: string, state: 'running' | 'stopped'): Promise<void> {
  expect((await api.call('PUT', `/api/projects/${id}/runtime`, { state })).status).toBe(202);
}

/** A site that was made before, or a new one, brought to rest in this state. */
async function getSite(status: 'running' | 'stopped'): Promise<string> {
  answerAtOnce();
  const [known] = (await api.call('GET', '/api/projects')).body.projects as { id: string }[];
  const id = known?.id ?? (await create('a page for a tailor'));
  await setRuntime(id, status);
  await expectAtRest(id, status, /completed|needs_attention|stopped/);
  return id;
}

async function remove(id: string): Promise<void> {
  expect((await api.call('DELETE', `/api/projects/${id}`)).status).toBe(202);
}

async function expectGone(id: string): Promise<void> {
  const rest = () => ({ jobs: witness.liveJobs(id), project: witness.project(id), folder: existsSync(folderOf(id)) });
  await expect.poll(rest, { timeout: CONVERGENCE_MS }).toEqual({ jobs: [], project: undefined, folder: false });
  expect((await api.call('GET', `/api/projects/${id}`)).status).toBe(404);
  expect(processesOf(folderOf(id))).toEqual([]);
}

type Moment = readonly [string, (id: string) => boolean];
/** The answer to the request has come back, and nothing else is sure. */
const asked: Moment = ['it was just asked for', () => true];
const runs = (type: string) => (id: string) => witness.job(id, type)?.state === 'running';

test.for<Moment>([
  asked,
  ['its files are being put in place', (id) => existsSync(join(folderOf(id), 'workspace'))],
  ['its preview is being started', runs('runtime.start')],
  ['its agent and its dev server are starting', (id) => processesOf(folderOf(id)).length > 2],
])('create, killed when %s: the site is made and its prompt is sent once', async ([moment, isThere]) => {
  answerAtOnce();
  const prompt = `a page for a glazier, killed when ${moment}`;
  const id = await create(prompt);
  await killWhen(moment, () => isThere(id));
  await expectAtRest(id, 'running', 'completed');
  expect(timesSent(prompt)).toBe(1);
});

test.for<Moment>([
  asked,
  ['its job runs', runs('runtime.start')],
  ['its dev server is starting', (id) => processesOf(folderOf(id)).length > 0],
])('start, killed when %s: the preview is up', async ([moment, isThere]) => {
  const id = await getSite('stopped');
  await setRuntime(id, 'running');
  await killWhen(moment, () => isThere(id));
  await expectAtRest(id, 'running', /./);
});

test('start, killed when the preview has come up: the project sleeps, as nothing runs after a restart', async () => {
  const id = await getSite('stopped');
  await setRuntime(id, 'running');
  await killWhen('the preview is up', () => witness.project(id)?.status === 'running');
  await expectAtRest(id, 'stopped', /./);
});

test.for<Moment>([asked, ['its job runs and its agent is being started', runs('turn.send')]])(
  'turn, killed when %s: it is answered, sent by the next host',
  async ([moment, isThere]) => {
    const id = await getSite('stopped');
    const text = `Please go on, killed when ${moment}`;
    await say(id, text);
    await killWhen(moment, () => isThere(id));
    await expectAtRest(id, 'running', 'completed');
    expect(timesSent(text)).toBe(1);
  },
);

test.for<Moment>([
  ['it was written down that it is sent', (id) => witness.turn(id)?.promptSentAtMs !== null],
  ['the provider has it', () => provider.requests.length > 0],
])('turn, killed when %s: it is not sent again, and says that it needs attention', async ([moment, isThere]) => {
  const id = await getSite('running');
  const text = `Please go on, killed when ${moment}`;
  answerSlowly();
  provider.requests.length = 0;
  await say(id, text);
  await killWhen(moment, () => isThere(id));
  await expectAtRest(id, 'stopped', 'needs_attention');
  expect(timesSent(text)).toBeLessThanOrEqual(1);
});

test('turn, killed when the next host asks the agent about it: the one after that does', async () => {
  const id = await getSite('running');
  answerSlowly();
  provider.requests.length = 0;
  await say(id, 'Please go on, killed twice');
  await killWhen('the provider has it', () => provider.requests.length > 0);
  await killWhen('the agent is asked', () => runs('turn.recover')(id));
  await expectAtRest(id, 'stopped', 'needs_attention');
  expect(timesSent('Please go on, killed twice')).toBe(1);
});

test.for<Moment>([asked, ['its job runs', (id) => witness.job(id, 'runtime.stop')?.state !== 'queued']])(
  'stop, killed when %s: the project sleeps',
  async ([moment, isThere]) => {
    const id = await getSite('running');
    await setRuntime(id, 'stopped');
    await killWhen(moment, () => isThere(id));
    await expectAtRest(id, 'stopped', /./);
    expect(processesOf(folderOf(id))).toEqual([]);
  },
);

test.for<Moment>([
  asked,
  ['its job runs', (id) => witness.job(id, 'project.delete')?.state !== 'queued'],
  ['its processes are gone', (id) => processesOf(folderOf(id)).length === 0],
  ['its folder is gone', (id) => !existsSync(folderOf(id))],
])('delete, killed when %s: nothing of it is left', async ([moment, isThere]) => {
  const id = await getSite('running');
  await remove(id);
  await killWhen(moment, () => isThere(id));
  await expectGone(id);
});
