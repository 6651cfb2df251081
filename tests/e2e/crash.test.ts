import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProviderServer } from '../support/provider-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { makeApi } from './support/api.ts';
import type { Api } from './support/api.ts';
import { makeDataDir, processesOf, startApp } from './support/app.ts';
import type { App } from './support/app.ts';

const { dataDir, remove } = makeDataDir();
let provider: ProviderServer;
let app: App;
let api: Api;

const boot = async () => {
  app = await startApp(dataDir, { DOCE_LLM_BASE_URL: provider.baseUrl });
  const next = makeApi(app);
  expect((await (api ? next.login() : next.setup())).status).toBe(201);
  api = next;
};

beforeAll(async () => {
  provider = await startProviderServer();
  await boot();
  await api.call('PATCH', '/api/settings', { llm: { apiKey: 'any-key-will-do-here' }, defaultModel: 'test/model' });
});
afterAll(async () => {
  await app.stop();
  await provider.close();
  expect(processesOf(dataDir)).toEqual([]);
  remove();
});

const state = async (id: string) => {
  const [turn] = await api.turns(id);
  return turn.state as string;
};
const timesSent = (text: string) => provider.requests.filter(({ body }) => JSON.stringify(body['messages'] ?? '').includes(text)).length;

test('kill -9 of the host mid-turn: no child is left, the project is there, the turn says so, nothing is sent twice', async () => {
  provider.answer({ kind: 'trickle', text: 'One word after the other, and so on. '.repeat(200), everyMs: 30 });
  const { body } = await api.call('POST', '/api/projects', { prompt: 'a page for a sailing club', model: 'test/model' });
  const { id } = body.project;
  // Streamed text is stored once a second; by this length that has happened.
  await expect.poll(async () => (await api.turns(id))[0].parts[0]?.text.length ?? 0, { timeout: 60_000 }).toBeGreaterThan(100);
  expect(processesOf(dataDir).length).toBeGreaterThan(1);

  await app.kill();
  await expect.poll(() => processesOf(dataDir), { timeout: 5_000 }).toEqual([]);

  await boot();
  await expect.poll(() => state(id), { timeout: 60_000 }).toBe('needs_attention');
  const [turn] = await api.turns(id);
  expect(turn.error.message).toContain('interrupted');
  expect(turn.parts[0].text).toContain('One word after the other');
  expect(await api.project(id)).toMatchObject({ status: 'stopped', name: 'Sailing club' });
  expect(timesSent('a page for a sailing club')).toBe(1);

  provider.answer({ kind: 'text', text: 'Here it is.' });
  await api.call('POST', `/api/projects/${id}/turns`, { text: 'please go on' });
  await expect.poll(() => state(id), { timeout: 60_000 }).toBe('completed');
  await expect.poll(async () => (await api.project(id)).status, { timeout: 60_000 }).toBe('running');
});

test('kill -9 while a project is being made: after the restart it gets its preview and its answer', async () => {
  provider.answer({ kind: 'text', text: 'Here it is.' });
  const { body } = await api.call('POST', '/api/projects', { prompt: 'a page for a bookbinder', model: 'test/model' });
  const { id } = body.project;
  await expect.poll(async () => (await api.project(id)).status, { interval: 10 }).toBe('starting');
  await app.kill();
  await boot();
  await expect.poll(() => state(id), { timeout: 60_000 }).toBe('completed');
  await expect.poll(async () => (await api.project(id)).status, { timeout: 60_000 }).toBe('running');
  expect(timesSent('a page for a bookbinder')).toBe(1);
});

test('kill -9 right after a deletion was asked for: after the restart nothing of it is left', async () => {
  const { projects } = (await api.call('GET', '/api/projects')).body;
  for (const { id } of projects) await api.call('DELETE', `/api/projects/${id}`);
  await app.kill();
  await boot();
  expect((await api.call('GET', '/api/projects')).body.projects).toEqual([]);
  for (const { id } of projects) await expect.poll(() => existsSync(join(dataDir, 'projects', id)), { timeout: 30_000 }).toBe(false);
});

test('SIGTERM stops everything in order', async () => {
  provider.answer({ kind: 'trickle', text: 'word '.repeat(500), everyMs: 30 });
  const { body } = await api.call('POST', '/api/projects', { prompt: 'a page for a potter', model: 'test/model' });
  await expect.poll(() => state(body.project.id), { timeout: 60_000 }).toBe('running');
  expect(await app.stop()).toBe(0);
  expect(processesOf(dataDir)).toEqual([]);
  await boot();
  await expect.poll(() => state(body.project.id), { timeout: 60_000 }).toBe('needs_attention');
});

test('a second host on the same data is refused with exit code 3 and the name of the first', async () => {
  await expect(startApp(dataDir)).rejects.toThrow(/exited with 3:[\s\S]*already running[\s\S]*process \d+/);
});
