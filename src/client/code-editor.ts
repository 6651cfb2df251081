import { EDITABLE_BYTES } from '../components/files/code-view.ts';
import { size } from '../components/format.ts';
import { parseDraft, reconcile, resume } from './code-document.ts';
import type { StoredText } from './code-document.ts';
import { openFile, saveFile } from './code-files.ts';
import { createCodeView } from './code-mirror.ts';
import type { CodeView } from './code-mirror.ts';
import { createDrafts } from './drafts.ts';
import { onEvent } from './events.ts';

const drafts = createDrafts(() => localStorage);
const LOOK_AGAIN_MS = 600;

export const draftSurface = (projectId: string, path: string) => `file:${projectId}:${path}`;

interface OpenDocument {
  path: string;
  /** What the text was typed over; the hash is null once the file is gone. */
  base: { hash: string | null; text: string };
  /** What somebody else has put there, while a person decides. */
  theirs: StoredText | undefined;
  isConflict: boolean;
}

/**
 * One file in an editor. `data-path` says which. Typed text is kept until it is saved; a change underneath is taken over when
 * nothing was typed and put to the person otherwise, never written over.
 */
class CodeEditor extends HTMLElement {
  static observedAttributes = ['data-path', 'data-line'];
  #view: CodeView | undefined;
  #document: OpenDocument | undefined;
  #events: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #opening = 0;
  #isSaving = false;
  #wasGone = false;

