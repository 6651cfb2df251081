import { onEvent } from './events.ts';
import { send } from './request.ts';

const KEPT_LINES = 2_000;

/** Recent lines of the preview's log; live ones follow. It follows the end only while the reader is there. */
class LogView extends HTMLElement {
  #events: AbortController | undefined;
  #following = true;

  connectedCallback(): void {
    const { signal } = (this.#events = new AbortController());
    onEvent('log.line', ({ line }) => this.#show([...this.#lines, line].slice(-KEPT_LINES)), signal);
    onEvent('sync', () => void this.#load(), signal);
    const box = this.#box;
    box.addEventListener('scroll', () => (this.#following = box.scrollHeight - box.scrollTop - box.clientHeight < 48), { signal });
    // Also when the panel comes into sight: a hidden box cannot be scrolled.
    new ResizeObserver(() => this.#followEnd()).observe(box);
    this.querySelector('[data-copy]')?.addEventListener('click', () => void this.#copy(), { signal });
  }

  disconnectedCallback(): void {
    this.#events?.abort();
  }

  get #box(): HTMLElement {
    return this.querySelector<HTMLElement>('[data-lines]')!;
  }

  get #lines(): string[] {
    const text = this.#box.textContent;
    return text === '' ? [] : text.split('\n');
  }

  async #load(): Promise<void> {
    const answer = await send<{ lines: string[] }>('GET', `/api/projects/${this.dataset.project}/logs`);
    if (answer.state === 'ok') this.#show(answer.body.lines);
  }

  #show(lines: string[]): void {
    const box = this.#box;
    const text = lines.join('\n');
    if (text !== box.textContent) box.textContent = text;
    this.#followEnd();
    this.querySelector<HTMLElement>('[data-empty]')!.hidden = lines.length > 0;
  }

  #followEnd(): void {
    if (this.#following) this.#box.scrollTop = this.#box.scrollHeight;
  }

  async #copy(): Promise<void> {
    const label = this.querySelector('[data-copy-label]')!;
    try {
      await navigator.clipboard.writeText(this.#lines.join('\n'));
      label.textContent = 'Copied';
    } catch {
      getSelection()?.selectAllChildren(this.#box);
      label.textContent = 'Selected: press Ctrl C';
    }
    setTimeout(() => (label.textContent = 'Copy'), 2_000);
  }
}

customElements.define('log-view', LogView);
