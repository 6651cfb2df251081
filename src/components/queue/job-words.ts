import { counted, duration } from '../format.ts';
import type { Mood } from '../projects/mood.ts';
import type { JobAction } from '#server/queue/monitor/actions.ts';
import type { AttemptView } from '#server/queue/attempts.ts';
import type { JobRow } from '#server/queue/monitor/find-jobs.ts';

type State = JobRow['state'];

export const stateWords: Record<State, string> = {
  queued: 'Waiting',
  running: 'Running',
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const LATE_AFTER_S = 60;

/** How a job is, in a colour and a word or two. */
export function moodOfJob(job: Pick<JobRow, 'state' | 'runAt' | 'attempts' | 'lastError' | 'cancelRequestedAt'>, nowMs: number): Mood {
  switch (job.state) {
    case 'queued': {
      const dueForS = nowMs / 1000 - job.runAt;
      if (dueForS < 0)
        return job.attempts > 0 && job.lastError ? { tone: 'warn', words: 'Backing off' } : { tone: 'off', words: 'Scheduled' };
      return dueForS >= LATE_AFTER_S ? { tone: 'warn', words: 'Late' } : { tone: 'off', words: 'Waiting' };
    }
    case 'running':
      return { tone: 'busy', words: job.cancelRequestedAt === null ? 'Running' : 'Stopping' };
    case 'succeeded':
      return { tone: 'live', words: 'Done' };
    case 'failed':
      return { tone: 'bad', words: 'Failed' };
    case 'cancelled':
      return { tone: 'off', words: 'Cancelled' };
  }
}

/** What happened to an attempt, in a colour and a few words. */
export function moodOfAttempt(outcome: AttemptView['outcome']): Mood {
  switch (outcome) {
    case null:
      return { tone: 'busy', words: 'Running' };
    case 'succeeded':
      return { tone: 'live', words: 'Succeeded' };
    case 'failed':
      return { tone: 'bad', words: 'Failed, and was the last' };
    case 'retrying':
      return { tone: 'warn', words: 'Failed, to be tried again' };
    case 'timed_out':
      return { tone: 'bad', words: 'Ran longer than allowed' };
    case 'retry_later':
      return { tone: 'off', words: 'Asked to be called again; not counted' };
    case 'released':
      return { tone: 'off', words: 'Given back when doce stopped; not counted' };
    case 'cancelled':
      return { tone: 'off', words: 'Cancelled' };
    case 'lost':
      return { tone: 'bad', words: 'Lost: doce ended in the middle of it' };
  }
}

/** Which actions make sense for a job of this state. */
export const actionsFor: Record<State, readonly JobAction[]> = {
  queued: ['cancel', 'run-now'],
  running: ['cancel', 'unlock'],
  succeeded: ['delete'],
  failed: ['retry', 'delete'],
  cancelled: ['retry', 'delete'],
};

/** Those that a row of the table offers: none that cannot be undone. */
export const rowActionsFor = (state: State) => actionsFor[state].filter((action) => action !== 'delete' && action !== 'unlock');

export const actionWords: Record<
  JobAction,
  { verb: string; icon: 'circle-x' | 'rotate-cw' | 'play' | 'trash' | 'lock-open'; consequence: string }
> = {
  cancel: {
    verb: 'Cancel',
    icon: 'circle-x',
    consequence: 'Those that wait will not run. Those that run are told to stop, and end as cancelled.',
  },
  retry: { verb: 'Retry', icon: 'rotate-cw', consequence: 'Each gets all its attempts again and is due at once.' },
  'run-now': { verb: 'Run now', icon: 'play', consequence: 'Each becomes due at once; as many run at a time as before.' },
  unlock: {
    verb: 'Unlock',
    icon: 'lock-open',
    consequence: 'It is taken back from its handler and waits again, with this attempt counted.',
  },
  delete: { verb: 'Delete', icon: 'trash', consequence: 'The jobs go, with their attempts and logs. This can’t be undone.' },
};

/** "in 12 s", "in 3 min"; "now" when that time has come. */
export function timeUntil(thenMs: number, nowMs: number): string {
  const leftMs = thenMs - nowMs;
  if (leftMs <= 0) return 'now';
  if (leftMs < 60_000) return `in ${Math.ceil(leftMs / 1000)} s`;
  if (leftMs < 3_600_000) return `in ${Math.round(leftMs / 60_000)} min`;
  return leftMs < 48 * 3_600_000 ? `in ${Math.round(leftMs / 3_600_000)} h` : `in ${Math.round(leftMs / 86_400_000)} days`;
}

/** "0.4 ms", "12 ms", then as `duration`. */
export function shortDuration(ms: number): string {
  if (ms < 1) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : duration(ms);
}

/** "1,000+" where the counting stopped. */
export function cappedCount({ count, atLeast }: { count: number; atLeast: boolean }): string {
  return `${count.toLocaleString('en-US')}${atLeast ? '+' : ''}`;
}

export const jobsCounted = (count: number) => counted(count, 'job');
