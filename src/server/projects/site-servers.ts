import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#server/clock.ts';
import { projects } from '#server/db/schema.ts';
import type { Project } from '#server/db/schema.ts';
import type { Events } from '#server/events/events.ts';
import type { Log } from '#server/log.ts';
import type { Release } from '#server/releases/release.ts';
import type { Releases } from '#server/releases/releases.ts';
import type { Runtime } from '#server/runtime/runtime.ts';
import type { StartOutcome } from '#server/runtime/supervisor.ts';
import { findInProgress } from './deployment-rows.ts';
import { createHolds } from './holds.ts';
import { projectDirectory } from './rows.ts';
import { readProgram } from './site-program.ts';
import type { NamedProgram, SiteProgramOptions } from './site-program.ts';

export interface SiteServersOptions extends SiteProgramOptions {
  clock: Clock;
  log: Log;
  events: Events;
  runtime: Runtime;
  releases: Releases;
  drainMs?: number;
}

/** Told when a live server keeps ending, and when it is well again. */
export interface SiteHealth {
  onCrashing(projectId: string, releaseHash: string, logTail: string): void;
  onWell(projectId: string, releaseHash: string): void;
}

/** Processes of live releases that are programs. What should run follows from the rows: see {@link SiteServers.settle}. */
export interface SiteServers {
  /**
   * Starts the release's program with the project's variables as they are at this moment, unless it runs so already. It stays
   * up until `letGo`, and longer only if it is live or on its way by then.
   *
   * @throws AppError when a variable can't be read; the signal's reason when aborted.
   */
  prepare(project: Project, release: Release, signal: AbortSignal): Promise<{ outcome: StartOutcome; letGo(): void }>;
  /** Of the program that serves a release; undefined while it does not answer. */
  port(projectId: string, releaseHash: string): number | undefined;
  /** Waits until it answers or time is up. */
  whenUp(projectId: string, releaseHash: string, timeoutMs: number): Promise<void>;
  /** Recent lines of the program that serves a release. */
  log(projectId: string, releaseHash: string): string[];
  /** Starts what is live and does not run; what runs and is neither live nor on its way answers its requests and ends. */
  settle(projectId: string): Promise<void>;
  /** Begins to follow the rows. Call once, after the queue has recovered. */
  start(health: SiteHealth): void;
  stop(): void;
}

const DRAIN_MS = 30_000;
const DRAIN_POLL_MS = 100;
const UP_POLL_MS = 20;
const CRASHES = 3;
const WELL_AFTER_MS = 60_000;
const LONGEST_PAUSE_MS = 30_000;
const LONGEST_HOLD_MS = 10 * 60_000;

