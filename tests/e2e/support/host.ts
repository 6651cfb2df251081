import { expect } from 'vitest';
import { makeApi } from './api.ts';
import type { Api } from './api.ts';
import { processesOf, startApp } from './app.ts';
import type { App } from './app.ts';
import { untilMoment } from './moments.ts';

/** A host, and somebody who is logged in to it. */
export interface Host {
  app: App;
  api: Api;
}

/** The first host of a data directory is set up; one that comes after another takes its port, and the admin logs in. */
export async function startHost(dataDir: string, env: Record<string, string> = {}, before?: Host): Promise<Host> {
  const app = await startApp(dataDir, before ? { ...env, PORT: String(before.app.port) } : env);
  const api = makeApi(app);
  expect((await (before ? api.login() : api.setup())).status).toBe(201);
  return { app, api };
}

/** kill -9 in the moment in which `isThere` is first true; nothing is left of the host, and there is a new one. */
export async function killWhen(
  moment: string,
  isThere: () => boolean,
  { host, dataDir, env }: { host: Host; dataDir: string; env?: Record<string, string> },
): Promise<Host> {
  await untilMoment(moment, isThere);
  await host.app.kill();
  await expect.poll(() => processesOf(dataDir), { timeout: 5_000 }).toEqual([]);
  return startHost(dataDir, env, host);
}
