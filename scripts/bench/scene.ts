import Database from 'better-sqlite3';
import { join } from 'node:path';
import { makeApi } from '../../tests/e2e/support/api.ts';
import type { Api } from '../../tests/e2e/support/api.ts';
import { makeDataDir, startApp } from '../../tests/e2e/support/app.ts';
import type { App } from '../../tests/e2e/support/app.ts';

/** The built app on a data directory of its own, with an admin who is logged in. */
export interface Scene {
  app: App;
  api: Api;
  dataDir: string;
  /** Reads the app's database beside it. */
  read<T>(sql: string, ...values: unknown[]): T;
  close(): Promise<void>;
}

export async function openScene(): Promise<Scene> {
  const { dataDir, remove } = makeDataDir();
  const app = await startApp(dataDir);
  const api = makeApi(app);
  await expectStatus(api.setup(), 201);
  if (api.cookie() === '') await expectStatus(api.login(), 201);
  const database = new Database(join(dataDir, 'db.sqlite'), { readonly: true });
  return {
    app,
    api,
    dataDir,
    read: <T>(sql: string, ...values: unknown[]) => database.prepare(sql).get(...values) as T,
    async close() {
      database.close();
      await app.stop();
      remove();
    },
  };
}

/** A data directory with an admin and nothing else, as it is after a first orderly stop. */
export async function makeUsedDataDir(): Promise<{ dataDir: string; remove(): void }> {
  const folder = makeDataDir();
  const app = await startApp(folder.dataDir);
  await expectStatus(makeApi(app).setup(), 201);
  await app.stop();
  return folder;
}

/** @throws Error when the answer has another status: a bench of a broken app measures nothing. */
export async function expectStatus<T extends { status: number; body: unknown }>(answer: Promise<T>, status: number): Promise<T> {
  const got = await answer;
  if (got.status !== status) throw new Error(`The app answered ${got.status} instead of ${status}: ${JSON.stringify(got.body)}`);
  return got;
}
