import { onEvent } from './events.ts';
import type { EventName } from './events.ts';
import { morphInto } from './morph.ts';
import { goToLogin } from './request.ts';

/**
 * A part of the page that the server renders and re-renders.
 *
 * `data-src` is its fragment; `data-on` the events after which it is fetched again (always also `sync`). Fetches never
 * overlap: events during one lead to a single further one.
 */
export class LiveFragment extends HTMLElement {
  #events: AbortController | undefined;
  #fetching: Promise<void> | undefined;
  #again = false;

  connectedCallback(): void {
    this.#events = new AbortController();
    const names = (this.dataset.on ?? '').split(' ').filter(Boolean) as EventName[];
    for (const name of [...names, 'sync' as const]) onEvent(name, () => void this.refresh(), this.#events.signal);
  }

  disconnectedCallback(): void {
    this.#events?.abort();
  }

  /** Resolves when what is shown is at least as new as this call. */
  async refresh(): Promise<void> {
    if (this.#fetching) {
      this.#again = true;
      return this.#fetching;
    }
    this.#fetching = this.#fetchUntilCalm();
    try {
      await this.#fetching;
    } finally {
      this.#fetching = undefined;
    }
  }

  async #fetchUntilCalm(): Promise<void> {
    do {
      this.#again = false;
      await showFragment(this, this.dataset.src!);
    } while (this.#again && this.isConnected);
  }
}

/** Fetches a fragment and morphs it into `target`. A server that does not answer leaves the old in sight. */
export async function showFragment(target: Element, url: string): Promise<void> {
  const html = await fetchFragment(url);
  if (html === undefined || !target.isConnected) return;
  morphInto(target, html);
  target.dispatchEvent(new CustomEvent('fragment-shown', { bubbles: true }));
}

/** Undefined when there is nothing to show: no answer, an error, or signed out (then the page goes to the login). */
export async function fetchFragment(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { headers: { accept: 'text/html' } });
    if (response.status === 401 || (response.redirected && new URL(response.url).pathname === '/login')) goToLogin();
    return response.ok && !response.redirected ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

customElements.define('live-fragment', LiveFragment);
