import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { openSqlite } from '#server/db/open.ts';
import { RARE_JOBS, RARE_TYPE, seedQueue } from '../support/seed-queue.ts';
import { makeApi } from './support/api.ts';
import type { Api } from './support/api.ts';
import { makeDataDir, startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { violations } from './support/axe.ts';
import { launchBrowser, openPage, signIn } from './support/browser.ts';

const JOBS = 1_000_000;
const { dataDir, remove } = makeDataDir();
let app: App;
let api: Api;
let browser: Browser;

/** A host that ran, was killed with three jobs running, and has a million rows; started again, paused. */
beforeAll(async () => {
  app = await startApp(dataDir);
  api = makeApi(app);
  await api.setup();
  await api.call('PATCH', '/api/queue/settings', { paused: true });
  await app.stop();
  const sqlite = openSqlite(join(dataDir, 'db.sqlite'));
  seedQueue(sqlite, { jobs: JOBS, nowMs: Date.now() });
  sqlite.exec(`UPDATE queue_jobs SET state = 'running', attempts = 1, locked_by = 'dead', locked_at = unixepoch(), lock_expires_at = unixepoch()
    WHERE rowid IN (SELECT rowid FROM queue_jobs WHERE state = 'queued' LIMIT 3)`);
  // A recurring job whose time comes while these tests count is not added as long as the one before still waits.
  const names = sqlite.prepare('SELECT name FROM queue_schedules').pluck().all();
  const wait = sqlite.prepare(`UPDATE queue_jobs SET dedupe_key = 'schedule:' || ?, dedupe_active = 'active'
    WHERE rowid = (SELECT rowid FROM queue_jobs WHERE state = 'queued' LIMIT 1 OFFSET ?)`);
  for (const [index, name] of names.entries()) wait.run(name, 1_000 + index);
  sqlite.close();
  [app, browser] = await Promise.all([startApp(dataDir), launchBrowser()]);
  api = makeApi(app);
  await api.login();
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  remove();
});

async function open(path: string, options: Parameters<typeof openPage>[1] = {}) {
  const opened = await openPage(browser, options);
  await opened.page.goto(app.origin + path);
  await signIn(opened.page);
  await opened.page.waitForURL(app.origin + path);
  return opened;
}

const rows = (page: Page) => page.locator('[data-rows] tr');
const countOf = async (page: Page, state: string) =>
  Number((await page.locator(`[data-count="${state}"]`).innerText()).replaceAll(',', ''));
const jobsOf = async (query: string) => (await api.call('GET', `/api/queue/jobs?${query}`)).body;

test.each([
  { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const)('every view passes axe and does not scroll sideways ($colorScheme, $viewport.width px)', async (view) => {
  const { page, context, problems } = await open('/queue', view);
  const [failed] = (await jobsOf('state=failed&limit=1')).jobs;
  const [waiting] = (await jobsOf('state=queued&order=oldest&limit=1')).jobs;
  const found: string[] = [];
  const paths = [
    '/queue',
    '/queue?range=day&state=failed',
    '/queue?q=nothing-like-this',
    '/queue?projectId=none',
    '/queue/confirm?action=retry&state=failed',
  ];
  for (const path of [...paths, `/queue/${failed.id}`, `/queue/${waiting.id}`]) {
    await page.goto(app.origin + path);
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    found.push(...(await violations(page)));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) found.push(`${path} is ${overflow} px too wide`);
  }
  await page.goto(`${app.origin}/queue?state=failed`);
  await page.getByRole('button', { name: 'All that match' }).click();
  await page.getByRole('link', { name: 'Retry all…' }).click();
  await page.getByRole('heading', { name: /^Retry [\d,]+ jobs\?$/ }).waitFor();
  found.push(...(await violations(page)));
  expect(found).toEqual([]);
  expect(problems).toEqual([]);
  await context.close();
});

test('a million rows: numbers, charts with a table, the crash, filters, text and far pages', async () => {
  const { page, context, problems } = await open('/queue');
  expect(await countOf(page, 'all')).toBe(JOBS);
  await page.getByText('0 lost, 3 re-run').waitFor();
  expect(await page.locator('figure svg[role=img]').count()).toBe(2);
  await page.getByText('The same as a table').click();
  expect(await page.locator('#charts-table tbody tr').count()).toBeGreaterThan(50);

  await page.getByRole('link', { name: /^Failed \d/ }).click();
  await page.waitForURL(/state=failed/);
  expect(new Set(await page.locator('[data-rows] tr').evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset.state)))).toEqual(
    new Set(['failed']),
  );
  const firstId = await rows(page).first().getAttribute('id');
  await page.getByRole('link', { name: 'Older' }).click();
  await page.waitForURL(/cursor=/);
  expect(await rows(page).count()).toBe(50);
  expect(await page.locator(`#${firstId}`).count()).toBe(0);

  await page.goto(`${app.origin}/queue`);
  await page.getByLabel('Type').selectOption(RARE_TYPE);
  await page.waitForURL(/type=project\.delete/);
  expect(page.url()).not.toContain('projectId=');
  expect(await rows(page).count()).toBe(RARE_JOBS);

  await page.goto(`${app.origin}/queue?q=nothing-like-this`);
  await page.getByText('None yet among the 20,000 jobs looked at.').waitFor();
  await page.getByRole('link', { name: 'Look further' }).click();
  await page.waitForURL(/cursor=/);

  const old = await jobsOf('cursor=r500000&limit=1');
  await page.keyboard.press('/');
  await page.keyboard.type(old.jobs[0].id);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/queue?*q=${old.jobs[0].id}*`);
  expect(await rows(page).count()).toBe(1);
  expect(problems).toEqual([]);
  await context.close();
});

test('a job’s page says why it waits, its payload without secrets, and what was tried', async () => {
  const secret = 'sk-live-0123456789abcdef';
  const { jobs } = await jobsOf('state=queued&order=oldest&limit=5');
  const sqlite = openSqlite(join(dataDir, 'db.sqlite'));
  sqlite
    .prepare('UPDATE queue_jobs SET payload_json = ? WHERE id = ?')
    .run(JSON.stringify({ prompt: 'a choir', apiKey: secret, deep: { list: [1, 2] } }), jobs[4].id);
  sqlite.close();
  const { page, context, problems } = await open(`/queue/${jobs[4].id}`);
  await page.getByRole('heading', { name: 'Why it waits' }).waitFor();
  expect(await page.locator('[data-wait]').evaluateAll((all) => all.map((item) => (item as HTMLElement).dataset.wait))).toContain('paused');
  expect(await page.locator('[data-wait]').allInnerTexts()).toContainEqual(expect.stringContaining('before it'));
  expect(await page.content()).not.toContain(secret);
  await page.getByText('[hidden]').waitFor();
  const answer = await api.call('GET', `/api/queue/jobs/${jobs[4].id}`);
  expect(answer.body.job.payload).toEqual({ prompt: 'a choir', apiKey: '[hidden]', deep: { list: [1, 2] } });

  const [failed] = (await jobsOf('state=failed&limit=1')).jobs;
  await page.goto(`${app.origin}/queue/${failed.id}`);
  expect(await page.locator('[data-outcome=failed]').innerText()).toContain('The dev server answered');
  await page.getByText('Log, 1 line').click();
  await page.getByText('began').waitFor();
  expect(problems).toEqual([]);
  await context.close();
});

test('rows change in place, new ones are announced and shown on demand, and nothing moves under the reader', async () => {
  const { page, context, problems } = await open('/queue');
  const before = await rows(page).evaluateAll((all) => all.map(({ id }) => id));
  await page.evaluate(() => scrollTo(0, 700));
  const scrolled = await page.evaluate(() => scrollY);
  const id = before[3]!.slice('job-'.length);
  await api.call('POST', `/api/queue/jobs/${id}/cancel`);
  await page.locator(`#job-${id}`).getByText('Cancelled').waitFor();
  await page
    .locator(`#job-${before[5]!.slice(4)}`)
    .locator('button[data-action=cancel]')
    .click();
  await page.locator(`#${before[5]}`).getByText('Cancelled').waitFor();
  await api.call('POST', '/api/projects', { prompt: 'a page for a choir' });
  await page.getByRole('link', { name: '1 new' }).waitFor();
  expect(await rows(page).evaluateAll((all) => all.map((row) => row.id))).toEqual(before);
  expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  await page.getByRole('link', { name: '1 new' }).click();
  await page.locator('[data-rows] tr').first().getByText('project.prepare').waitFor();
  expect(problems).toEqual([]);
  await context.close();
});

