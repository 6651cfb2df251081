import './api-form.ts';
import './job-log.ts';
import './live-fragment.ts';
import './queue-times.ts';
import './times.ts';
import { watchConnection } from './connection-note.ts';
import { onEvent, openEvents } from './events.ts';
import { fetchFragment } from './live-fragment.ts';
import { morphInto } from './morph.ts';

const EVERY_MS = 500;

/** One job as the server has it. What else happens in the queue matters to a job that waits, so every change is looked at. */
class JobLive extends HTMLElement {
  #events: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refreshedAt = -EVERY_MS;

  connectedCallback(): void {
    const { signal } = (this.#events = new AbortController());
    onEvent(
      'queue.changed',
      ({ jobIds, more }) => (more || jobIds.includes(this.dataset.job!) || jobIds.length === 0 || this.#waits) && this.#soon(),
      signal,
    );
    onEvent('sync', () => this.#soon(), signal);
  }

  disconnectedCallback(): void {
    this.#events?.abort();
    clearTimeout(this.#timer);
  }

  get #waits(): boolean {
    return this.querySelector('[data-job-state="queued"]') !== null;
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => void this.#refresh(), Math.max(0, this.#refreshedAt + EVERY_MS - performance.now()));
  }

  async #refresh(): Promise<void> {
    this.#timer = undefined;
    this.#refreshedAt = performance.now();
    const html = await fetchFragment(this.dataset.src!);
    if (html !== undefined && this.isConnected) morphInto(this, html);
  }
}

customElements.define('job-live', JobLive);
watchConnection();
openEvents();
