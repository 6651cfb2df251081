import { nanoid } from 'nanoid';
import { join } from 'node:path';
import type { Clock } from '#server/clock.ts';
import type { Db } from '#server/db/open.ts';
import { AppError } from '#server/errors.ts';
import type { Log } from '#server/log.ts';
import type { Runtime } from '#server/runtime/runtime.ts';
import { findProject } from './rows.ts';
import { listSpareFolders, makeSpareFolder, unmarkSpareFolder } from './spare-folder.ts';

const TEMPLATE = 'starter';
/** Without anyone typing for this long it is given up; and after a failure none is tried for as long. */
const KEEP_MS = 3 * 60_000;
const SWEEP_EVERY_MS = 15_000;
/** What a dev server and an agent take together, twice. */
const NEEDED_BYTES = 1.5 * 1024 ** 3;

export interface SpareOptions {
  db: Db;
  clock: Clock;
  log: Log;
  dataDir: string;
  runtime: Runtime;
  previewOrigin(slug: string): string;
  isWanted: boolean;
  /** What the machine, or the control group, has left. */
  availableBytes(): number;
}

/**
 * A site that is made ready while a person types: files, packages and a dev server under a reserved id, without a row and
 * shown nowhere. The next project takes it over. There is one at most, and what goes wrong with it is only logged.
 *
 *     ask ─► preparing ─► ready ─► taken, by a project, at any moment
 *               └───────────┴────► given up: unasked for, failed, or the host stops
 */
export interface Spare {
  /** Somebody types. Returns at once. */
  ask(): void;
  /** Id for a new project with this template, when there is a spare for it. In the same call stack, `take` it once the row is stored. */
  offer(template: string): string | undefined;
  take(projectId: string): void;
  /**
   * Waits until nothing is being put into the folder of a project that took its spare half made.
   *
   * @throws The signal's reason when it aborts; the work has ended by then.
   */
  finish(projectId: string, signal: AbortSignal): Promise<void>;
  /** The same, but what is still being put there is given up. For a project that is being stopped or deleted. */
  abandon(projectId: string): Promise<void>;
  /** Gives up a spare that nobody has asked for lately; runs by itself. */
  sweep(): void;
  /** Removes what an earlier host left, never a project's folder. Call before the first `ask`, once its processes are gone. */
  removeLeftovers(): Promise<number>;
  stop(): Promise<void>;
}

interface Preparation {
  id: string;
  askedAtMs: number;
  isTaken: boolean;
  stop: AbortController;
  /** The files are there, or will not be. Never rejects. */
  files: Promise<void>;
  /** All of it has ended. Never rejects. */
  ended: Promise<void>;
}

export function createSpare(options: SpareOptions): Spare {
  const { clock, log, dataDir, runtime } = options;
  const projectDirOf = (id: string) => join(dataDir, 'projects', id);
  const taken = new Map<string, Preparation>();
  let current: Preparation | undefined;
  let removals: Promise<unknown> = Promise.resolve();
  let notBeforeMs = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function mayBegin(): boolean {
    return options.isWanted && !isStopped && clock.now() >= notBeforeMs && options.availableBytes() >= NEEDED_BYTES;
  }

  function begin(): Preparation {
    const id = nanoid();
    const stop = new AbortController();
    const files = putFiles(id, stop.signal);
    const it: Preparation = { id, askedAtMs: clock.now(), isTaken: false, stop, files: files.catch(() => {}), ended: files };
    it.ended = files.then(() => startServer(it)).catch((error: unknown) => fail(it, error));
    timer = setInterval(sweep, SWEEP_EVERY_MS).unref();
    return it;
  }

  async function putFiles(id: string, signal: AbortSignal): Promise<void> {
    const projectDir = makeSpareFolder(dataDir, id);
    const prepared = await runtime.prepareWorkspace({ projectId: id, projectDir, template: TEMPLATE, signal, onLog: () => {} });
    if (prepared.state === 'outdated') throw new AppError(prepared.code, { cause: new Error(prepared.detail) });
  }

  async function startServer(it: Preparation): Promise<void> {
    it.stop.signal.throwIfAborted();
    if (it.isTaken) return;
    const outcome = await runtime.startDevServer({
      projectId: it.id,
      projectDir: projectDirOf(it.id),
      port: null,
      publicHost: new URL(options.previewOrigin('spare')).host,
      signal: it.stop.signal,
      onLog: () => {},
      onExit: () => fail(it, new Error('The dev server of the spare ended.')),
    });
    if (outcome.state !== 'running') return fail(it, new Error(`The dev server of the spare: ${outcome.state}.\n${outcome.logTail}`));
    log.debug({ projectId: it.id, port: outcome.port }, 'a spare is ready');
  }

  function fail(it: Preparation, error: unknown): void {
    if (current !== it) return;
    log.info({ error, projectId: it.id }, 'no spare could be made ready');
    notBeforeMs = clock.now() + KEEP_MS;
    giveUp(it);
  }

  function giveUp(it: Preparation): void {
    leave();
    it.stop.abort(new Error('The spare was given up.'));
    removals = Promise.all([removals, it.ended.then(() => remove(it.id))]);
  }

  async function remove(id: string): Promise<void> {
    try {
      await runtime.removeProject(projectDirOf(id));
    } catch (error) {
      log.warn({ error, projectId: id }, 'a spare could not be removed; the next start tries again');
    }
  }

  function leave(): void {
    current = undefined;
    clearInterval(timer);
  }

  function sweep(): void {
    if (current && clock.now() - current.askedAtMs >= KEEP_MS) giveUp(current);
  }

  return {
    ask() {
      if (current) current.askedAtMs = clock.now();
      else if (mayBegin()) current = begin();
    },
    offer: (template) => (template === TEMPLATE ? current?.id : undefined),
    take(projectId) {
      if (current?.id !== projectId) return;
      const it = current;
      leave();
      it.isTaken = true;
      taken.set(projectId, it);
      void it.files.then(() => taken.delete(projectId));
      try {
        unmarkSpareFolder(dataDir, projectId);
      } catch (error) {
        // The project is stored, and that counts: its folder is kept with or without the mark.
        log.warn({ error, projectId }, 'the folder of a spare is still marked as one');
      }
    },
    async finish(projectId, signal) {
      const it = taken.get(projectId);
      if (!it) return;
      const abort = () => it.stop.abort(signal.reason);
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      await it.files;
      signal.removeEventListener('abort', abort);
      signal.throwIfAborted();
    },
    async abandon(projectId) {
      const it = taken.get(projectId);
      it?.stop.abort(new Error('The project was stopped.'));
      await it?.files;
    },
    sweep,
    async removeLeftovers() {
      const left = listSpareFolders(dataDir).filter((id) => {
        if (!findProject(options.db, id)) return true;
        unmarkSpareFolder(dataDir, id);
        return false;
      });
      await Promise.all(left.map(remove));
      return left.length;
    },
    async stop() {
      isStopped = true;
      for (const it of taken.values()) it.stop.abort(new Error('The host is stopping.'));
      if (current) giveUp(current);
      await removals;
    },
  };
}
