import { size } from '../components/format.ts';
import { addFiles } from './attach-limits.ts';

/**
 * The files that go with a prompt, each with its size and a button that takes it back. They come from the form's file field, from
 * pasting and from dropping onto the prompt box; the field holds them all, so the form sends them with or without this script.
 * What is refused is told by an event, `files-refused`.
 */
export class AttachedFiles extends HTMLElement {
  #files: File[] = [];

  connectedCallback(): void {
    const field = this.#field;
    this.#files = [...(field.files ?? [])];
    this.#show();
    field.addEventListener('change', () => this.#add([...(field.files ?? [])]));
    const box = this.closest<HTMLElement>('prompt-box')!;
    box.addEventListener('paste', (event) => this.#onPaste(event));
    box.addEventListener('dragover', (event) => this.#onDragOver(event, box));
    box.addEventListener('dragleave', (event) => {
      if (!box.contains(event.relatedTarget as Node | null)) delete box.dataset.over;
    });
    box.addEventListener('drop', (event) => this.#onDrop(event, box));
  }

  get files(): readonly File[] {
    return this.#files;
  }

  /** The server has these; what was added meanwhile stays. */
  settle(sent: readonly File[]): void {
    this.#set(this.#files.filter((file) => !sent.includes(file)));
  }

  get #field(): HTMLInputElement {
    return this.closest('form')!.querySelector<HTMLInputElement>('input[type=file]')!;
  }

  #onPaste(event: ClipboardEvent): void {
    const pasted = event.clipboardData;
    if (!pasted || pasted.files.length === 0) return;
    // Cells of a table and words of a document come as text with a picture of themselves.
    if (pasted.types.includes('text/plain') && pasted.types.includes('text/html')) return;
    event.preventDefault();
    this.#add([...pasted.files]);
  }

  #onDragOver(event: DragEvent, box: HTMLElement): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    box.dataset.over = '';
  }

  #onDrop(event: DragEvent, box: HTMLElement): void {
    delete box.dataset.over;
    const dropped = event.dataTransfer;
    if (!dropped || !dropped.types.includes('Files')) return;
    event.preventDefault();
    const isFolder = [...dropped.items].some((item) => item.webkitGetAsEntry()?.isDirectory);
    if (isFolder) this.#refuse('A folder cannot be attached. Choose the files in it.');
    else this.#add([...dropped.files]);
  }

  #add(added: readonly File[]): void {
    const { files, refused } = addFiles(this.#files, added);
    this.#set(files);
    this.#refuse(refused);
  }

  #refuse(message: string): void {
    this.dispatchEvent(new CustomEvent('files-refused', { bubbles: true, detail: message }));
  }

  #set(files: readonly File[]): void {
    this.#files = [...files];
    const held = new DataTransfer();
    for (const file of files) held.items.add(file);
    this.#field.files = held.files;
    this.#show();
  }

  #show(): void {
    const list = this.querySelector('ul')!;
    list.replaceChildren(...this.#files.map((file) => this.#chipOf(file)));
    list.hidden = this.#files.length === 0;
  }

  #chipOf(file: File): Node {
    const chip = this.querySelector('template')!.content.firstElementChild!.cloneNode(true) as HTMLElement;
    chip.querySelector('.name')!.textContent = file.name;
    chip.querySelector('.size')!.textContent = size(file.size);
    const remove = chip.querySelector('button')!;
    remove.ariaLabel = `Remove ${file.name}`;
    remove.addEventListener('click', () => this.#remove(file));
    return chip;
  }

  #remove(file: File): void {
    const at = this.#files.indexOf(file);
    this.#set(this.#files.filter((other) => other !== file));
    this.#refuse('');
    const buttons = this.querySelectorAll<HTMLButtonElement>('ul button');
    (buttons[Math.min(at, buttons.length - 1)] ?? this.#field).focus();
  }
}

customElements.define('attached-files', AttachedFiles);

/** A file that is dropped beside the box would replace the page, and what was typed and attached with it. */
document.addEventListener('dragover', (event) => {
  const isTaken = event.defaultPrevented || (event.target as Element).closest('input[type=file]');
  if (isTaken || !event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'none';
});
