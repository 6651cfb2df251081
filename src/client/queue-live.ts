import { onEvent } from './events.ts';
import { fetchFragment } from './live-fragment.ts';
import { morphInto } from './morph.ts';

/** The page is looked at no oftener than this, however busy the queue is. */
const EVERY_MS = 1_000;
/** Numbers and charts grow old by themselves. */
const AGE_MS = 30_000;

/**
 * Keeps the monitor as the server has it. Parts are morphed; rows change where they are and nothing is put in between them: jobs
 * that are new are only announced, with a link that shows them.
 *
 * `data-query` is the filter, `data-top` the place of the first row, after which a job counts as new.
 */
class QueueLive extends HTMLElement {
  #events: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #aging: ReturnType<typeof setInterval> | undefined;
  #refreshing = false;
  #refreshedAt = 0;
  #changed = new Set<string>();
  #everything = false;

  connectedCallback(): void {
    const { signal } = (this.#events = new AbortController());
    onEvent('queue.changed', ({ jobIds, more }) => this.#note(jobIds, more), signal);
    onEvent('sync', () => this.#note([], true), signal);
    this.#aging = setInterval(() => !document.hidden && this.#note([], false), AGE_MS);
    document.addEventListener('bulk-started', (event) => this.#follow((event as CustomEvent<string>).detail), { signal });
  }

  disconnectedCallback(): void {
    this.#events?.abort();
    clearTimeout(this.#timer);
    clearInterval(this.#aging);
  }

  #note(jobIds: readonly string[], everything: boolean): void {
    for (const id of jobIds) this.#changed.add(id);
    this.#everything ||= everything;
    this.#soon();
  }

  #soon(): void {
    const wait = Math.max(0, this.#refreshedAt + EVERY_MS - performance.now());
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#refresh();
    }, wait);
  }

  #follow(bulkId: string): void {
    const query = new URLSearchParams(this.dataset.query);
    query.set('bulk', bulkId);
    this.dataset.query = query.toString();
    history.replaceState(history.state, '', `/queue?${query}`);
    this.#note([], true);
  }

  async #refresh(): Promise<void> {
    if (this.#refreshing) return this.#soon();
    this.#refreshing = true;
    const shown = [...this.querySelectorAll<HTMLElement>('[data-job]')].map(({ dataset }) => dataset.job!);
    const ids = this.#everything ? shown : shown.filter((id) => this.#changed.has(id));
    this.#changed.clear();
    this.#everything = false;
    const query = new URLSearchParams(this.dataset.query);
    if (this.dataset.top) query.set('top', this.dataset.top);
    if (ids.length > 0) query.set('ids', ids.join(','));
    const html = await fetchFragment(`/fragments/queue/live?${query}`);
    if (html !== undefined && this.isConnected) this.#show(new DOMParser().parseFromString(html, 'text/html'), ids);
    this.#refreshedAt = performance.now();
    this.#refreshing = false;
  }

  #show(fresh: Document, asked: readonly string[]): void {
    for (const part of document.querySelectorAll<HTMLElement>('[data-part]')) {
      const html = fresh.querySelector(`[data-part="${part.dataset.part}"]`)?.innerHTML;
      if (html !== undefined) morphInto(part, html);
    }
    for (const id of asked) this.#showRow(document.getElementById(`job-${id}`), fresh.getElementById(`job-${id}`));
    this.dispatchEvent(new CustomEvent('queue-shown', { bubbles: true }));
  }

  #showRow(row: HTMLElement | null, fresh: HTMLElement | null): void {
    if (!row) return;
    if (fresh) {
      row.dataset.state = fresh.dataset.state;
      return morphInto(row, fresh.innerHTML);
    }
    if (row.classList.contains('is-gone')) return;
    row.classList.add('is-gone');
    row.querySelector('.state')!.textContent = 'Deleted';
  }
}

customElements.define('queue-live', QueueLive);