test('what is done to all that match is counted, confirmed in a dialog, and followed', async () => {
  const { page, context, problems } = await open('/queue?state=failed&projectId=seed-project-3');
  const others = await countOf(page, 'failed');
  await page.getByRole('button', { name: 'All that match' }).click();
  await page.getByRole('link', { name: 'Retry all…' }).click();
  const heading = await page.getByRole('heading', { name: /^Retry [\d,]+ jobs\?$/ }).innerText();
  const count = Number(heading.replaceAll(/\D/g, ''));
  expect(count).toBeGreaterThan(100);
  await page.getByRole('link', { name: 'Leave them' }).click();
  expect(await page.locator('dialog[open]').count()).toBe(0);
  await page.getByRole('button', { name: 'All that match' }).click();
  await page.getByRole('link', { name: 'Retry all…' }).click();
  await page.getByRole('button', { name: heading.replace('?', '') }).click();
  await page.getByText(`Retried ${count.toLocaleString('en-US')} jobs.`).waitFor();
  await expect.poll(() => countOf(page, 'failed')).toBe(others - count);
  expect((await jobsOf('state=failed&projectId=seed-project-3')).jobs).toEqual([]);
  expect(problems).toEqual([]);
  await context.close();
});

test('pause and concurrency act at once, and other tabs hear of it', async () => {
  const { page, context } = await open('/queue');
  const second = await context.newPage();
  await second.goto(`${app.origin}/queue`);
  await page.getByLabel('At once').fill('3');
  await page.getByRole('button', { name: 'Set' }).click();
  await second.getByText('paused: nothing starts').waitFor();
  await expect.poll(() => second.getByLabel('At once').inputValue()).toBe('3');
  expect((await api.call('GET', '/api/queue/settings')).body.settings).toEqual({ paused: true, concurrency: 3 });
  expect((await api.call('PATCH', '/api/queue/settings', { concurrency: 0 })).status).toBe(422);
  await context.close();
});

