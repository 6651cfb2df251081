import type { Sqlite } from '#server/db/open.ts';
import { countersApart } from '../../tests/queue/counters.ts';
import { startedOnce } from './handlers.ts';
import { CONCURRENCY, LARGEST_BURST } from './reports.ts';
import type { Report } from './reports.ts';

type EndState = 'succeeded' | 'failed' | 'cancelled';
interface Row {
  id: string;
  type: string;
  state: 'queued' | 'running' | EndState;
  attempts: number;
  maxAttempts: number;
  lockedBy: string | null;
  dedupeActive: string | null;
  cancelRequested: 0 | 1;
}
interface Account {
  accepted: boolean;
  undone: boolean;
  /** A cancel was accepted: it can end in no other way. */
  cancelled: boolean;
  ended: EndState | undefined;
  starts: number;
  /** How many attempts a kill took, or an unlock may have. */
  taken: number;
}
/** What stands in the file after a kill, beyond what is wrong. */
export interface Audit {
  problems: string[];
  /** Jobs whose attempt the kill took. */
  running: number;
}

export type Accounts = ReturnType<typeof makeAccounts>;

/** Keeps what hosts said they had promised, and holds the file they leave against it. */
export function makeAccounts() {
  const accounts = new Map<string, Account>();
  const said: string[] = [];
  const account = (id: string): Account => {
    const known = accounts.get(id);
    if (known) return known;
    const fresh: Account = { accepted: false, undone: false, cancelled: false, ended: undefined, starts: 0, taken: 0 };
    accounts.set(id, fresh);
    return fresh;
  };

  function take(line: Report): void {
    if (line.say === 'accepted') for (const id of line.ids) account(id).accepted = true;
    if (line.say === 'undone') for (const id of line.ids) account(id).undone = true;
    if (line.say === 'started') account(line.id).starts++;
    if (line.say === 'unlocking') account(line.id).taken++;
    if (line.say === 'problem') said.push(line.what);
    if (line.say === 'cancel' && (line.result === 'cancelled' || line.result === 'cancelling')) account(line.id).cancelled = true;
    if (line.say === 'ended') {
      const { ended } = account(line.id);
      if (ended !== undefined) said.push(`${line.id} ended twice, ${ended} and ${line.state}`);
      account(line.id).ended = line.state;
    }
  }

  /** @param bootId The host that just died; undefined when it had not recovered yet, so that rows of earlier ones are still running. */
  function audit(sqlite: Sqlite, bootId: string | undefined): Audit {
    const rows = sqlite.prepare<[], Row>(selectRows).all();
    const problems = [...said.splice(0), ...problemsOfFile(sqlite)];
    const present = new Set(rows.map((row) => row.id));
    let unannounced = 0;
    for (const row of rows) {
      // Committed, but killed before it could be said; a follower is never said.
      if (!accounts.has(row.id) && row.type !== 'soak.followed') unannounced++;
      const known = account(row.id);
      if (row.state === 'running' && row.lockedBy === bootId) known.taken++;
      problems.push(...problemsOfRow(row, known, bootId).map((problem) => `${row.type} ${row.id}: ${problem}`));
    }
    for (const [id, { accepted }] of accounts) if (accepted && !present.has(id)) problems.push(`${id} was accepted and is lost`);
    const running = rows.filter((row) => row.state === 'running').length;
    if (running > CONCURRENCY) problems.push(`${running} jobs were running, ${CONCURRENCY} may`);
    if (unannounced > LARGEST_BURST) problems.push(`${unannounced} jobs appeared that no caller was told of`);
    return { problems, running };
  }

  /** Once all work is done: nothing may be left over. */
  function settle(sqlite: Sqlite): string[] {
    const stuck = sqlite.prepare<[], Row>(`${selectRows} WHERE state IN ('queued', 'running')`).all();
    const check = sqlite.pragma('integrity_check', { simple: true });
    return [
      ...(check === 'ok' ? [] : [`integrity_check says ${String(check)}`]),
      ...stuck.map((row) => `${row.type} ${row.id} is stuck as ${row.state}`),
      ...sqlite.prepare<[], { id: string; followers: number; state: string }>(selectChains).all().flatMap(problemsOfChain),
    ];
  }

  return { take, audit, settle, accepted: () => [...accounts.values()].filter(({ accepted }) => accepted).length };
}

const selectRows = `
  SELECT id, type, state, attempts, max_attempts AS maxAttempts, locked_by AS lockedBy, dedupe_active AS dedupeActive,
    cancel_requested_at IS NOT NULL AS cancelRequested
  FROM queue_jobs`;
const selectChains = `
  SELECT id, state, (SELECT count(*) FROM queue_jobs AS follower
                     WHERE follower.type = 'soak.followed' AND follower.payload_json = json_object('parentId', parent.id)) AS followers
  FROM queue_jobs AS parent WHERE type = 'soak.chain'`;
const selectOpenAttempts = `
  SELECT job.id FROM queue_jobs AS job
  WHERE (SELECT count(*) FROM queue_job_attempts AS open WHERE open.job_id = job.id AND open.outcome IS NULL) > (job.state = 'running')`;

function problemsOfFile(sqlite: Sqlite): string[] {
  const check = sqlite.pragma('quick_check', { simple: true });
  const openAttempts = sqlite.prepare<[], { id: string }>(selectOpenAttempts).all();
  return [
    ...(check === 'ok' ? [] : [`quick_check says ${String(check)}`]),
    ...countersApart(sqlite).map(({ state, type, counted, kept }) => `${counted} rows of ${type} are ${state}, the counter says ${kept}`),
    ...openAttempts.map(({ id }) => `the attempts of ${id} do not go with its state`),
  ];
}

function problemsOfRow(row: Row, known: Account, bootId: string | undefined): string[] {
  const isOver = row.state !== 'queued' && row.state !== 'running';
  const rules: [string, boolean][] = [
    ['its addition was rolled back', !known.undone],
    [`it had ended as ${known.ended} and is ${row.state}`, known.ended === undefined || known.ended === row.state],
    ['a cancel was accepted', !known.cancelled || row.state === 'cancelled' || (row.state === 'running' && row.cancelRequested === 1)],
    [`it has had ${row.attempts} of ${row.maxAttempts} attempts`, row.attempts <= row.maxAttempts],
    ['it is queued without an attempt left', row.state !== 'queued' || row.attempts < row.maxAttempts],
    [
      `it is ${row.state}, locked by ${row.lockedBy}`,
      row.state === 'running' ? row.lockedBy === (bootId ?? row.lockedBy) : row.lockedBy === null,
    ],
    ['it is over and holds its key', !isOver || row.dedupeActive === null],
    [
      `it began ${known.starts} times, at most ${known.taken} of them were taken`,
      !startedOnce.includes(row.type) || known.starts <= 1 + known.taken,
    ],
  ];
  return rules.filter(([, holds]) => !holds).map(([problem]) => problem);
}

function problemsOfChain({ id, state, followers }: { id: string; state: string; followers: number }): string[] {
  const expected = state === 'succeeded' ? 1 : 0;
  return followers === expected ? [] : [`${id} is ${state} and has ${followers} followers`];
}