  connectedCallback(): void {
    const { signal } = (this.#events = new AbortController());
    for (const name of ['files.changed', 'turn.part', 'version.recorded', 'sync'] as const) onEvent(name, () => this.#lookSoon(), signal);
    this.addEventListener('click', (event) => this.#clicked(event.target as Element), { signal });
    void this.#open();
  }

  disconnectedCallback(): void {
    this.#events?.abort();
    clearTimeout(this.#timer);
    this.#view?.destroy();
    this.#view = undefined;
    this.#document = undefined;
  }

  attributeChangedCallback(name: string): void {
    if (!this.isConnected || !this.#view) return;
    if (name === 'data-line' && this.#document?.path === this.#path) return this.#goToLine();
    if (this.#document?.path !== this.#path) void this.#open();
  }

  get #path(): string {
    return this.dataset.path!;
  }

  get #surface(): string {
    return draftSurface(this.dataset.project!, this.#document?.path ?? this.#path);
  }

  #part<T extends HTMLElement>(name: string): T {
    return this.querySelector<T>(`[data-${name}]`)!;
  }

  async #open(): Promise<void> {
    const [opening, path] = [++this.#opening, this.#path];
    this.#document = undefined;
    this.#showConflict(undefined);
    this.#say('Opening…');
    const opened = await openFile(this.dataset.project!, path, EDITABLE_BYTES);
    if (opening !== this.#opening || !this.isConnected) return;
    if (opened.state !== 'text') return this.#showInstead(opened);
    const { file } = opened;
    const { text, state } = resume(file, parseDraft(drafts.load(draftSurface(this.dataset.project!, path))));
    this.#document = { path, base: file, theirs: undefined, isConflict: false };
    this.#part('mount').toggleAttribute('data-live', true);
    this.#view ??= createCodeView(this.#part('mount'), { onEdit: () => this.#edited(), onSave: () => void this.#save() });
    this.#view.open(path, text);
    this.#goToLine();
    if (state === 'conflict') this.#askAbout(file);
    this.#showState();
  }

  #goToLine(): void {
    const line = Number(this.dataset.line);
    if (line > 0) this.#view?.goTo(line);
  }

  #showInstead(opened: Exclude<Awaited<ReturnType<typeof openFile>>, { state: 'text' }>): void {
    this.#view?.destroy();
    this.#view = undefined;
    this.#part('mount').toggleAttribute('data-live', false);
    this.#part('mount').shadowRoot?.replaceChildren();
    this.#part<HTMLButtonElement>('save').hidden = true;
    if (opened.state === 'binary') this.#say(`This is not text (${size(opened.sizeBytes)}). Download it from the menu to look at it.`);
    else if (opened.state === 'large') this.#say(`This is too large to edit here (${size(opened.sizeBytes)}). Download it from the menu.`);
    else this.#say(opened.message);
  }

  #edited(): void {
    const open = this.#document;
    if (!open || !this.#view) return;
    const text = this.#view.text();
    drafts.save(this.#surface, text === open.base.text ? '' : JSON.stringify({ baseHash: open.base.hash ?? '', text }));
    this.#showState();
  }

  #showState(words?: string): void {
    const open = this.#document;
    if (!open || !this.#view) return;
    const isEdited = this.#view.text() !== open.base.text || open.base.hash === null;
    const save = this.#part<HTMLButtonElement>('save');
    save.hidden = false;
    save.ariaDisabled = isEdited && !open.isConflict ? null : 'true';
    this.#say(words ?? (isEdited ? 'Not saved yet. Kept in this browser.' : 'Saved'));
  }

  #say(words: string): void {
    const state = this.#part('state');
    if (state.textContent !== words) state.textContent = words;
  }

  async #save(): Promise<void> {
    const [open, view] = [this.#document, this.#view];
    if (!open || !view || this.#isSaving || open.isConflict) return;
    const text = view.text();
    if (text === open.base.text && open.base.hash !== null) return this.#showState('Nothing to save.');
    this.#isSaving = true;
    this.#say('Saving…');
    const saved = await saveFile(this.dataset.project!, open.path, text, open.base.hash);
    this.#isSaving = false;
    if (saved.state === 'saved') {
      open.base = { hash: saved.hash, text };
      await view.compare(undefined);
      if (this.#document === open) this.#edited();
      else drafts.settle(draftSurface(this.dataset.project!, open.path), '');
    } else if (this.#document !== open) return;
    else if (saved.state === 'changed') this.#askAbout(saved.theirs);
    else this.#say(saved.message);
  }

  #lookSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), LOOK_AGAIN_MS);
  }

  /** Whether somebody else has written the file. */
  async #look(): Promise<void> {
    const open = this.#document;
    if (this.#isSaving || !open) return;
    const now = await openFile(this.dataset.project!, open.path, EDITABLE_BYTES);
    if (this.#document !== open || this.#isSaving || !this.#view || now.state === 'failed') return;
    // Gone at the first look, it may have been renamed or deleted right here, and the panel is about to show that.
    const isNews = now.state === 'gone' && !this.#wasGone;
    this.#wasGone = now.state === 'gone';
    if (isNews) return this.#lookSoon();
    const theirs = now.state === 'text' ? now.file : undefined;
    if (open.base.hash === null && !theirs) return;
    const outcome = reconcile({ hash: open.base.hash ?? '', text: open.base.text }, this.#view.text(), theirs);
    if (outcome === 'conflict' && theirs?.hash !== open.theirs?.hash) this.#askAbout(theirs);
    else if (outcome === 'conflict' && !open.isConflict) this.#askAbout(theirs);
    else if (outcome === 'settled' || outcome === 'take') this.#take(theirs!, 'Changed a moment ago. This is how it is now.');
  }

  #take(theirs: StoredText, words?: string): void {
    const [open, view] = [this.#document, this.#view];
    if (!open || !view) return;
    open.base = theirs;
    this.#showConflict(undefined);
    void view.compare(undefined);
    if (view.text() !== theirs.text) view.replace(theirs.text);
    this.#edited();
    this.#showState(words);
  }

  #askAbout(theirs: StoredText | undefined): void {
    const open = this.#document;
    if (!open) return;
    open.theirs = theirs;
    open.isConflict = true;
    this.#showConflict(
      theirs
        ? 'This file has changed since you began to edit it. Your text is kept here and nothing was written over.'
        : 'This file is gone. Your text is kept here; keep it, and saving makes the file again.',
    );
    this.#showState('Waiting for your choice.');
  }

  #showConflict(words: string | undefined): void {
    this.#part('conflict').hidden = words === undefined;
    this.#part('conflict-words').textContent = words ?? '';
    for (const name of ['theirs', 'both']) {
      this.querySelector<HTMLElement>(`[data-choose=${name}]`)!.hidden = words !== undefined && !this.#document?.theirs;
    }
    if (words === undefined && this.#document) this.#document.isConflict = false;
  }

  #clicked(target: Element): void {
    if (target.closest('[data-save]')) return void this.#save();
    const choice = target.closest<HTMLElement>('[data-choose]')?.dataset.choose;
    const open = this.#document;
    if (!choice || !open) return;
    const { theirs } = open;
    if (choice === 'theirs' && theirs) return this.#take(theirs, 'Theirs was taken. Undo in the editor brings your text back.');
    open.base = theirs ?? { hash: null, text: '' };
    this.#showConflict(undefined);
    if (choice === 'both' && theirs) void this.#view?.compare(theirs.text);
    this.#edited();
    this.#showState(choice === 'both' ? 'Both are shown. Choose line by line, then save.' : 'Yours is kept. Save to put it there.');
    this.#view?.focus();
  }
}

customElements.define('code-editor', CodeEditor);