test('the API does the same, says why not, and describes itself', async () => {
  const { paths } = (await api.call('GET', '/api/openapi.json')).body;
  expect(
    Object.keys(paths)
      .filter((path) => path.startsWith('/api/queue'))
      .sort(),
  ).toEqual([
    '/api/queue/bulk',
    '/api/queue/bulk/{id}',
    '/api/queue/jobs',
    '/api/queue/jobs/{id}',
    '/api/queue/jobs/{id}/cancel',
    '/api/queue/jobs/{id}/retry',
    '/api/queue/jobs/{id}/run-now',
    '/api/queue/jobs/{id}/unlock',
    '/api/queue/settings',
    '/api/queue/stats',
  ]);
  const [done] = (await jobsOf('state=succeeded&limit=1')).jobs;
  const act = async (id: string, action: string) => {
    const { status, body } = await api.call('POST', `/api/queue/jobs/${id}/${action}`);
    return [status, body.error?.code ?? body.job.state];
  };
  expect(await act(done.id, 'cancel')).toEqual([409, 'job_finished']);
  expect(await act(done.id, 'retry')).toEqual([409, 'job_already_done']);
  expect(await act(done.id, 'unlock')).toEqual([409, 'job_not_running']);
  expect(await act('no-such-job', 'run-now')).toEqual([404, 'job_not_found']);
  const { jobs, nextCursor } = await jobsOf('state=queued&order=newest&limit=2');
  expect((await jobsOf(`state=queued&limit=2&cursor=${nextCursor}`)).jobs[0].id).not.toBe(jobs[1].id);
  expect(await act(jobs[0].id, 'run-now')).toEqual([200, 'queued']);
  expect(await act(jobs[0].id, 'cancel')).toEqual([200, 'cancelled']);
  expect(await act(jobs[0].id, 'retry')).toEqual([200, 'queued']);
  expect((await api.call('DELETE', `/api/queue/jobs/${jobs[0].id}`)).body.error.code).toBe('job_not_finished');
  expect((await api.call('DELETE', `/api/queue/jobs/${done.id}`)).status).toBe(204);
  expect((await api.call('GET', `/api/queue/jobs/${done.id}`)).status).toBe(404);
  expect((await api.call('GET', '/api/queue/jobs?state=lost')).body.error.code).toBe('invalid_input');
  const { stats } = (await api.call('GET', '/api/queue/stats?range=day')).body;
  expect(stats).toMatchObject({ lastRecovery: { requeued: 3, lost: 0 }, settings: { paused: true }, late: { atLeast: true } });
  expect(stats.series.slots.length).toBe(96);
  const { preview } = (await api.call('GET', '/api/queue/bulk?action=cancel&state=queued&projectId=seed-project-9')).body;
  const { status, body } = await api.call('POST', '/api/queue/bulk', {
    action: 'cancel',
    state: 'queued',
    projectId: 'seed-project-9',
    upTo: preview.upTo,
  });
  expect(status).toBe(202);
  await expect
    .poll(async () => (await api.call('GET', `/api/queue/bulk/${body.bulk.id}`)).body.bulk)
    .toMatchObject({ state: 'done', changed: preview.count });
});

