import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { userSettings } from '#server/db/schema.ts';
import { createKeyFile } from '#server/settings/key-file.ts';
import { createSecretBox } from '#server/settings/secret-box.ts';
import { createLog } from '#server/log.ts';
import { KEY, setupSettings } from './settings-setup.ts';

const place = { table: 'user_settings', column: 'openrouter_api_key', row: 'u1' };

function setupBox() {
  const base = setupSettings();
  return { ...base, box: createSecretBox(createKeyFile(base.keyFile, createLog('silent'))) };
}

test('opens what it sealed, with another envelope each time', () => {
  const { box } = setupBox();
  const [one, two] = [box.seal(place, KEY), box.seal(place, KEY)];
  expect(one).not.toBe(two);
  expect([box.open(place, one), box.open(place, two)]).toEqual([
    { state: 'ok', secret: KEY },
    { state: 'ok', secret: KEY },
  ]);
});

test('an envelope does not open anywhere else', () => {
  const { box } = setupBox();
  const envelope = box.seal(place, KEY);
  for (const other of [{ row: 'u2' }, { column: 'other' }, { table: 'other' }]) {
    expect(box.open({ ...place, ...other }, envelope)).toEqual({ state: 'unreadable' });
  }
});

test('a changed byte anywhere closes it', () => {
  const { box } = setupBox();
  const envelope = box.seal(place, KEY);
  const bytes = Buffer.from(envelope.slice('enc:v1:'.length), 'base64url');
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(box.open(place, `enc:v1:${changed.toString('base64url')}`)).toEqual({ state: 'unreadable' });
  }
  for (const text of ['', 'enc:v1:', 'enc:v1:AAAA', envelope.replace('v1', 'v2'), KEY, envelope.slice(0, -4)]) {
    expect(box.open(place, text)).toEqual({ state: 'unreadable' });
  }
});

test('the key file appears at first need, whole, for its owner only', () => {
  const { patch, settings, keyFile, dataDir } = setupSettings();
  settings.readSettings('u1');
  expect(() => statSync(keyFile)).toThrow('ENOENT');
  patch({ llm: { apiKey: KEY } });
  expect(statSync(keyFile)).toMatchObject({ size: 32 });
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(readdirSync(dataDir)).toEqual(['secret.key']);
  const before = readFileSync(keyFile);
  patch({ llm: { apiKey: 'another-key-1' } });
  expect(readFileSync(keyFile)).toEqual(before);
});

test.each<[string, (file: string) => void]>([
  ['lost', (file) => rmSync(file)],
  ['cut short', (file) => writeFileSync(file, 'short')],
  ['another one', (file) => writeFileSync(file, Buffer.alloc(32, 7))],
])('with a key file that is %s the app works and asks for the key again', (_name, damage) => {
  const { settings, patch, keyFile } = setupSettings();
  patch({ llm: { apiKey: KEY }, defaultModel: 'a/b' });
  damage(keyFile);
  expect(settings.readSettings('u1')).toMatchObject({
    llm: { hasKey: true, keyState: 'unreadable', keyLast4: undefined, ready: false },
    defaultModel: 'doce/offline',
  });
  expect(settings.resolveProvider()).toBeUndefined();
  expect(patch({ llm: { apiKey: KEY } }).llm.keyState).toBe('ok');
  expect(settings.resolveProvider()?.apiKey).toBe(KEY);
});

test('a key file that others could read is closed to them', () => {
  const { settings, patch, keyFile, lines } = setupSettings();
  patch({ llm: { apiKey: KEY } });
  chmodSync(keyFile, 0o644);
  settings.resolveProvider();
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(lines.join('')).toContain('secret.key');
});

test('a key in the clear, put into the database by hand, is not used', () => {
  const { settings, db } = setupSettings();
  db.insert(userSettings)
    .values({ userId: 'u1', openrouterApiKey: KEY, updatedAt: new Date(0) })
    .run();
  expect(settings.readSettings('u1').llm.keyState).toBe('unreadable');
  expect(settings.resolveProvider()).toBeUndefined();
});
