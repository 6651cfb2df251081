import { exactTime } from '../components/format.ts';
import { timeUntil } from '../components/queue/job-words.ts';

/** Counts down from what the server said was left, so that the two clocks need not agree. */
class TimeUntil extends HTMLElement {
  static observedAttributes = ['data-left-ms'];
  #timer: ReturnType<typeof setInterval> | undefined;
  #atMs = 0;

  connectedCallback(): void {
    this.#timer = setInterval(() => this.#show(), 1_000);
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer);
  }

  attributeChangedCallback(): void {
    this.#atMs = performance.now() + Number(this.dataset.leftMs ?? 0);
    this.#show();
  }

  #show(): void {
    const time = this.querySelector('time');
    if (!time) return;
    const words = timeUntil(this.#atMs, performance.now());
    if (time.textContent !== words) time.textContent = words;
    const title = exactTime(Date.parse(time.dateTime));
    if (time.title !== title) time.title = title;
  }
}

customElements.define('time-until', TimeUntil);
