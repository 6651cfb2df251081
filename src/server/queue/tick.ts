import { planClaims } from './claims.ts';
import type { Engine, JobChange } from './engine.ts';
import type { Flight, Settlement } from './flight.ts';
import { settleJob } from './settle.ts';
import type { ClaimedJob } from './statements.ts';
import { wholeSecond } from './timing.ts';

/** A running row's lease; renewed for all of them when a third of it is gone. */
export const LEASE_MS = 60_000;
const RENEW_MS = LEASE_MS / 3;
/** A tick claims no more than this, or for no longer: the page must stay responsive. */
const MAX_CLAIMS = 50;
const CLAIM_BUDGET_MS = 5;

export interface Finished {
  flight: Flight;
  settlement: Settlement;
}
export interface TickInput {
  nowMs: number;
  flights: ReadonlyMap<string, Flight>;
  /** Ended attempts that are not written yet; their flights are still among `flights`. */
  finished: readonly Finished[];
  leasesRenewedAtMs: number;
  /** False while stopping: outcomes are written, nothing is claimed. */
  claiming: boolean;
}
/** What the committed transaction did; act on it only after the commit. */
export interface TickResult {
  /** Of the finished attempts. */
  changes: JobChange[];
  claimed: ClaimedJob[];
  /** Rows that are no longer ours although their handler still runs. */
  lost: Flight[];
  renewed: boolean;
  /** More may be claimable at once: tick again after yielding. */
  more: boolean;
}

/**
 * One turn of the pump, in one immediate transaction: writes every finished outcome, renews the leases when that is due, then
 * claims up to `concurrency − in flight`. With nothing to do it only reads and returns undefined.
 *
 * @throws when SQLite fails; nothing is written then and the same input can be tried again.
 */
export function runTick(engine: Engine, input: TickInput): TickResult | undefined {
  const renewing = input.flights.size > input.finished.length && isRenewalDue(input);
  const writing = renewing || input.finished.length > 0;
  const planned = writing ? undefined : plan(engine, input);
  if (planned?.rowids.length === 0) return undefined;
  return engine.db.transaction(
    (tx) => {
      const changes = input.finished.flatMap(({ flight: { job }, settlement }): JobChange[] => {
        const state = settleJob(engine, tx, job, settlement, input.nowMs);
        return state ? [{ jobId: job.id, type: job.type, projectId: job.projectId, state }] : [];
      });
      const lost = renewing ? renewLeases(engine, input) : [];
      const { rowids, full } = planned ?? plan(engine, input);
      const claimed = claimAll(engine, rowids, input.nowMs);
      return { changes, claimed, lost, renewed: renewing, more: full || claimed.length < rowids.length };
    },
    { behavior: 'immediate' },
  );
}

// A clock set back must not postpone the renewal.
function isRenewalDue({ nowMs, leasesRenewedAtMs }: TickInput): boolean {
  return nowMs < leasesRenewedAtMs || nowMs - leasesRenewedAtMs >= RENEW_MS;
}

function plan(engine: Engine, input: TickInput): { rowids: number[]; full: boolean } {
  const { paused, concurrency } = engine.settings;
  if (paused || !input.claiming) return { rowids: [], full: false };
  const flying = stillFlying(input).map((flight) => flight.job);
  const room = concurrency - flying.length;
  const limit = Math.min(room, MAX_CLAIMS);
  const rowids = planClaims(engine.statements, wholeSecond(input.nowMs), limit, flying);
  return { rowids, full: rowids.length === MAX_CLAIMS && room > MAX_CLAIMS };
}

function claimAll(engine: Engine, rowids: readonly number[], nowMs: number): ClaimedJob[] {
  const { bootId, statements } = engine;
  const claimed: ClaimedJob[] = [];
  const startedAt = performance.now();
  for (const rowid of rowids) {
    const job = statements.claim.get({ rowid, bootId, now: wholeSecond(nowMs), leaseUntil: wholeSecond(nowMs + LEASE_MS) });
    if (job) claimed.push(job);
    if (performance.now() - startedAt > CLAIM_BUDGET_MS) break;
  }
  return claimed;
}

function renewLeases(engine: Engine, input: TickInput): Flight[] {
  const flying = stillFlying(input);
  const ids = JSON.stringify(flying.map(({ job }) => job.id));
  const leaseUntil = wholeSecond(input.nowMs + LEASE_MS);
  const kept = new Map(engine.statements.renew.all({ ids, bootId: engine.bootId, leaseUntil }).map((row) => [row.id, row.attempt]));
  return flying.filter(({ job }) => kept.get(job.id) !== job.attempt);
}

/** Those whose handler has not ended. */
export function stillFlying({ flights, finished }: Pick<TickInput, 'flights' | 'finished'>): Flight[] {
  const ended = new Set(finished.map(({ flight }) => flight));
  return [...flights.values()].filter((flight) => !ended.has(flight));
}
