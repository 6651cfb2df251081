import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { users } from '#server/db/schema.ts';
import { createLog } from '#server/log.ts';
import { createSettings } from '#server/settings/settings.ts';
import { SettingsPatch } from '#server/settings/settings-patch.ts';
import { makeClock } from '../support/clock.ts';
import { makeDatabase } from '../support/database.ts';

export const KEY = 'canary-5Qd8vK2mXw7PzR4tLh9J';

export function setupSettings(llmBaseUrlFromEnv?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'doce-settings-'));
  const dataDir = join(folder, 'data');
  const { db, sqlite } = makeDatabase();
  const clock = makeClock();
  const lines: string[] = [];
  const log = createLog('debug', new Writable({ write: (line: Buffer, _encoding, done) => (lines.push(String(line)), done()) }));
  for (const id of ['u1', 'u2'])
    db.insert(users)
      .values({ id, createdAt: new Date(0), username: id, passwordHash: 'x' })
      .run();
  onTestFinished(() => {
    sqlite.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = (baseUrl = llmBaseUrlFromEnv) => createSettings({ db, clock, log, dataDir, llmBaseUrlFromEnv: baseUrl });
  const settings = open();
  return {
    db,
    sqlite,
    clock,
    lines,
    dataDir,
    keyFile: join(dataDir, 'secret.key'),
    settings,
    /** The same data under another environment. */
    open,
    /** As the route does it: what a client sends goes through the schema. */
    patch: (input: unknown) => settings.updateSettings('u1', SettingsPatch.parse(input)),
  };
}
