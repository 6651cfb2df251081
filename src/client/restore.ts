import { send } from './request.ts';
import type { Answer } from './request.ts';

const ASK_EVERY_MS = 700;
const PATIENCE_MS = 60_000;

interface Job {
  job: { state: string };
}

/**
 * Says how going back to a version is getting on, beside the button that asked for it: the work is a job's. What it changed
 * comes by events; what went wrong comes from here.
 */
export function watchRestores(): void {
  document.addEventListener('api-form-done', (event) => {
    const form = (event.target as Element).closest<HTMLElement>('[data-restore]');
    const { body } = (event as CustomEvent<Extract<Answer<{ jobId?: string }>, { state: 'ok' }>>).detail;
    if (form && body.jobId) void follow(form, body.jobId);
  });
}

async function follow(form: HTMLElement, jobId: string): Promise<void> {
  const say = (name: 'progress' | 'problem', text: string) => {
    const place = form.querySelector(`[data-${name}]`);
    if (place) place.textContent = text;
  };
  const fromLook = form.closest('#look-banner') !== null;
  const state = await ended(jobId, () => say('progress', 'Going back…'));
  say('progress', '');
  // The form itself may be gone by then: what is there now can't be restored.
  if (state === 'succeeded') return void document.dispatchEvent(new CustomEvent('restored', { detail: { fromLook } }));
  const words = {
    failed: 'Going back did not work. Your files are as they were, or the next try goes on from here. Try again.',
    late: 'This is taking long. It goes on by itself; the queue page shows how far it is.',
  };
  say('problem', state === 'late' ? words.late : words.failed);
}

/** Resolves with the state a job ended in, or `late`. */
async function ended(jobId: string, onWait: () => void): Promise<string> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const answer = await send<Job>('GET', `/api/queue/jobs/${jobId}`);
    if (answer.state === 'refused') return 'succeeded';
    if (answer.state === 'ok' && !['queued', 'running'].includes(answer.body.job.state)) return answer.body.job.state;
    onWait();
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  return 'late';
}
