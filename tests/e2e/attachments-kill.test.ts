import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProviderServer } from '../support/provider-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { makeDataDir, processesOf } from './support/app.ts';
import { killWhen, startHost } from './support/host.ts';
import type { Host } from './support/host.ts';
import { openWitness } from './support/moments.ts';
import type { Witness } from './support/moments.ts';

// One host after the other on one data directory, each killed with a prompt and its files on the way.
const { dataDir, remove } = makeDataDir();
const CONTENT = Buffer.alloc(3 * 1024 * 1024, 'The price list. ');
const attachments = [{ name: 'prices.txt', content: CONTENT.toString('base64') }];
let provider: ProviderServer;
let host: Host;
let witness: Witness;
let env: Record<string, string>;

beforeAll(async () => {
  provider = await startProviderServer();
  env = { DOCE_LLM_BASE_URL: provider.baseUrl };
  host = await startHost(dataDir, env);
  witness = openWitness(dataDir);
  await host.api.call('PATCH', '/api/settings', { llm: { apiKey: 'any-key-will-do-here' }, defaultModel: 'test/model' });
  provider.answer({ kind: 'text', text: 'Here it is.' });
});
afterAll(async () => {
  witness.close();
  await host.app.stop();
  await provider.close();
  expect(processesOf(dataDir)).toEqual([]);
  remove();
});

const folder = (id: string) => join(dataDir, 'projects', id, 'workspace/attachments');
const timesSent = (text: string) => provider.requests.filter(({ body }) => JSON.stringify(body['messages'] ?? '').includes(text)).length;
const state = async (id: string) => (await host.api.turns(id))[0].state as string;
let id: string;

test('kill -9 right after the first prompt was taken: it is sent once, with its files', async () => {
  const made = await host.api.call('POST', '/api/projects', { prompt: 'a page for a tailor', model: 'test/model', attachments });
  expect(made.status).toBe(201);
  ({ id } = made.body.project);
  host = await killWhen('the turn waits', () => witness.turn(id)?.state === 'queued', { host, dataDir, env });
  await expect.poll(() => state(id), { timeout: 120_000 }).toBe('completed');
  expect(timesSent('a page for a tailor')).toBe(1);
  expect(readFileSync(join(folder(id), 'prices.txt'))).toEqual(CONTENT);
  expect(timesSent('- attachments/prices.txt (text/plain')).toBe(1);
});

test('kill -9 as soon as the files lie in the workspace: they lie there once, and the prompt is sent at most once', async () => {
  const more = [{ name: 'more.txt', content: CONTENT.toString('base64') }];
  await host.api.call('POST', `/api/projects/${id}/turns`, { text: 'use the prices', attachments: more });
  host = await killWhen('the file is there', () => existsSync(join(folder(id), 'more.txt')), { host, dataDir, env });
  await expect.poll(() => state(id), { timeout: 120_000 }).toMatch(/completed|needs_attention/);
  expect(readdirSync(folder(id)).sort()).toEqual(['more.txt', 'prices.txt']);
  expect(readFileSync(join(folder(id), 'more.txt'))).toEqual(CONTENT);
  expect(timesSent('use the prices')).toBeLessThanOrEqual(1);
});
