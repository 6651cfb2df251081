import './code-editor.ts';
import { codeAddress } from '../components/files/code-view.ts';
import { draftSurface } from './code-editor.ts';
import { deleteFile, renameFile, saveFile } from './code-files.ts';
import { createDrafts } from './drafts.ts';
import type { PanelView } from './panel-view.ts';

const drafts = createDrafts(() => localStorage);

/** What the Code tab does beside the editor: making, renaming and deleting files, and arrow keys in the tree. */
export function wireCodePanel(panel: PanelView, projectId: string, slug: string): void {
  const open = (file?: string) => panel.open(new URL(codeAddress(slug, { file }), location.href).search);

  panel.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (form.matches('[data-new-file]')) {
      event.preventDefault();
      void makeFile(form, projectId, open);
    } else if (form.matches('[data-rename-file]')) {
      event.preventDefault();
      if (form.ariaBusy !== 'true') void rename(panel, form, projectId, open);
    } else if (form.matches('[data-delete-file]')) {
      event.preventDefault();
      form.closest<HTMLElement>('[popover]')?.hidePopover();
      void remove(panel, projectId, open);
    }
  });
  panel.addEventListener('keydown', (event) => moveInTree(event));
  panel.addEventListener('panel-shown', () => revealCurrent(panel));
}

async function makeFile(form: HTMLFormElement, projectId: string, open: (path: string) => Promise<void>): Promise<void> {
  const field = form.querySelector<HTMLInputElement>('[name=path]')!;
  const path = field.value.trim().replace(/^\/+/, '');
  const made = await saveFile(projectId, path, '', null);
  const problem = form.querySelector('[data-problem]')!;
  problem.textContent =
    made.state === 'changed' ? 'There is a file of that name already. Choose another.' : made.state === 'failed' ? made.message : '';
  if (made.state !== 'saved') return field.focus();
  field.value = '';
  form.closest('details')!.open = false;
  await open(path);
}

/** Until the answer is there, the panel may have been fetched again, and the form and the file's old name be gone. */
async function rename(panel: PanelView, form: HTMLFormElement, projectId: string, open: (path: string) => Promise<void>): Promise<void> {
  const before = panel.querySelector<HTMLElement>('code-editor')!.dataset.path!;
  const path = form.querySelector<HTMLInputElement>('[name=path]')!.value.trim();
  form.ariaBusy = 'true';
  const outcome = await renameFile(projectId, before, path);
  form.ariaBusy = null;
  form.querySelector('[data-problem]')!.textContent = outcome.state === 'failed' ? outcome.message : '';
  if (outcome.state === 'failed') return;
  form.closest<HTMLElement>('[popover]')?.hidePopover();
  // What was typed and not saved goes where the file goes.
  drafts.save(draftSurface(projectId, path), drafts.load(draftSurface(projectId, before)));
  drafts.save(draftSurface(projectId, before), '');
  await open(path);
}

async function remove(panel: PanelView, projectId: string, open: (path?: string) => Promise<void>): Promise<void> {
  const path = panel.querySelector<HTMLElement>('code-editor')!.dataset.path!;
  const outcome = await deleteFile(projectId, path);
  if (outcome.state === 'failed') return say(panel, outcome.message);
  drafts.save(draftSurface(projectId, path), '');
  await open();
  const { bringBack } = outcome;
  if (!bringBack) return say(panel, `Deleted ${path}. It is kept in the history.`);
  say(panel, `Deleted ${path}.`, async () => {
    if (await bringBack()) {
      say(panel, '');
      await open(path);
    } else say(panel, `${path} could not be brought back here. It is kept in the history.`);
  });
}

function say(panel: PanelView, words: string, undo?: () => Promise<void>): void {
  const place = panel.querySelector('[data-files-message]');
  if (!place) return;
  place.replaceChildren(words);
  if (!undo) return;
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button bare', textContent: 'Undo' });
  button.addEventListener('click', () => void undo());
  place.append(button);
  button.focus();
}

/** Up and down go through what is in sight; right and left open and close a folder, or go to the one above. */
function moveInTree(event: KeyboardEvent): void {
  const tree = (event.target as Element).closest('[data-file-tree]');
  const here = (event.target as Element).closest<HTMLElement>('summary, a.file');
  if (!tree || !here || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...tree.querySelectorAll<HTMLElement>('summary, a.file')].filter((row) => row.checkVisibility());
  const at = rows.indexOf(here);
  const folder = here.tagName === 'SUMMARY' ? (here.parentElement as HTMLDetailsElement) : undefined;
  const above = (folder ?? here).parentElement?.closest('details')?.querySelector<HTMLElement>(':scope > summary');
  const moves: Record<string, () => void> = {
    ArrowDown: () => rows[at + 1]?.focus(),
    ArrowUp: () => rows[at - 1]?.focus(),
    Home: () => rows[0]?.focus(),
    End: () => rows.at(-1)?.focus(),
    ArrowRight: () => (folder && !folder.open ? (folder.open = true) : folder && rows[at + 1]?.focus()),
    ArrowLeft: () => (folder?.open ? (folder.open = false) : above?.focus()),
  };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  move();
}

function revealCurrent(panel: PanelView): void {
  const current = panel.querySelector('[data-file-tree] [aria-current]');
  for (let fold = current?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true;
}
