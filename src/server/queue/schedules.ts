import { Cron } from 'croner';
import { insertJobs, readyInput } from './enqueue.ts';
import type { Engine, JobChange } from './engine.ts';

const CLOCK_SLACK_MS = 10 * 60_000;

/** A recurring job. */
export interface Schedule {
  /** Permanent: the row that remembers when it comes next refers to it. */
  name: string;
  /** Five fields, or six with seconds first (https://croner.56k.guru/usage/pattern). */
  cron: string;
  /** Of a `JobDefinition`. */
  type: string;
  payload?: unknown;
  /** IANA name; the host's own unless said. */
  timezone?: string;
}

/** Turns cron expressions into jobs. Their times are stored, so a restart neither repeats nor skips one. */
export interface Schedules {
  /** When the next one is due, epoch milliseconds; undefined without schedules. */
  nextMs(): number | undefined;
  /** Also true when the clock was set back, for the times have to be found again. */
  isDue(nowMs: number): boolean;
  /**
   * Adds the job of every schedule whose time has come, in the caller's transaction. However many times have passed it is one job,
   * and none while the one before is still queued or running: a recurring job never piles up.
   */
  enqueueDue(nowMs: number): JobChange[];
  /** Reads the stored times again: call it after a rollback. */
  forget(): void;
}

/** @throws TypeError at an expression that cannot be read, or that never comes. */
export function createSchedules(engine: Engine, schedules: readonly Schedule[]): Schedules {
  const { statements } = engine;
  const known = schedules.map((schedule) => ({ ...schedule, nextAfter: timesOf(schedule) }));
  let next = new Map<string, number>();
  let lookedAtMs = -Infinity;
  let earliest: number | undefined;

  function load(nowMs: number): void {
    for (const schedule of known) {
      const row = statements.readSchedule.get(schedule.name);
      const coming = schedule.nextAfter(startingPoint(nowMs, row?.lastMs));
      // What was missed while nothing ran is still due. What lies ahead is found again: the clock may have been wrong when it was stored.
      const isMissed = row !== undefined && row.cron === schedule.cron && row.nextRunAtMs <= nowMs;
      next.set(schedule.name, isMissed ? row.nextRunAtMs : coming);
      if (!row || row.cron !== schedule.cron || (!isMissed && row.nextRunAtMs !== coming)) store(schedule, coming, null, null);
    }
    earliest = next.size > 0 ? Math.min(...next.values()) : undefined;
  }

  function store({ name, cron, type }: Schedule, nextRunAtMs: number, atMs: number | null, jobId: string | null): void {
    statements.writeSchedule.run({ name, cron, type, nextRunAtMs, atMs, jobId });
  }

  function answer(schedule: (typeof known)[number], nowMs: number): JobChange[] {
    const { name, type, payload } = schedule;
    const [job] = insertJobs(engine, [readyInput({ type, payload, dedupeKey: `schedule:${name}` })]);
    const { jobId, inserted } = job!;
    const coming = schedule.nextAfter(nowMs);
    store(schedule, coming, inserted ? nowMs : null, inserted ? jobId : null);
    next.set(name, coming);
    return inserted ? [{ jobId, type, projectId: null, state: 'queued' }] : [];
  }

  return {
    nextMs: () => earliest,
    isDue(nowMs) {
      if (known.length === 0) return false;
      return nowMs < lookedAtMs || next.size === 0 || earliest! <= nowMs;
    },
    enqueueDue(nowMs) {
      if (nowMs < lookedAtMs || next.size === 0) load(nowMs);
      lookedAtMs = nowMs;
      const changes = known.filter(({ name }) => next.get(name)! <= nowMs).flatMap((schedule) => answer(schedule, nowMs));
      earliest = Math.min(...next.values());
      return changes;
    },
    forget() {
      next = new Map();
    },
  };
}

/** A clock that was set back a little repeats minutes that have had their job; one set back by more was wrong before. */
function startingPoint(nowMs: number, lastMs: number | null | undefined): number {
  return typeof lastMs === 'number' && lastMs > nowMs && lastMs - nowMs <= CLOCK_SLACK_MS ? lastMs : nowMs;
}

function timesOf({ name, cron, timezone }: Schedule): (afterMs: number) => number {
  const times = new Cron(cron, { mode: '5-or-6-parts', ...(timezone === undefined ? {} : { timezone }) });
  return (afterMs) => {
    const coming = times.nextRun(new Date(afterMs));
    if (!coming) throw new TypeError(`The schedule ${name} (${cron}) never comes.`);
    return coming.getTime();
  };
}
