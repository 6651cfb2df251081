import { expect, test, vi } from 'vitest';
import { nextActionFor } from '../../src/components/conversation/next-action.ts';
import { modelChoices } from '../../src/components/prompt/model-choices.ts';
import { coverOf, PALETTES } from '../../src/components/projects/cover-pattern.ts';
import { moodOf } from '../../src/components/projects/mood.ts';
import { repairRequest as repairOfSite } from '../../src/components/publish/publish-state.ts';
import { packagesRequest, repairRequest, stageStateOf } from '../../src/components/workspace/stage-state.ts';
import { loginPath, safeNext } from '../../src/pages/_page.ts';
import type { DeploymentView } from '#server/projects/deployment-views.ts';
import { makeSteps, makeSummary } from '../support/views.ts';

test('the stage shows the checklist until there has been a page to look at', () => {
  expect(stageStateOf({ status: 'created', steps: makeSteps('files') })).toEqual({ kind: 'creating' });
  expect(stageStateOf({ status: 'starting', steps: makeSteps('preview') })).toEqual({ kind: 'creating' });
  expect(stageStateOf({ status: 'running', steps: makeSteps('building') })).toEqual({ kind: 'page', catchingUp: false, building: true });
  expect(stageStateOf({ status: 'running', steps: makeSteps() })).toEqual({ kind: 'page', catchingUp: false, building: false });
});

test('the old page stays while its preview comes back; a failed first answer does not build for ever', () => {
  expect(stageStateOf({ status: 'starting', steps: makeSteps() })).toEqual({ kind: 'page', catchingUp: true, building: false });
  expect(stageStateOf({ status: 'running', steps: makeSteps('agent', true) })).toMatchObject({ building: false });
});

test('a sleeping or failed preview has no page that would wake it', () => {
  expect(stageStateOf({ status: 'stopped', steps: makeSteps() }).kind).toBe('stopped');
  expect(stageStateOf({ status: 'error', steps: makeSteps() }).kind).toBe('failed');
});

test('the agent is asked to repair only what lies in the site’s own code', () => {
  const error = { code: 'preview_exited', message: 'x', detail: Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n') };
  const request = repairRequest(error);
  expect(request).toContain('line 39');
  expect(request).not.toContain('line 27\n');
  expect(repairRequest({ ...error, code: 'storage_full' })).toBeUndefined();
  expect(packagesRequest({ ...error, code: 'package_unknown' })).toMatch(/packages could not be installed[^]*line 39/);
  expect(packagesRequest({ ...error, code: 'packages_timed_out' })).toBeUndefined();
});

test('the agent is asked to repair what keeps a site from being published, or from staying up', () => {
  const deployment = (code: string, detail: string) => ({ error: { code, message: 'x', detail } }) as DeploymentView;
  const live = deployment('server_crashing', 'listening\nECONNREFUSED');
  expect(repairOfSite({ failed: undefined, live })).toMatch(/server keeps ending[^]*ECONNREFUSED/);
  expect(repairOfSite({ failed: deployment('build_failed', 'Hero.astro:14'), live })).toContain('Publishing failed: Hero.astro:14');
  expect(repairOfSite({ failed: undefined, live: { ...live, error: null } })).toBeUndefined();
});

test('every refused answer offers one thing to do', () => {
  expect(nextActionFor('provider_unauthorized').kind).toBe('open-settings');
  expect(nextActionFor('provider_no_credit').kind).toBe('choose-model');
  expect(nextActionFor('loop_detected').kind).toBe('edit-message');
  expect(nextActionFor('provider_rate_limited').label).toBe('Try again');
  expect(nextActionFor('a_code_of_the_future').label).toBe('Send again');
});

test('a card says what matters most', () => {
  const mood = (overrides: Parameters<typeof makeSummary>[0]) => moodOf(makeSummary(overrides)).tone;
  expect(mood({ status: 'error', turnState: 'running' })).toBe('bad');
  expect(mood({ status: 'running', turnState: 'running' })).toBe('busy');
  expect(mood({ status: 'running', turnState: 'needs_attention' })).toBe('warn');
  expect(mood({ status: 'stopped', turnState: 'completed' })).toBe('off');
  expect(mood({ status: 'running', turnState: 'completed' })).toBe('live');
});

test('a cover is the same for the same project and differs between projects', () => {
  expect(coverOf('a')).toEqual(coverOf('a'));
  const covers = Array.from({ length: 60 }, (_, index) => coverOf(`project-${index}`));
  expect(new Set(covers.map((cover) => JSON.stringify(cover))).size).toBeGreaterThan(30);
  expect(covers.every(({ palette }) => palette >= 0 && palette < PALETTES)).toBe(true);
});

test('a login leads back to where it interrupted, and nowhere else', () => {
  expect(loginPath(new URL('http://x/projects/a?b=c'))).toBe('/login?next=%2Fprojects%2Fa%3Fb%3Dc');
  expect(loginPath(new URL('http://x/'))).toBe('/login');
  expect(safeNext('/projects/a?b=c')).toBe('/projects/a?b=c');
  for (const elsewhere of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:x', '/\t/evil.example', '', null]) {
    expect(safeNext(elsewhere)).toBe('/');
  }
});

test('a picker always offers the chosen model, and waits for no provider', async () => {
  const known = { models: [{ id: 'doce/offline', name: 'Offline builder' }] };
  expect((await modelChoices(async () => known, 'gone/model')).choices.map(({ id }) => id)).toEqual(['gone/model', 'doce/offline']);
  vi.useFakeTimers();
  const waiting = modelChoices(() => new Promise(() => {}), 'a/b');
  await vi.advanceTimersByTimeAsync(1_500);
  vi.useRealTimers();
  const { choices, note } = await waiting;
  expect(choices.map(({ id }) => id)).toEqual(['a/b', 'doce/offline']);
  expect(note).toContain('slow');
});
