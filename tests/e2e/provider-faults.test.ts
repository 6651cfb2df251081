import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { startProviderServer } from '../support/provider-server.ts';
import type { ProviderAnswer, ProviderServer } from '../support/provider-server.ts';
import { makeDataDir, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { launchBrowser, openPage, setUpInBrowser } from './support/browser.ts';
import { makeApi } from './support/api.ts';
import type { Api } from './support/api.ts';

const KEY = 'sk-or-test-key-that-must-not-leak-1234567890';
const { dataDir, remove } = makeDataDir();
let app: App;
let browser: Browser;
let page: Page;
let provider: ProviderServer;
let api: Api;
let projectId: string;

beforeAll(async () => {
  provider = await startProviderServer(KEY);
  provider.routes['/models'] = {
    status: 200,
    body: { data: [{ id: 'test/model', name: 'Test model', context_length: 128_000, supported_parameters: ['tools'] }] },
  };
  [app, browser] = await Promise.all([startApp(dataDir, { DOCE_LLM_BASE_URL: provider.baseUrl }), launchBrowser()]);
  ({ page } = await openPage(browser));
  await setUpInBrowser(app, page);
  api = makeApi(app);
  await api.login();
  expect((await api.call('PATCH', '/api/settings', { llm: { apiKey: KEY }, defaultModel: 'test/model' })).status).toBe(200);
  provider.answer({ kind: 'text', text: 'The first answer.' });
  const { body } = await api.call('POST', '/api/projects', { prompt: 'a page for a choir', model: 'test/model' });
  projectId = body.project.id;
  await page.goto(`${app.origin}/projects/${body.project.slug}`);
  await page.locator('[data-turn][data-state=completed]').waitFor({ timeout: 120_000 });
});

afterAll(async () => {
  await browser.close();
  await app.stop();
  await provider.close();
  remove();
});

const faults: [string, ProviderAnswer, RegExp][] = [
  ['401', { kind: 'status', status: 401, message: 'No auth credentials found' }, /key/i],
  ['402', { kind: 'status', status: 402, message: 'Insufficient credits' }, /credit/i],
  ['429 with Retry-After', { kind: 'status', status: 429, message: 'Rate limited', retryAfter: '60' }, /60 seconds|1 minute|a minute/i],
  ['500', { kind: 'status', status: 500, message: 'Internal' }, /provider/i],
  ['a cut stream', { kind: 'cut', text: 'Half of the ans' }, /connection to the AI provider broke/i],
  ['garbage', { kind: 'raw', contentType: 'text/event-stream', body: 'data: {"choices": [ oops\n\n' }, /understand|read|answer/i],
];

test.each(faults)('%s ends in its own message with one next step', async (name, answer, message) => {
  provider.answer(answer);
  const box = page.getByRole('textbox', { name: 'Say what to change' });
  await box.fill(`change something (${name})`);
  await box.press('Enter');
  const turn = page.locator('[data-turn]').filter({ hasText: `(${name})` });
  await turn.and(page.locator('[data-state=failed]')).waitFor({ timeout: 60_000 });
  const problem = turn.locator('.problem');
  expect(await problem.innerText()).toMatch(message);
  expect(await problem.getByRole('button').or(problem.getByRole('link')).count()).toBe(1);
  const [stored] = await api.turns(projectId);
  expect(stored.state).toBe('failed');
});

test('every fault had a message of its own', async () => {
  const messages = (await api.turns(projectId)).filter((turn) => turn.state === 'failed').map((turn) => turn.error.message);
  expect(messages).toHaveLength(faults.length);
  expect(new Set(messages).size).toBe(faults.length);
});

test('a slow trickle is shown as it comes, and Stop keeps what is there', async () => {
  provider.answer({ kind: 'trickle', text: 'slowly but surely, a letter at a time, '.repeat(40), everyMs: 50 });
  const box = page.getByRole('textbox', { name: 'Say what to change' });
  await box.fill('take your time');
  await box.press('Enter');
  const turn = page.locator('[data-turn]').filter({ hasText: 'take your time' });
  await turn.getByText('slowly but surely').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await turn.and(page.locator('[data-state=stopped]')).waitFor({ timeout: 10_000 });
  expect(await turn.innerText()).toContain('slowly but surely');
});

test('the provider key is in no answer, log line or file but the sealed one', async () => {
  expect(app.output()).not.toContain(KEY);
  const { execFileSync } = await import('node:child_process');
  const grep = () => execFileSync('grep', ['-rlaF', '--', KEY, dataDir], { encoding: 'utf8' });
  expect(grep).toThrow();
  expect(await page.content()).not.toContain(KEY);
});
