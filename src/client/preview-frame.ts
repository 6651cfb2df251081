/** Fades the page in once it has loaded, and keeps the toolbar's path honest. */
class PreviewFrame extends HTMLElement {
  #internals = this.attachInternals();
  /** Loads that we asked for; any other is the reader following a link, to a page whose address is not ours to know. */
  #expected = 1;

  connectedCallback(): void {
    const frame = this.querySelector('iframe')!;
    frame.addEventListener('load', () => {
      this.#internals.states.add('shown');
      this.#expected -= 1;
      if (this.#expected < 0) {
        this.#expected = 0;
        const field = pathField();
        if (field && document.activeElement !== field) field.value = '';
      }
    });
  }

  go(path: string): void {
    const frame = this.querySelector('iframe')!;
    const url = new URL(path, document.querySelector<HTMLAnchorElement>('[data-preview-open]')!.dataset.site);
    this.#expected = 1;
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
