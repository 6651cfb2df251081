import { planClaims } from './claims.ts';
import type { DueJob } from './claim-sql.ts';
import type { Engine, JobChange } from './engine.ts';
import type { ClaimedJob, Flight } from './flight.ts';
import { createdMsOf } from './job-id.ts';
import type { Schedules } from './schedules.ts';
import { settleJob } from './settle.ts';
import type { Finished } from './settle.ts';
import { wholeSecond } from './timing.ts';

/** A running row's lease; renewed for all of them when a third of it is gone. */
export const LEASE_MS = 60_000;
const RENEW_MS = LEASE_MS / 3;
/** A tick claims no more than this, or for no longer: the page must stay responsive. */
const MAX_CLAIMS = 50;
const CLAIM_BUDGET_MS = 5;

export interface TickInput {
  nowMs: number;
  flights: ReadonlyMap<string, Flight>;
  /** Ended attempts that are not written yet; their flights are still among `flights`. */
  finished: readonly Finished[];
  leasesRenewedAtMs: number;
  /** False while stopping: outcomes are written, nothing is claimed and no schedule is answered. */
  claiming: boolean;
}
/** What the committed transaction did; act on it only after the commit. */
export interface TickResult {
  /** Of jobs that a schedule added, then of the finished attempts. */
  changes: JobChange[];
  claimed: ClaimedJob[];
  /** Rows that are no longer ours although their handler still runs. */
  lost: Flight[];
  renewed: boolean;
  /** More may be claimable at once: tick again after yielding. */
  more: boolean;
}

/**
 * One turn of the pump, in one immediate transaction: writes every finished outcome, renews the leases and adds recurring jobs when
 * that is due, then claims up to `concurrency − in flight`. With nothing to do it only reads and returns undefined.
 *
 * @throws when SQLite fails; nothing is written then and the same input can be tried again.
 */
export function runTick(engine: Engine, schedules: Schedules, input: TickInput): TickResult | undefined {
  const renewing = input.flights.size > input.finished.length && isRenewalDue(input);
  const recurring = input.claiming && schedules.isDue(input.nowMs);
  const planned = renewing || recurring || input.finished.length > 0 ? undefined : plan(engine, input);
  if (planned?.jobs.length === 0) return undefined;
  try {
    return engine.atomically(() => {
      const added = recurring ? schedules.enqueueDue(input.nowMs) : [];
      const changes = [...added, ...settleAll(engine, input)];
      const lost = renewing ? renewLeases(engine, input) : [];
      const { jobs, full } = planned ?? plan(engine, input);
      const claimed = claimAll(engine, jobs, input.nowMs);
      engine.minutes.write();
      return { changes, claimed, lost, renewed: renewing, more: full || claimed.length < jobs.length };
    });
  } catch (error) {
    engine.minutes.forget();
    schedules.forget();
    throw error;
  }
}

// A clock set back must not postpone the renewal.
function isRenewalDue({ nowMs, leasesRenewedAtMs }: TickInput): boolean {
  return nowMs < leasesRenewedAtMs || nowMs - leasesRenewedAtMs >= RENEW_MS;
}

function settleAll(engine: Engine, { finished, nowMs }: TickInput): JobChange[] {
  const changes: JobChange[] = [];
  for (const each of finished) {
    const { id, type, projectId } = each.flight.job;
    const state = settleJob(engine, each, nowMs);
    if (state) changes.push({ jobId: id, type, projectId, state });
  }
  return changes;
}

function plan(engine: Engine, input: TickInput): { jobs: DueJob[]; full: boolean } {
  const { paused, concurrency } = engine.settings;
  if (paused || !input.claiming) return { jobs: [], full: false };
  const flying = stillFlying(input).map((flight) => flight.job);
  const room = concurrency - flying.length;
  const jobs = planClaims(engine, wholeSecond(input.nowMs), Math.min(room, MAX_CLAIMS), flying);
  return { jobs, full: jobs.length === MAX_CLAIMS && room > MAX_CLAIMS };
}

function claimAll(engine: Engine, jobs: readonly DueJob[], nowMs: number): ClaimedJob[] {
  const claimed: ClaimedJob[] = [];
  const startedAt = performance.now();
  for (const job of jobs) {
    const taken = claim(engine, job, nowMs);
    if (taken) claimed.push(taken);
    if (performance.now() - startedAt > CLAIM_BUDGET_MS) break;
  }
  return claimed;
}

/** Undefined when someone else's hands (an operator's shell) changed the row since it was read. */
function claim(engine: Engine, due: DueJob, nowMs: number): ClaimedJob | undefined {
  const { statements, bootId, minutes } = engine;
  const { rowid, id, type, projectId, maxAttempts } = due;
  const attempt = due.attempts + 1;
  const now = wholeSecond(nowMs);
  const { changes } = statements.claim.run(now, wholeSecond(nowMs + LEASE_MS), bootId, now, rowid, id, due.attempts);
  if (changes === 0) return undefined;
  const attemptId = openAttempt(engine, id, attempt, nowMs);
  minutes.claimed(type, nowMs, nowMs - Math.max(due.runAt * 1000, createdMsOf(id) ?? 0));
  const payloadJson = due.payloadJson ?? statements.payload.get(id)!.payloadJson;
  return { rowid, id, type, projectId, payloadJson, attempt, maxAttempts, keyed: due.keyed === 1, attemptId, startedAtMs: nowMs };
}

// They are numbered without a gap: an attempt has its own number unless one before it was not charged.
function openAttempt({ statements, bootId }: Engine, jobId: string, attempt: number, nowMs: number): number {
  if (statements.openAttempt.run(jobId, attempt, attempt, bootId, nowMs).changes === 1) return attempt;
  const id = statements.latestAttempt.get(jobId)!.id! + 1;
  statements.openAttempt.run(jobId, id, attempt, bootId, nowMs);
  return id;
}

function renewLeases(engine: Engine, input: TickInput): Flight[] {
  const flying = stillFlying(input);
  const ids = JSON.stringify(flying.map(({ job }) => job.id));
  const leaseUntil = wholeSecond(input.nowMs + LEASE_MS);
  const kept = new Map(engine.statements.renew.all({ ids, bootId: engine.bootId, leaseUntil }).map((row) => [row.id, row.attempt]));
  for (const { job, logLines, logJson } of flying)
    if (logLines().length > 0) engine.statements.saveLog.run(logJson(), job.id, job.attemptId);
  return flying.filter(({ job }) => kept.get(job.id) !== job.attempt);
}

/** Those whose handler has not ended. */
export function stillFlying({ flights, finished }: Pick<TickInput, 'flights' | 'finished'>): Flight[] {
  if (flights.size === finished.length) return [];
  const ended = new Set(finished.map(({ flight }) => flight));
  return [...flights.values()].filter((flight) => !ended.has(flight));
}
