import { onEvent } from './events.ts';
import type { ServerEvents } from './events.ts';

const KEPT_LINES = 500;
const NEAR_END_PX = 32;

/** The log of an attempt; while it runs its lines are added as they come, and followed while the reader is at the end. */
class JobLog extends HTMLElement {
  #events: AbortController | undefined;

  connectedCallback(): void {
    const { job } = this.dataset;
    if (job === undefined) return;
    this.#events = new AbortController();
    onEvent(
      'job.log',
      (line) => line.jobId === job && String(line.attempt) === this.dataset.attempt && this.#add(line),
      this.#events.signal,
    );
  }

  disconnectedCallback(): void {
    this.#events?.abort();
  }

  #add({ atMs, level, text }: ServerEvents['job.log']): void {
    const list = this.querySelector<HTMLElement>('[data-lines]')!;
    const following = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    const at = new Date(atMs).toISOString();
    const line = document.createElement('li');
    line.dataset.level = level;
    line.append(Object.assign(document.createElement('time'), { dateTime: at, textContent: at.slice(11, 19) }), ` ${text}`);
    list.append(line);
    while (list.childElementCount > KEPT_LINES) list.firstElementChild!.remove();
    this.querySelector('[data-empty]')?.remove();
    if (following) list.scrollTop = list.scrollHeight;
  }
}

customElements.define('job-log', JobLog);
