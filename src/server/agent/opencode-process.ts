import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Log } from '#server/log.ts';
import type { SpawnChild, SpawnedChild } from '#server/spawn.ts';
import { agentFolderOf, prepareAgentFolder } from './agent-folder.ts';
import type { AgentLimits, AgentModel } from './agent-types.ts';
import { createOpencodeApi } from './opencode-api.ts';
import type { OpencodeApi } from './opencode-api.ts';
import { findAgentPrograms } from './opencode-binary.ts';
import { opencodeEnvironment } from './opencode-config.ts';

/** A running opencode server that answers, and refuses whoever does not know its password. */
export interface OpencodeProcess {
  api: OpencodeApi;
  port: number;
  pid: number;
  workspace: string;
  models: readonly AgentModel[];
  llmToken: string;
  /** Text that must not be shown to anyone. */
  secrets: readonly string[];
  child: SpawnedChild;
}

export interface StartOpencodeInput {
  projectId: string;
  projectDir: string;
  llmToken: string;
  models: readonly AgentModel[];
  llmBaseUrl: string;
  signal: AbortSignal;
}

export interface StartOpencodeDeps {
  spawnChild: SpawnChild;
  log: Log;
  limits: AgentLimits;
  fetch: typeof fetch;
}

const LISTENING = /listening on http:\/\/127\.0\.0\.1:(\d+)/;

/**
 * Starts a project's opencode server on a loopback port, with a new password.
 *
 * @throws Error when it exits, stays silent, or serves a request without the password. Nothing is left running then.
 */
export async function startOpencode(deps: StartOpencodeDeps, input: StartOpencodeInput): Promise<OpencodeProcess> {
  const programs = findAgentPrograms();
  const folder = agentFolderOf(input.projectDir);
  prepareAgentFolder(folder, programs.ripgrep);
  const password = randomBytes(24).toString('base64url');
  const deadline = AbortSignal.any([input.signal, AbortSignal.timeout(deps.limits.startMs)]);
  deadline.throwIfAborted();
  const child = await deps.spawnChild({
    projectId: input.projectId,
    kind: 'agent',
    file: programs.opencode,
    args: ['serve', '--hostname', '127.0.0.1', '--port', String(await freePort()), '--log-level', 'WARN'],
    cwd: folder.workspace,
    env: opencodeEnvironment({ ...input, folder, password, toolFolders: [programs.nodeFolder] }),
    writable: [folder.workspace, folder.root],
    readable: programs.folders,
  });
  try {
    const port = await portOf(child, deadline);
    const origin = `http://127.0.0.1:${port}`;
    const api = createOpencodeApi({ origin, password, requestMs: deps.limits.requestMs, fetch: deps.fetch });
    await requirePassword(origin, deps.fetch, deadline);
    if (!(await api.healthy())) throw new Error('opencode does not answer.');
    void api.warmUp().catch((error: unknown) => deps.log.warn({ error }, 'agent not warmed up'));
    const { llmToken, models } = input;
    return {
      api,
      port,
      pid: child.process.pid ?? 0,
      workspace: folder.workspace,
      models,
      llmToken,
      secrets: [password, llmToken].filter((secret) => secret.length >= 8),
      child,
    };
  } catch (error) {
    await child.stop(0);
    throw error;
  }
}

/** opencode itself would try 4096 first, and build its server twice when that is taken. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Waits for the line that names the port, and keeps both outputs flowing ever after. */
function portOf(child: SpawnedChild, signal: AbortSignal): Promise<number> {
  const tail: string[] = [];
  return new Promise((resolve, reject) => {
    for (const output of [child.process.stdout, child.process.stderr]) {
      if (!output) continue;
      createInterface({ input: output }).on('line', (line) => {
        const port = LISTENING.exec(line)?.[1];
        if (port) resolve(Number(port));
        tail.push(line);
        if (tail.length > 20) tail.shift();
      });
    }
    void child.exited.then(({ exitCode, signal: by }) =>
      reject(new Error(`opencode ended with ${by ?? exitCode} before it was ready: ${tail.join('\n')}`)),
    );
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

async function requirePassword(origin: string, send: typeof fetch, signal: AbortSignal): Promise<void> {
  const response = await send(`${origin}/session`, { signal });
  await response.body?.cancel();
  if (response.status !== 401) throw new Error(`opencode answered a request without its password (${response.status}) and is not used.`);
}
