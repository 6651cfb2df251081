import { expect, test } from 'vitest';
import { userSettings } from '#server/db/schema.ts';
import { SettingsPatch } from '#server/settings/settings-patch.ts';
import { KEY, setupSettings } from './settings-setup.ts';

const openRouter = 'https://openrouter.ai/api/v1';

test('a fresh installation uses the offline builder and asks for no key', () => {
  const { settings } = setupSettings();
  expect(settings.resolveProvider()).toBeUndefined();
  expect(settings.readSettings('u1')).toEqual({
    llm: {
      baseUrl: openRouter,
      baseUrlFromEnv: false,
      ready: false,
      hasKey: false,
      keyLast4: undefined,
      keyState: 'none',
      lastWorkedAt: undefined,
    },
    defaultModel: 'doce/offline',
    limits: { callsPerTurn: 100, tokensPerTurn: 5_000_000, dollarsPerTurn: 2, dollarsPerProjectDay: 10, dollarsPerDay: 20 },
    idleMinutes: 10,
  });
});

test('a key is write-only: reads show its last four characters, the database and the log nothing', () => {
  const { settings, patch, sqlite, db, lines } = setupSettings();
  const view = patch({ llm: { apiKey: ` ${KEY}\n` } });
  expect(view.llm).toMatchObject({ hasKey: true, keyLast4: KEY.slice(-4), keyState: 'ok', ready: true });
  expect(JSON.stringify(view)).not.toContain(KEY);
  expect(settings.resolveProvider()).toEqual({ name: 'openrouter', baseUrl: openRouter, apiKey: KEY });
  expect(settings.secretValues()).toEqual([KEY]);
  expect(db.select().from(userSettings).get()?.openrouterApiKey).toMatch(/^enc:v1:[A-Za-z0-9_-]+$/);
  expect(sqlite.serialize().includes(KEY)).toBe(false);
  expect(lines.join('')).not.toContain(KEY);
});

test('a short key shows nothing of itself', () => {
  const { patch } = setupSettings();
  expect(patch({ llm: { apiKey: 'abcd1234' } }).llm).toMatchObject({ hasKey: true, keyLast4: undefined });
});

test('an empty key field leaves the key alone, null forgets it', () => {
  const { settings, patch } = setupSettings();
  patch({ llm: { apiKey: KEY } });
  expect(patch({ llm: { apiKey: '' }, defaultModel: 'a/b' }).llm.keyState).toBe('ok');
  expect(patch({ llm: { apiKey: null } }).llm).toMatchObject({ hasKey: false, keyState: 'none' });
  expect(settings.secretValues()).toEqual([]);
  expect(settings.resolveProvider()).toBeUndefined();
});

test('a stored key is never sent to another origin: changing the base URL forgets it', () => {
  const { settings, patch } = setupSettings();
  patch({ llm: { apiKey: KEY } });
  expect(patch({ llm: { baseUrl: 'https://evil.example/api/v1' } }).llm).toMatchObject({ hasKey: false, keyState: 'none' });
  expect(settings.resolveProvider()).toEqual({ name: 'compatible', baseUrl: 'https://evil.example/api/v1', apiKey: undefined });
  patch({ llm: { baseUrl: null } });
  expect(settings.secretValues()).toEqual([]);
});

test.each([
  ['another port', 'https://openrouter.ai:8443/api/v1'],
  ['http', 'http://openrouter.ai/api/v1'],
  ['a look-alike', 'https://openrouter.ai.evil.example/api/v1'],
])('%s is another origin', (_name, baseUrl) => {
  const { settings, patch } = setupSettings();
  patch({ llm: { apiKey: KEY } });
  patch({ llm: { baseUrl } });
  expect(settings.resolveProvider()?.apiKey).toBeUndefined();
});

test('another path of the same origin keeps the key', () => {
  const { settings, patch } = setupSettings();
  patch({ llm: { apiKey: KEY } });
  patch({ llm: { baseUrl: 'https://openrouter.ai/api/v2/' } });
  expect(settings.resolveProvider()).toMatchObject({ baseUrl: 'https://openrouter.ai/api/v2', apiKey: KEY });
});

test('a key given together with the base URL belongs to that origin', () => {
  const { settings, patch } = setupSettings();
  patch({ llm: { apiKey: 'first-key-123' } });
  patch({ llm: { baseUrl: 'https://llm.example/v1', apiKey: KEY } });
  expect(settings.resolveProvider()).toEqual({ name: 'compatible', baseUrl: 'https://llm.example/v1', apiKey: KEY });
});

test('the environment’s base URL does not get a key that was entered for another origin', () => {
  const { settings, patch, open } = setupSettings();
  patch({ llm: { apiKey: KEY } });
  const elsewhere = open('http://127.0.0.1:9999/v1');
  expect(elsewhere.resolveProvider()).toEqual({ name: 'openrouter', baseUrl: 'http://127.0.0.1:9999/v1', apiKey: undefined });
  expect(elsewhere.readSettings('u1').llm).toMatchObject({ keyState: 'other_origin', baseUrlFromEnv: true });
  expect(elsewhere.updateSettings('u1', { defaultModel: 'a/b' }).llm.hasKey).toBe(true);
  expect(settings.resolveProvider()?.apiKey).toBe(KEY);
});

