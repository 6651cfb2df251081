import { onEvent } from './events.ts';
import type { ServerEvents } from './events.ts';
import { fetchFragment } from './live-fragment.ts';
import type { LiveFragment } from './live-fragment.ts';
import { morphInto } from './morph.ts';

const NEAR_BOTTOM_PX = 64;

/**
 * The scrolling conversation. New turns come with the whole fragment, a known turn by itself; streamed text is appended as it
 * arrives. It follows the end only while the reader is there.
 */
class ConversationView extends HTMLElement {
  #events: AbortController | undefined;
  #following = true;
  #refreshing = new Map<string, 'fetching' | 'again'>();

  connectedCallback(): void {
    const { signal } = (this.#events = new AbortController());
    onEvent('turn.changed', ({ turnId }) => this.#turnChanged(turnId), signal);
    onEvent('turn.part', ({ turnId }) => this.#turnChanged(turnId), signal);
    onEvent('turn.delta', (delta) => this.#append(delta), signal);
    this.addEventListener('scroll', () => this.#noteScroll(), { passive: true, signal });
    this.addEventListener('fragment-shown', () => this.#followEnd(), { signal });
    new ResizeObserver(() => this.#followEnd()).observe(this);
    this.#toLatest?.addEventListener('click', () => this.#jumpToEnd(), { signal });
    document.addEventListener('prompt-sent', () => void this.#showSent(), { signal });
    this.#jumpToEnd();
  }

  disconnectedCallback(): void {
    this.#events?.abort();
  }

  get #toLatest(): HTMLElement | null {
    return document.querySelector('[data-to-latest]');
  }

  get #whole(): LiveFragment {
    return this.querySelector<LiveFragment>('live-fragment')!;
  }

  async #showSent(): Promise<void> {
    this.#following = true;
    await this.#whole.refresh();
  }

  #turnChanged(turnId: string): void {
    const turn = document.getElementById(`turn-${turnId}`);
    const latest = this.querySelector('[data-turn]:last-of-type');
    // Suggestions come and go with the latest turn's end, so that end needs the whole.
    if (!turn || turn !== latest) void this.#whole.refresh();
    else void this.#refreshTurn(turnId, turn);
  }

  async #refreshTurn(turnId: string, turn: HTMLElement): Promise<void> {
    if (this.#refreshing.has(turnId)) return void this.#refreshing.set(turnId, 'again');
    do {
      this.#refreshing.set(turnId, 'fetching');
      const html = await fetchFragment(`/fragments/turns/${turnId}?project=${this.dataset.project}`);
      if (html !== undefined && turn.isConnected) this.#showTurn(turn, html);
    } while (this.#refreshing.get(turnId) === 'again');
    this.#refreshing.delete(turnId);
  }

  #showTurn(turn: HTMLElement, html: string): void {
    const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector<HTMLElement>('[data-turn]');
    if (!fresh) return;
    const ended = turn.dataset.state !== fresh.dataset.state && fresh.dataset.state !== 'running' && fresh.dataset.state !== 'queued';
    this.#announce(turn, fresh, ended);
    turn.dataset.state = fresh.dataset.state;
    morphInto(turn, fresh.innerHTML);
    this.#followEnd();
    if (ended) void this.#whole.refresh();
  }

  /** Each part is read out once, when it is complete; never token by token. */
  #announce(turn: HTMLElement, fresh: HTMLElement, ended: boolean): void {
    const complete = (root: HTMLElement) => [...root.querySelectorAll<HTMLElement>('.text[data-complete]')];
    const known = new Set(complete(turn).map(({ id }) => id));
    const texts = complete(fresh).filter(({ id }) => !known.has(id));
    const words = texts.map(({ textContent }) => textContent.trim().replace(/\s+/g, ' '));
    if (ended) words.push(fresh.dataset.state === 'completed' ? 'The answer is complete.' : 'The answer has ended.');
    const announcer = document.querySelector('[data-announcer]');
    if (announcer && words.length > 0) announcer.textContent = words.join(' ');
  }

  #append({ turnId, partId, kind, delta, offset }: ServerEvents['turn.delta']): void {
    const answer = document.querySelector(`#turn-${CSS.escape(turnId)} [data-answer]`);
    if (!answer) return;
    let part = document.getElementById(`part-${partId}`);
    if (part && 'complete' in part.dataset) return;
    if (!part && kind === 'text') {
      part = Object.assign(document.createElement('div'), { id: `part-${partId}`, className: 'text' });
      part.append(Object.assign(document.createElement('div'), { className: 'prose streamed' }));
      answer.append(part);
    }
    // Reasoning waits, folded, for its fragment.
    const streamed = part?.querySelector('.streamed');
    if (!streamed) return;
    const known = streamed.textContent.length;
    if (offset !== undefined && offset > known) return this.#turnChanged(turnId);
    streamed.append(offset === undefined ? delta : delta.slice(known - offset));
    this.#followEnd();
  }

  #noteScroll(): void {
    this.#following = this.scrollHeight - this.scrollTop - this.clientHeight < NEAR_BOTTOM_PX;
    if (this.#following && this.#toLatest) this.#toLatest.hidden = true;
  }

  #followEnd(): void {
    if (this.#following) this.scrollTop = this.scrollHeight;
    else if (this.#toLatest) this.#toLatest.hidden = false;
  }

  #jumpToEnd(): void {
    this.#following = true;
    this.scrollTop = this.scrollHeight;
    if (this.#toLatest) this.#toLatest.hidden = true;
  }
}

customElements.define('conversation-view', ConversationView);
