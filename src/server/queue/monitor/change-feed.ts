import { timerAlarm } from '../timing.ts';
import type { SetAlarm } from '../timing.ts';

/** What changed since the last announcement. */
export interface QueueChanged {
  /** At most `NAMED_JOBS`; `more` says that others changed as well. */
  jobIds: string[];
  more: boolean;
}

export interface ChangeFeed {
  note(jobId: string): void;
  /** Something other than a job changed: settings, numbers. */
  noteAnything(): void;
  stop(): void;
}

const NAMED_JOBS = 100;
const EVERY_MS = 250;

/** Gathers changes and announces them at most four times a second, the first at once. */
export function createChangeFeed(announce: (changed: QueueChanged) => void, setAlarm: SetAlarm = timerAlarm): ChangeFeed {
  let jobIds = new Set<string>();
  let more = false;
  let pending = false;
  let silence: (() => void) | undefined;

  function tell(): void {
    const changed = { jobIds: [...jobIds], more };
    jobIds = new Set();
    more = false;
    pending = false;
    silence = setAlarm(EVERY_MS, () => {
      silence = undefined;
      if (pending) tell();
    });
    announce(changed);
  }

  function noteAnything(): void {
    pending = true;
    if (!silence) tell();
  }

  return {
    note(jobId) {
      if (jobIds.size < NAMED_JOBS) jobIds.add(jobId);
      else if (!jobIds.has(jobId)) more = true;
      noteAnything();
    },
    noteAnything,
    stop() {
      silence?.();
      silence = () => {};
    },
  };
}
