const STEP = 2;
const KEY = 'doce:chat-width';

/** The line between conversation and stage: drag it, or move it with the arrow keys. Its place is remembered. */
class SplitHandle extends HTMLElement {
  connectedCallback(): void {
    const stored = parseFloat(document.documentElement.style.getPropertyValue('--chat-width'));
    if (stored) this.setAttribute('aria-valuenow', String(Math.round(stored)));
    this.addEventListener('pointerdown', this.#onDown);
    this.addEventListener('keydown', this.#onKey);
    this.addEventListener('dblclick', () => this.#place(36));
  }

  #onDown = (event: PointerEvent): void => {
    event.preventDefault();
    this.setPointerCapture(event.pointerId);
    // The preview would swallow the pointer.
    document.documentElement.classList.add('resizing');
    const bounds = this.parentElement!.getBoundingClientRect();
    const move = ({ clientX }: PointerEvent) => this.#place(((clientX - bounds.left) / bounds.width) * 100);
    this.addEventListener('pointermove', move);
    this.addEventListener(
      'lostpointercapture',
      () => {
        this.removeEventListener('pointermove', move);
        document.documentElement.classList.remove('resizing');
      },
      { once: true },
    );
  };

  #onKey = (event: KeyboardEvent): void => {
    const now = Number(this.getAttribute('aria-valuenow'));
    const places: Record<string, number> = { ArrowLeft: now - STEP, ArrowRight: now + STEP, Home: 22, End: 65 };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    this.#place(place);
  };

  #place(percent: number): void {
    const bounded = Math.min(65, Math.max(22, Math.round(percent * 10) / 10));
    document.documentElement.style.setProperty('--chat-width', `${bounded}%`);
    this.setAttribute('aria-valuenow', String(Math.round(bounded)));
    remember(KEY, String(bounded));
  }
}

/** The button that hides the conversation, or brings it back. */
export function wireFold(): void {
  const button = document.querySelector('[data-fold]');
  if (!button) return;
  const root = document.documentElement;
  const show = () => {
    const folded = root.classList.contains('chat-folded');
    button.setAttribute('aria-pressed', String(folded));
  };
  button.addEventListener('click', () => {
    root.classList.toggle('chat-folded');
    remember('doce:chat-folded', root.classList.contains('chat-folded') ? 'yes' : 'no');
    show();
  });
  show();
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Refused storage: the place holds for this page only.
  }
}

customElements.define('split-handle', SplitHandle);
