/** Fades the page in once it has loaded, and keeps the toolbar's path honest. */
class PreviewFrame extends HTMLElement {
  #internals = this.attachInternals();
  /** Whether the next load is one we asked for; any other is the reader following a link, to an address that is not ours to know. */
  #expected = true;

  connectedCallback(): void {
    const open = document.querySelector<HTMLAnchorElement>('[data-preview-open]');
    if (open) open.href = this.dataset.site!;
    this.querySelector('iframe')!.addEventListener('load', () => this.#loaded());
    // The frame of the first paint may have loaded before this script ran; the window's own load waits for it.
    if (document.readyState !== 'complete') addEventListener('load', () => this.#show(), { once: true });
  }

  disconnectedCallback(): void {
    const field = pathField();
    // Another site's frame takes its place, with its first page.
    if (field) field.value = '/';
  }

  #loaded(): void {
    const field = pathField();
    if (!this.#expected && field && document.activeElement !== field) field.value = '';
    this.#show();
  }

  #show(): void {
    this.#internals.states.add('shown');
    this.#expected = false;
  }

  go(path: string): void {
    const frame = this.querySelector('iframe')!;
    const url = new URL(path, this.dataset.site);
    this.#expected = true;
    frame.src = url.href;
  }
}

const pathField = () => document.querySelector<HTMLInputElement>('[data-preview-path] input');

/** `path` as typed, made absolute within the site; another site's address counts as its path. */
function sitePath(typed: string): string {
  const path = typed.trim().replace(/^[a-z]+:\/\/[^/]*/i, '');
  return `/${path.replace(/^\/+/, '')}`;
}

export function wirePreviewToolbar(): void {
  const frame = () => document.querySelector<PreviewFrame>('preview-frame');
  const go = () => {
    const field = pathField()!;
    field.value = sitePath(field.value);
    frame()?.go(field.value);
  };
  document.querySelector('[data-preview-path]')?.addEventListener('submit', (event) => {
    event.preventDefault();
    go();
  });
  document.querySelector('[data-preview-reload]')?.addEventListener('click', go);
}

customElements.define('preview-frame', PreviewFrame);
