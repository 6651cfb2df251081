import { saveLog } from './attempt-rows.ts';
import { claimAll, LEASE_MS } from './claim.ts';
import { planClaims } from './claims.ts';
import type { DueJob } from './claim-sql.ts';
import type { Engine, JobChange } from './engine.ts';
import type { ClaimedJob, Flight } from './flight.ts';
import type { Schedules } from './schedules.ts';
import { settleJob } from './settle.ts';
import type { Finished } from './settle.ts';
import { wholeSecond } from './timing.ts';

/** All leases are renewed when a third of one is gone. */
const RENEW_MS = LEASE_MS / 3;
/** A tick claims no more than this: the page must stay responsive. */
const MAX_CLAIMS = 50;

export interface TickInput {
  nowMs: number;
  flights: ReadonlyMap<string, Flight>;
  /** Ended attempts that are not written yet; their flights are still among `flights`. */
  finished: readonly Finished[];
  leasesRenewedAtMs: number;
  /** False while stopping: outcomes are written, nothing is claimed and no schedule is answered. */
  claiming: boolean;
  /** Comes first, in the same transaction: what it adds can be claimed by this very turn. */
  first?: () => void;
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
 * One turn of the pump, in one immediate transaction: does what comes first, writes every finished outcome, renews the leases and adds
 * recurring jobs when that is due, then claims up to `concurrency − in flight`. With nothing to do it only reads and returns undefined.
 *
 * @throws when SQLite fails, or what `first` threw; nothing is written then and the same input can be tried again.
 */
export function runTick(engine: Engine, schedules: Schedules, input: TickInput): TickResult | undefined {
  const renewing = input.flights.size > input.finished.length && isRenewalDue(input);
  const recurring = input.claiming && schedules.isDue(input.nowMs);
  const writes = input.first !== undefined || renewing || recurring || input.finished.length > 0;
  if (!writes && plan(engine, input).jobs.length === 0) return undefined;
  try {
    return engine.atomically(() => {
      input.first?.();
      const added = recurring ? schedules.enqueueDue(input.nowMs) : [];
      const changes = [...added, ...settleAll(engine, input)];
      const lost = renewing ? renewLeases(engine, input) : [];
      const { jobs, full } = plan(engine, input);
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

function renewLeases(engine: Engine, input: TickInput): Flight[] {
  const flying = stillFlying(input);
  const ids = JSON.stringify(flying.map(({ job }) => job.id));
  const leaseUntil = wholeSecond(input.nowMs + LEASE_MS);
  const kept = new Map(engine.statements.renew.all({ ids, bootId: engine.bootId, leaseUntil }).map((row) => [row.id, row.attempt]));
  const isKept = ({ job }: Flight) => kept.get(job.id) === job.attempt;
  for (const flight of flying) if (isKept(flight)) saveLog(engine, flight);
  return flying.filter((flight) => !isKept(flight));
}

/** Those whose handler has not ended. */
export function stillFlying({ flights, finished }: Pick<TickInput, 'flights' | 'finished'>): Flight[] {
  if (flights.size === finished.length) return [];
  const ended = new Set(finished.map(({ flight }) => flight));
  return [...flights.values()].filter((flight) => !ended.has(flight));
}