test('a test with a form’s values gets the stored key only at its own origin', () => {
  const { settings, patch } = setupSettings();
  patch({ llm: { apiKey: KEY } });
  expect(settings.providerToTest({}).apiKey).toBe(KEY);
  expect(settings.providerToTest({ baseUrl: 'https://evil.example/v1' }).apiKey).toBeUndefined();
  expect(settings.providerToTest({ baseUrl: 'https://evil.example/v1', apiKey: 'given' })).toMatchObject({ apiKey: 'given' });
  expect(settings.providerToTest({ apiKey: 'given' })).toMatchObject({ baseUrl: openRouter, apiKey: 'given' });
});

test('a local server needs no key', () => {
  const { settings, patch } = setupSettings();
  expect(patch({ llm: { baseUrl: 'http://localhost:11434/v1/' } }).llm).toMatchObject({ ready: true, hasKey: false });
  expect(settings.resolveProvider()).toEqual({ name: 'compatible', baseUrl: 'http://localhost:11434/v1', apiKey: undefined });
  expect(settings.defaultModel('u1')).toBe('doce/offline');
});

test('the chosen model counts only while a provider can be asked', () => {
  const { settings, patch } = setupSettings();
  expect(patch({ defaultModel: 'acme/builder' }).defaultModel).toBe('doce/offline');
  expect(patch({ llm: { apiKey: KEY } }).defaultModel).toBe('acme/builder');
  expect(patch({ defaultModel: '' }).defaultModel).toBe('openrouter/auto');
  patch({ llm: { apiKey: null } });
  expect(settings.defaultModel('u1')).toBe('doce/offline');
});

test('limits are dollars to people and millionths to the gateway', () => {
  const { settings, patch } = setupSettings();
  expect(patch({ limits: { dollarsPerTurn: '0.5' } }).limits).toMatchObject({ dollarsPerTurn: 0.5, callsPerTurn: 100 });
  expect(patch({ limits: { callsPerTurn: 7 } }).limits).toMatchObject({ dollarsPerTurn: 0.5, callsPerTurn: 7 });
  expect(settings.limits()).toEqual({
    maxCallsPerTurn: 7,
    maxTokensPerTurn: 5_000_000,
    maxCostMicrosPerTurn: 500_000,
    maxCostMicrosPerProjectDay: 10_000_000,
    maxCostMicrosPerDay: 20_000_000,
  });
  expect(patch({ limits: null }).limits.callsPerTurn).toBe(100);
});

test('remembers when the provider last worked, and forgets it with the key', () => {
  const { settings, patch } = setupSettings();
  patch({ llm: { apiKey: KEY } });
  settings.markProviderWorked({ name: 'openrouter', baseUrl: openRouter, apiKey: 'another-key-1' });
  expect(settings.readSettings('u1').llm.lastWorkedAt).toBeUndefined();
  settings.markProviderWorked({ name: 'openrouter', baseUrl: openRouter, apiKey: KEY });
  expect(settings.readSettings('u1').llm.lastWorkedAt).toBe('2026-01-01T00:00:00.000Z');
  expect(patch({ idleMinutes: 30 })).toMatchObject({ idleMinutes: 30, llm: { lastWorkedAt: '2026-01-01T00:00:00.000Z' } });
  expect(patch({ llm: { apiKey: 'another-key-1' } }).llm.lastWorkedAt).toBeUndefined();
});

test('a form says the same with dotted names, and saving it unchanged changes nothing', () => {
  const { settings, patch } = setupSettings();
  patch({ 'llm.baseUrl': openRouter, 'llm.apiKey': KEY });
  settings.markProviderWorked({ name: 'openrouter', baseUrl: openRouter, apiKey: KEY });
  const before = settings.readSettings('u1');
  expect(patch({ 'llm.baseUrl': `${openRouter}/`, 'llm.apiKey': '' })).toEqual(before);
  expect(patch({ 'limits.callsPerTurn': '12', 'limits.dollarsPerDay': '1.5', idleMinutes: '3' })).toMatchObject({
    limits: { callsPerTurn: 12, dollarsPerDay: 1.5 },
    idleMinutes: 3,
  });
  expect(before.llm.lastWorkedAt).toBeDefined();
});

test.each([
  { 'llm.unknown': 'x' },
  { 'limits.callsPerTurn': '' },
  { 'a.b.c': 'x' },
  { llm: { baseUrl: 'ftp://example.com' } },
  { llm: { baseUrl: 'https://user:pass@example.com/v1' } },
  { llm: { baseUrl: 'https://example.com/v1?key=1' } },
  { llm: { baseUrl: 'not a url' } },
  { llm: { apiKey: 'two words' } },
  { llm: { apiKey: 'line\r\nbreak' } },
  { limits: { callsPerTurn: 0 } },
  { limits: { dollarsPerTurn: 'lots' } },
  { idleMinutes: 0 },
  { unknown: true },
])('refuses %j', (input) => {
  expect(SettingsPatch.safeParse(input).success).toBe(false);
});
