import { elapsed, exactTime, relativeTime } from '../components/format.ts';

const AGO_EVERY_MS = 30_000;

/** A time in words that grows old, with the exact one, in the reader's zone, on hover. */
class TimeAgo extends HTMLElement {
  #timer: ReturnType<typeof setInterval> | undefined;

  connectedCallback(): void {
    this.#show();
    this.#timer = setInterval(() => this.#show(), AGO_EVERY_MS);
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer);
  }

  #show(): void {
    const time = this.querySelector('time');
    if (!time) return;
    const thenMs = Date.parse(time.dateTime);
    const words = relativeTime(thenMs, Date.now());
    if (time.textContent !== words) time.textContent = words;
    time.title = exactTime(thenMs);
  }
}

/** Counts on from what the server said, so that the two clocks need not agree. */
class ElapsedTime extends HTMLElement {
  static observedAttributes = ['data-elapsed-ms'];
  #timer: ReturnType<typeof setInterval> | undefined;
  #startedAtMs = 0;

  connectedCallback(): void {
    this.#timer = setInterval(() => this.#show(), 1_000);
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer);
  }

  attributeChangedCallback(): void {
    this.#startedAtMs = performance.now() - Number(this.dataset.elapsedMs ?? 0);
    this.#show();
  }

  #show(): void {
    this.textContent = elapsed(performance.now() - this.#startedAtMs);
  }
}

customElements.define('time-ago', TimeAgo);
customElements.define('elapsed-time', ElapsedTime);
