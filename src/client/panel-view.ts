import { onEvent } from './events.ts';
import type { EventName } from './events.ts';
import { fetchFragment } from './live-fragment.ts';
import { morphInto } from './morph.ts';

const CALM_MS = 150;

/**
 * A tab of the stage that the server renders for an address: `data-src` is its fragment, `data-view` the tab it belongs to. It is
 * fetched when it first comes into sight, unless it came with the page (`data-loaded`), and again after the events in `data-on`,
 * which wait while it is out of sight. Links and forms marked `data-in-panel` change the address without leaving the page.
 */
export class PanelView extends HTMLElement {
  #gone: AbortController | undefined;
  #isStale = true;
  #isVisible = false;
  #newest = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #query = '';

  connectedCallback(): void {
    const { signal } = (this.#gone = new AbortController());
    this.#isStale = !('loaded' in this.dataset);
    this.#query = new URLSearchParams(location.search).get('view') === this.dataset.view ? location.search : `?view=${this.dataset.view}`;
    for (const name of [...(this.dataset.on ?? '').split(' '), 'sync'] as EventName[]) onEvent(name, () => this.#changed(), signal);
    this.addEventListener('click', (event) => this.#clicked(event), { signal });
    this.addEventListener('submit', (event) => this.#submitted(event), { signal });
    this.addEventListener('change', (event) => (event.target as Element).matches('[data-submits]') && formOf(event)?.requestSubmit(), {
      signal,
    });
    this.addEventListener('toggle', (event) => void this.#unfold(event.target as HTMLElement), { signal, capture: true });
    const sight = new IntersectionObserver((entries) => this.#seen(entries.at(-1)?.isIntersecting === true));
    sight.observe(this);
    signal.addEventListener('abort', () => sight.disconnect());
  }

  disconnectedCallback(): void {
    clearTimeout(this.#waiting);
    this.#gone?.abort();
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.#query);
  }

  /** Shows what the panel has for an address, and keeps the address for a reload. */
  async open(search: string): Promise<void> {
    this.#query = search;
    if (this.#isVisible) keepInAddress(search);
    await this.refresh();
  }

  /** The newest call wins; what an older one fetched is not shown. */
  async refresh(): Promise<void> {
    const mine = ++this.#newest;
    this.#isStale = false;
    this.ariaBusy = 'true';
    const html = await fetchFragment(this.dataset.src + this.#query);
    if (mine !== this.#newest || !this.isConnected) return;
    this.ariaBusy = null;
    if (html === undefined) return this.#couldNot();
    morphInto(this, html);
    for (const folded of this.querySelectorAll<HTMLElement>('details[open][data-lazy]')) void this.#unfold(folded);
    this.dispatchEvent(new CustomEvent('panel-shown', { bubbles: true }));
  }

  #changed(): void {
    this.#isStale = true;
    if (!this.#isVisible || this.#waiting) return;
    // While the agent writes, what changes comes in bursts.
    this.#waiting = setTimeout(() => {
      this.#waiting = undefined;
      void this.refresh();
    }, CALM_MS);
  }

  #seen(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (isVisible) keepInAddress(this.#query);
    if (isVisible && this.#isStale) void this.refresh();
  }

  #clicked(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-in-panel]');
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    void this.open(new URL(link.href).search).then(() => this.#lookAtDetail());
  }

  #submitted(event: SubmitEvent): void {
    const form = formOf(event);
    if (!form?.hasAttribute('data-in-panel')) return;
    event.preventDefault();
    const fields = [...new FormData(form)].filter(([, value]) => value !== '') as [string, string][];
    void this.open(`?${new URLSearchParams(fields)}`);
  }

  /** Where the panel is one column, what was chosen begins at its top. */
  #lookAtDetail(): void {
    const detail = this.querySelector<HTMLElement>('[data-detail]');
    detail?.scrollTo(0, 0);
    if (detail && detail.offsetTop < 8 && detail.offsetLeft < 8) detail.parentElement?.scrollTo(0, 0);
  }

  /** Fetches what a fold holds when it is first opened. */
  async #unfold(fold: HTMLElement): Promise<void> {
    const link = fold.matches('details[open][data-lazy]') && fold.querySelector<HTMLAnchorElement>('a[data-in-panel]');
    if (!link) return;
    const html = await fetchFragment(this.dataset.src + new URL(link.href).search);
    const fresh = html && new DOMParser().parseFromString(html, 'text/html').getElementById(fold.id);
    if (fresh && fold.isConnected) morphInto(fold, fresh.innerHTML);
  }

  #couldNot(): void {
    this.#isStale = true;
    if (this.childElementCount > 0) return;
    const retry = Object.assign(document.createElement('button'), { className: 'button', textContent: 'Try again' });
    retry.addEventListener('click', () => void this.refresh());
    const words = Object.assign(document.createElement('p'), { textContent: 'This could not be fetched.' });
    const note = Object.assign(document.createElement('div'), { className: 'could-not' });
    note.append(words, retry);
    this.replaceChildren(note);
  }
}

const formOf = (event: Event) => (event.target as Element).closest('form');

function keepInAddress(search: string): void {
  if (location.search !== search) history.replaceState(history.state, '', location.pathname + search + location.hash);
}

customElements.define('panel-view', PanelView);
