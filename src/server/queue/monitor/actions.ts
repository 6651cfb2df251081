import type { AppErrorCode } from '#server/errors.ts';
import type { Queue } from '../queue.ts';
import type { BulkAction } from './bulk-rows.ts';

export type JobAction = BulkAction | 'unlock';
export type ActionQueue = Pick<Queue, 'cancel' | 'retry' | 'unlock' | 'runNow' | 'remove' | 'find'>;

/** Does it, or says in a code of the catalogue why it cannot be done to the job as it is now; undefined when it was done. */
export function tryAction(queue: ActionQueue, action: JobAction, jobId: string): AppErrorCode | undefined {
  switch (action) {
    case 'cancel':
      return cancelProblems[queue.cancel(jobId)];
    case 'retry':
      return retryProblems[queue.retry(jobId)];
    case 'unlock':
      return unlockProblems[queue.unlock(jobId)];
    case 'run-now':
      return queue.runNow(jobId) ? undefined : unlessGone(queue, jobId, 'job_not_queued');
    case 'delete':
      return queue.remove(jobId) ? undefined : unlessGone(queue, jobId, 'job_not_finished');
  }
}

const cancelProblems: Record<ReturnType<Queue['cancel']>, AppErrorCode | undefined> = {
  cancelled: undefined,
  cancelling: undefined,
  already_finished: 'job_finished',
  not_found: 'job_not_found',
};
const retryProblems: Record<ReturnType<Queue['retry']>, AppErrorCode | undefined> = {
  queued: undefined,
  not_finished: 'job_not_finished',
  already_done: 'job_already_done',
  duplicate: 'job_key_taken',
  not_found: 'job_not_found',
};
const unlockProblems: Record<ReturnType<Queue['unlock']>, AppErrorCode | undefined> = {
  unlocked: undefined,
  not_running: 'job_not_running',
  not_found: 'job_not_found',
};

const unlessGone = (queue: ActionQueue, jobId: string, code: AppErrorCode) => (queue.find(jobId) ? code : 'job_not_found');
