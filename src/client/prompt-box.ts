import './attached-files.ts';
import type { AttachedFiles } from './attached-files.ts';
import { createDrafts } from './drafts.ts';
import { goToLogin, send } from './request.ts';

const drafts = createDrafts(() => localStorage);

interface Created {
  project?: { slug: string };
}

/**
 * The box one types into: Enter sends, Shift-Enter breaks. The text is kept per `data-surface` until the server has it:
 * a reload, an error, an expired session or a closed tab does not lose it.
 */
class PromptBox extends HTMLElement {
  #sending = false;

  connectedCallback(): void {
    const { text, form } = this.#parts();
    if (text.value === '') text.value = drafts.load(this.#surface);
    else drafts.save(this.#surface, text.value);
    text.addEventListener('input', () => drafts.save(this.#surface, text.value));
    text.addEventListener('keydown', (event) => {
      // 229: the Enter that ends an input method's composition, as Safari reports it.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      form.requestSubmit();
    });
    this.addEventListener('files-refused', (event) => this.#showProblem((event as CustomEvent<string>).detail));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    });
  }

  /** Puts a suggestion into the box; the person sends it. */
  fill(value: string): void {
    const { text } = this.#parts();
    text.value = value;
    text.dispatchEvent(new Event('input', { bubbles: true }));
    text.focus();
    text.setSelectionRange(value.length, value.length);
    text.scrollIntoView({ block: 'nearest' });
  }

  chooseModel(): void {
    const { model } = this.#parts();
    model.focus();
    model.showPicker?.();
  }

  get #surface(): string {
    return this.dataset.surface!;
  }

  #parts() {
    return {
      form: this.querySelector('form')!,
      text: this.querySelector('textarea')!,
      model: this.querySelector('select')!,
      button: this.querySelector<HTMLButtonElement>('button.primary')!,
      attached: this.querySelector<AttachedFiles>('attached-files')!,
    };
  }

  async #send(): Promise<void> {
    const { form, text, model, button, attached } = this.#parts();
    const sent = text.value.trim();
    const { files } = attached;
    if (this.#sending || sent === '') return text.focus();
    this.#sending = true;
    button.ariaDisabled = 'true';
    this.#showProblem('');
    const body = bodyOf({ [text.name]: sent, model: model.value }, files);
    const answer = await send<Created>('POST', new URL(form.action).pathname, body);
    this.#sending = false;
    button.ariaDisabled = null;
    if (answer.state === 'ok') this.#accepted(sent, files, answer.body);
    else if (answer.state === 'refused' && answer.status === 401) goToLogin();
    else this.#showProblem(answer.message);
  }

  #accepted(sent: string, files: readonly File[], body: Created): void {
    drafts.settle(this.#surface, sent);
    if (body.project) return location.assign(`/projects/${body.project.slug}`);
    const { text, attached } = this.#parts();
    // What was typed and attached while the answer was on its way is the next message.
    text.value = drafts.load(this.#surface);
    attached.settle(files);
    this.dispatchEvent(new CustomEvent('prompt-sent', { bubbles: true }));
  }

  #showProblem(message: string): void {
    const place = this.querySelector<HTMLElement>('[data-problem]')!;
    place.replaceChildren();
    if (message === '') return;
    const note = this.querySelector<HTMLTemplateElement>('[data-problem-template]')!.content.cloneNode(true) as DocumentFragment;
    note.querySelector('.note-text')!.textContent = message;
    place.append(note);
  }
}

/** JSON, or a form when there are files. */
function bodyOf(fields: Record<string, string>, files: readonly File[]): Record<string, string> | FormData {
  if (files.length === 0) return fields;
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of files) form.append('attachments', file);
  return form;
}

customElements.define('prompt-box', PromptBox);

/** Chips and suggestions, wherever they are: they fill their box and never send. */
document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : undefined;
  const filler = target?.closest<HTMLElement>('[data-fill]');
  const boxes = [...document.querySelectorAll<PromptBox>('prompt-box')];
  if (filler) {
    event.preventDefault();
    boxes.find((box) => box.dataset.surface === filler.dataset.fillSurface)?.fill(filler.dataset.fill!);
  }
  if (target?.closest('[data-choose-model]')) boxes[0]?.chooseModel();
});
