import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '#server/config.ts';
import type { Log } from '#server/log.ts';
import type { SpawnedChild, SpawnRequest } from '#server/spawn.ts';
import type { Driver } from '../driver.ts';
import { findListeningPorts, findRunProcesses, hasProc, measureMemory, NONCE_VARIABLE, readStat, readWrittenBytes } from './proc.ts';
import type { RunIdentity } from './proc.ts';
import { createRunRecords } from './run-records.ts';
import { probeBubblewrap } from './sandbox.ts';
import { killRun, signalRun } from './signals.ts';
import { createWatcher } from './watcher.ts';

const STOP_GRACE_MS = 3_000;
const NICE_PATHS = ['/usr/bin/nice', '/bin/nice'];

type Command = Pick<SpawnRequest, 'file' | 'args'>;

interface LiveChild {
  child: SpawnedChild;
  run: RunIdentity;
  cwd: string;
}

/**
 * Children as local processes: each in its own group and with a cleared environment, under bubblewrap where that
 * works, recorded in `<dataDir>/run`.
 *
 * @throws Error when `sandbox` is `required` and bubblewrap does not work here.
 */
export function createProcessDriver(options: { dataDir: string; log: Log; sandbox: Config['sandbox'] }): Driver {
  const confine = options.sandbox === 'off' ? undefined : probeBubblewrap();
  if (!confine && options.sandbox === 'required')
    throw new Error('DOCE_SANDBOX is required, but bubblewrap does not work on this machine.');
  const records = createRunRecords(join(options.dataDir, 'run'));
  const watcher = createWatcher();
  const nice = NICE_PATHS.find((file) => existsSync(file));
  const live = new Map<SpawnedChild, LiveChild>();

  // A build takes every core for seconds: pages, previews and agents go first. The process becomes the command's own.
  function givingWay(command: Command, kind: SpawnRequest['kind']): Command {
    return nice && kind === 'build' ? { file: nice, args: ['-n', '10', command.file, ...command.args] } : command;
  }

  function forget(nonce: string) {
    records.remove(nonce);
    watcher.gone(nonce);
  }

  async function spawnChild(request: SpawnRequest): Promise<SpawnedChild> {
    checkRequest(request);
    const nonce = randomBytes(16).toString('hex');
    const record = { nonce, kind: request.kind, projectId: request.projectId };
    records.write(record);
    watcher.expect(nonce);
    const started = await startProcess(givingWay(confine?.(request) ?? request, request.kind), request, nonce).catch((error: unknown) => {
      forget(nonce);
      throw error;
    });
    const pid = started.pid as number;
    const run: RunIdentity = { nonce, pid, startTime: hasProc ? readStat(pid)?.startTime : undefined };
    watcher.started(nonce, pid);
    records.write({ ...record, pid, groupId: pid, startTime: run.startTime });
    const child = superviseChild(started, run, confine !== undefined, () => {
      live.delete(child);
      forget(nonce);
    });
    live.set(child, { child, run, cwd: request.cwd });
    options.log.debug({ projectId: request.projectId, kind: request.kind, pid }, 'child started');
    return child;
  }

  async function reapOrphans(): Promise<number> {
    if (!hasProc) return 0;
    let reaped = 0;
    for (const record of records.list()) {
      const run: RunIdentity = { nonce: record.nonce, pid: record.pid, startTime: record.startTime };
      if (findRunProcesses(run).length > 0) {
        reaped += 1;
        options.log.warn({ projectId: record.projectId, kind: record.kind, pid: record.pid }, 'killing a child left by an earlier host');
        await killRun(run);
      }
      records.remove(record.nonce);
    }
    return reaped;
  }

  const stopAll = async (children: LiveChild[]) => void (await Promise.all(children.map(({ child }) => child.stop())));
  return {
    spawnChild,
    reapOrphans,
    confinement: confine ? 'bubblewrap' : 'none',
    listeningPorts(child) {
      const known = live.get(child);
      if (!hasProc) return undefined;
      return known ? findListeningPorts(findRunProcesses(known.run)) : [];
    },
    memoryBytes(child) {
      const known = live.get(child);
      return hasProc && known ? measureMemory(findRunProcesses(known.run)) : undefined;
    },
    writtenBytes(child) {
      const known = live.get(child);
      if (!hasProc) return undefined;
      return known ? readWrittenBytes(findRunProcesses(known.run)) : 0;
    },
    stopInside: (folder) => stopAll([...live.values()].filter(({ cwd }) => isInside(folder, cwd))),
    async close() {
      await stopAll([...live.values()]);
      watcher.close();
    },
  };
}

async function startProcess(command: Command, request: SpawnRequest, nonce: string): Promise<ChildProcess> {
  const started = spawn(command.file, command.args, {
    cwd: request.cwd,
    env: { ...request.env, [NONCE_VARIABLE]: nonce },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(started, 'spawn');
  return started;
}

function superviseChild(started: ChildProcess, run: RunIdentity, isConfined: boolean, onGone: () => void): SpawnedChild {
  const exited = new Promise<Awaited<SpawnedChild['exited']>>((resolveExit) => {
    if (started.exitCode !== null || started.signalCode !== null) resolveExit({ exitCode: started.exitCode, signal: started.signalCode });
    started.once('exit', (exitCode, signal) => resolveExit({ exitCode, signal }));
  });
  // What the child forked must not outlive it.
  const gone = exited.then(() => killRun(run)).then(onGone);
  let stopping: Promise<void> | undefined;
  return {
    process: started,
    exited,
    stop(graceMs = STOP_GRACE_MS) {
      stopping ??= (async () => {
        // Under bubblewrap the outermost process is bwrap itself: ending it would kill the rest without warning.
        signalRun(run, 'SIGTERM', isConfined ? run.pid : undefined);
        if (!(await settlesWithin(gone, graceMs))) await killRun(run);
        await gone;
      })();
      return stopping;
    },
  };
}

async function settlesWithin(work: Promise<void>, timeoutMs: number): Promise<boolean> {
  const timeout = new AbortController();
  const late = delay(timeoutMs, false, { signal: timeout.signal }).catch(() => false);
  return Promise.race([work.then(() => true), late]).finally(() => timeout.abort());
}

function checkRequest(request: SpawnRequest): void {
  const folders = [...request.writable, ...(request.readable ?? [])];
  for (const path of [request.file, request.cwd, ...folders]) if (!isAbsolute(path)) throw new Error('Paths of a child must be absolute.');
  if (!folders.some((folder) => isInside(folder, request.cwd))) throw new Error('A child must work inside a folder it may see.');
  for (const folder of request.writable) if (!statSync(folder).isDirectory()) throw new Error('What a child may write must be a folder.');
  accessSync(request.file, constants.X_OK);
}

function isInside(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}
