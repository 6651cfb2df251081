import { onEvent } from './events.ts';

const KEPT_LINES = 400;
const SAID_MS = 2_000;

/** The log of a build while it runs: new lines follow the ones the server rendered; it stays at the end unless one reads. */
class BuildLog extends HTMLElement {
  #events: AbortController | undefined;

  connectedCallback(): void {
    this.#events = new AbortController();
    const { signal } = this.#events;
    onEvent('version.log', ({ hash, line }) => hash === this.dataset.version && this.#add(line), signal);
    onEvent('deployment.log', ({ deploymentId, line }) => deploymentId === this.dataset.deployment && this.#add(line), signal);
    // Also when the panel opens: a hidden box cannot be scrolled.
    new ResizeObserver(() => this.#followEnd()).observe(this);
  }

  disconnectedCallback(): void {
    this.#events?.abort();
  }

  #add(line: string): void {
    const box = this.querySelector('pre')!;
    const lines = box.textContent === '' ? [] : box.textContent.split('\n');
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 48;
    box.textContent = [...lines, line].slice(-KEPT_LINES).join('\n');
    if (isAtEnd) this.#followEnd();
  }

  #followEnd(): void {
    const box = this.querySelector('pre');
    if (box) box.scrollTop = box.scrollHeight;
  }
}

async function copyAddress(button: HTMLElement): Promise<void> {
  const said = button.querySelector('[data-copy-said]')!;
  try {
    await navigator.clipboard.writeText(button.dataset.copyText!);
    said.textContent = 'Copied';
  } catch {
    said.textContent = 'Not copied: select the address instead';
  }
  setTimeout(() => (said.textContent = 'Copy the address'), SAID_MS);
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-copy-text]') : null;
  if (button) void copyAddress(button);
  // The words are in the message box by now, which is behind the panel.
  const asked = event.target instanceof Element ? event.target.closest('#publish-panel [data-fill]') : null;
  asked?.closest<HTMLElement>('[popover]')?.hidePopover();
});

customElements.define('build-log', BuildLog);