test('it can be read and used without JavaScript', async () => {
  const { page, context } = await open('/queue?state=failed', { javaScriptEnabled: false });
  const id = (await rows(page).first().getAttribute('data-job'))!;
  await page.locator(`#job-${id} button[data-action=retry]`).click();
  await page.waitForURL(/\/queue\?state=failed/);
  expect((await api.call('GET', `/api/queue/jobs/${id}`)).body.job).toMatchObject({ state: 'queued', attempts: 0 });
  await page.getByLabel('Search jobs').fill('row 99999');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL(/q=row/);
  await page.goto(`${app.origin}/queue/confirm?action=delete&state=cancelled&projectId=seed-project-5`);
  await page.getByRole('button', { name: /^Delete [\d,]+ jobs$/ }).click();
  expect(await page.locator('[data-bulk-state]').innerText()).toMatch(/Deleting: |Deleted /);
  await page.goto(`${app.origin}/queue/${id}`);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForURL(`${app.origin}/queue/${id}`);
  await page.getByText('Cancelled', { exact: true }).first().waitFor();
  await context.close();
});

test('keys move from job to job, and the menu and the dialog close with Escape', async () => {
  const { page, context } = await open('/queue?state=failed');
  const focused = () => page.evaluate(() => document.activeElement?.closest('tr')?.id);
  const ids = await rows(page).evaluateAll((all) => all.map(({ id }) => id));
  await page.locator('a.type').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('j');
  expect(await focused()).toBe(ids[2]);
  await page.keyboard.press('k');
  expect(await focused()).toBe(ids[1]);
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/queue/${ids[1]!.slice(4)}`));
  await page.goBack();
  await page.getByRole('button', { name: 'All that match' }).press('Enter');
  await page.getByRole('link', { name: 'Delete all…' }).press('Enter');
  await page.getByRole('heading', { name: /^Delete [\d,]+ jobs\?$/ }).waitFor();
  await page.keyboard.press('Escape');
  expect(await page.locator('dialog[open]').count()).toBe(0);
  await context.close();
});

test('kill -9 in the middle of an action on many jobs: the next start finishes it, and changes no other job', async () => {
  const wanted = { action: 'delete', state: 'succeeded', type: 'turn.send' };
  const { preview } = (await api.call('GET', `/api/queue/bulk?${new URLSearchParams(wanted)}`)).body;
  const { id } = (await api.call('POST', '/api/queue/bulk', { ...wanted, upTo: preview.upTo })).body.bulk;
  const run = async () => (await api.call('GET', `/api/queue/bulk/${id}`)).body.bulk;
  await expect.poll(async () => (await run()).changed).toBeGreaterThan(0);
  await app.kill();
  app = await startApp(dataDir);
  api = makeApi(app);
  await api.login();
  await expect.poll(run, { timeout: 60_000 }).toMatchObject({ state: 'done', total: preview.count, changed: preview.count, skipped: 0 });
  expect((await jobsOf('state=succeeded&type=turn.send')).jobs).toEqual([]);
});

test('whoever comes by sees an action on many jobs that is under way, and may stop it', async () => {
  const { body } = await api.call('POST', '/api/queue/bulk', { action: 'delete', state: 'succeeded' });
  const { page, context } = await open('/queue');
  await page.locator('[data-bulk-state=working]').getByRole('button', { name: 'Stop' }).click();
  await expect.poll(async () => (await api.call('GET', `/api/queue/bulk/${body.bulk.id}`)).body.bulk.state).toBe('stopped');
  await page.locator('[data-bulk-state=working]').waitFor({ state: 'detached' });
  await context.close();
});