export function createSiteServers(options: SiteServersOptions): SiteServers {
  const { db, runtime } = options;
  /** The process that serves a release, by project and release: its name in the runtime. */
  const serving = new Map<string, string>();
  const holds = createHolds((projectId) => quietly(projectId));
  const draining = new Set<string>();
  /** Live ones that start without a switch, or wait for another try to. */
  const beginning = new Set<string>();
  const failures = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  const stopped = new AbortController();
  let health: SiteHealth | undefined;
  let unsubscribe = () => {};

  const later = (ms: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timer.unref();
    timers.add(timer);
    return timer;
  };
  const findLive = (projectId: string) =>
    db
      .select()
      .from(projects)
      .where(and(eq(projects.id, projectId), isNull(projects.deletedAt)))
      .get();

  function start({ id }: Project, { hash }: Release, program: NamedProgram, signal: AbortSignal): Promise<StartOutcome> {
    let wellTimer: NodeJS.Timeout | undefined;
    return runtime.startSiteServer({
      ...program,
      signal,
      onLog: (line) => options.events.announce('deployment.log', id, { releaseHash: hash, line }),
      onFailure({ count, logTail }) {
        clearTimeout(wellTimer);
        if (count >= CRASHES && serving.get(`${id} ${hash}`) === program.release) health?.onCrashing(id, hash, logTail);
      },
      onRestarted() {
        wellTimer = later(WELL_AFTER_MS, () => health?.onWell(id, hash));
      },
    });
  }

  function wanted(projectId: string): Set<string> {
    const live = findLive(projectId);
    const coming = live && findInProgress(db, projectId);
    const names = [live?.productionHash, coming?.state === 'checking' ? coming.releaseHash : undefined].flatMap(
      (hash) => (hash && serving.get(`${projectId} ${hash}`)) ?? [],
    );
    return new Set([...names, ...holds.of(projectId)]);
  }

  async function drain(projectId: string, name: string): Promise<void> {
    const key = `${projectId} ${name}`;
    if (draining.has(key)) return;
    draining.add(key);
    try {
      const project = findLive(projectId);
      const hash = [...serving]
        .find(([place, value]) => value === name && place.startsWith(`${projectId} `))?.[0]
        .slice(projectId.length + 1);
      const release = project && hash ? await options.releases.open(projectDirectory(options.dataDir, project), hash) : undefined;
      const until = performance.now() + (options.drainMs ?? DRAIN_MS);
      // A request that was let in at this very moment has been counted, but not begun.
      do await delay(DRAIN_POLL_MS, undefined, { ref: false, signal: stopped.signal });
      while ((release?.users ?? 0) > 0 && performance.now() < until && !wanted(projectId).has(name));
      if (wanted(projectId).has(name)) return;
      if (hash && serving.get(`${projectId} ${hash}`) === name) serving.delete(`${projectId} ${hash}`);
      await runtime.stopSiteServer(projectId, name);
    } finally {
      draining.delete(key);
    }
  }

  /** What is live does not run: after a start of the host, or when a first start failed. */
  async function startLive(project: Project, hash: string): Promise<void> {
    const key = `${project.id} ${hash}`;
    const release = await options.releases.open(projectDirectory(options.dataDir, project), hash);
    if (!release?.server || stopped.signal.aborted || beginning.has(key)) return;
    beginning.add(key);
    try {
      const program = readProgram(options, project, release);
      serving.set(key, program.release);
      const outcome = await start(project, release, program, stopped.signal);
      if (outcome.state === 'running') {
        failures.delete(key);
        beginning.delete(key);
        return health?.onWell(project.id, hash);
      }
      health?.onCrashing(project.id, hash, outcome.logTail);
    } catch (error) {
      if (stopped.signal.aborted) return;
      // Most often a variable that can't be read any more.
      health?.onCrashing(project.id, hash, error instanceof Error ? error.message : '');
      options.log.error({ error, projectId: project.id }, 'a published server could not be started');
    }
    const count = (failures.get(key) ?? 0) + 1;
    failures.set(key, count);
    later(Math.min(LONGEST_PAUSE_MS, 500 * 2 ** count), () => {
      beginning.delete(key);
      quietly(project.id);
    });
  }

  async function settle(projectId: string): Promise<void> {
    if (stopped.signal.aborted) return;
    const project = findLive(projectId);
    const hash = project?.productionHash;
    const name = hash ? serving.get(`${projectId} ${hash}`) : undefined;
    const running = runtime.siteReleases(projectId);
    const keep = wanted(projectId);
    for (const other of running) {
      if (!keep.has(other)) void drain(projectId, other).catch(() => {});
    }
    if (project && hash && (name === undefined || !running.includes(name))) await startLive(project, hash);
  }

  const quietly = (projectId: string) =>
    void settle(projectId).catch((error: unknown) => options.log.error({ error, projectId }, 'settling a published server failed'));

  return {
    async prepare(project, release, signal) {
      const program = readProgram(options, project, release);
      const letGo = holds.hold(project.id, program.release);
      // A job that lost its place never comes to its end.
      later(LONGEST_HOLD_MS, letGo);
      try {
        const outcome = await start(project, release, program, signal);
        if (outcome.state === 'running') serving.set(`${project.id} ${release.hash}`, program.release);
        return { outcome, letGo };
      } catch (error) {
        letGo();
        throw error;
      }
    },
    port(projectId, hash) {
      const name = serving.get(`${projectId} ${hash}`);
      return name === undefined ? undefined : runtime.siteServer(projectId, name)?.port;
    },
    async whenUp(projectId, hash, timeoutMs) {
      quietly(projectId);
      const until = performance.now() + timeoutMs;
      while (this.port(projectId, hash) === undefined && performance.now() < until && !stopped.signal.aborted) await delay(UP_POLL_MS);
    },
    log(projectId, hash) {
      const name = serving.get(`${projectId} ${hash}`);
      return name === undefined ? [] : runtime.siteLog(projectId, name);
    },
    settle,
    start(told) {
      health = told;
      unsubscribe = options.events.subscribe(({ kind, projectId }) => {
        if (projectId !== null && (kind === 'deployment.changed' || kind === 'project.deleted')) quietly(projectId);
      });
      const live = db.select({ id: projects.id }).from(projects).where(isNotNull(projects.productionHash)).all();
      for (const { id } of live) quietly(id);
    },
    stop() {
      unsubscribe();
      stopped.abort();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
