import { goToLogin, send } from './request.ts';
import { fetchFragment } from './live-fragment.ts';

/** What happens to many jobs is counted and confirmed in a dialog; without scripts the same stands on a page of its own. */
async function openConfirmation(link: HTMLAnchorElement, dialog: HTMLDialogElement): Promise<void> {
  const body = dialog.querySelector('[data-confirm-body]')!;
  link.closest<HTMLElement>('[popover]')?.hidePopover();
  body.replaceChildren(Object.assign(document.createElement('p'), { className: 'quiet', textContent: 'Counting…' }));
  dialog.showModal();
  const html = await fetchFragment(`/fragments/queue/confirm${link.search}`);
  if (!dialog.open) return;
  if (html === undefined) return location.assign(link.href);
  body.innerHTML = html;
  dialog.setAttribute('aria-label', body.querySelector('h2')?.textContent?.trim() ?? 'Confirm');
  body.querySelector<HTMLElement>('[data-keep]')?.focus();
}

async function startBulk(form: HTMLFormElement, dialog: HTMLDialogElement): Promise<void> {
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  const answer = await send<{ bulk: { id: string } }>('POST', '/api/queue/bulk', Object.fromEntries(new FormData(form)));
  form.ariaBusy = null;
  if (answer.state === 'ok') {
    dialog.close();
    document.dispatchEvent(new CustomEvent('bulk-started', { detail: answer.body.bulk.id }));
  } else if (answer.state === 'refused' && answer.code === 'unauthenticated') goToLogin();
  else form.querySelector('[data-problem]')!.textContent = answer.message;
}

export function wireConfirmations(): void {
  const dialog = document.querySelector<HTMLDialogElement>('[data-confirm-dialog]');
  if (!dialog) return;
  document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element) || event.defaultPrevented || (event as MouseEvent).ctrlKey || (event as MouseEvent).metaKey)
      return;
    const link = event.target.closest<HTMLAnchorElement>('a[data-confirm]');
    if (link) {
      event.preventDefault();
      void openConfirmation(link, dialog);
    } else if (dialog.open && event.target.closest('[data-keep]')) {
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.addEventListener('submit', (event) => {
    event.preventDefault();
    void startBulk(event.target as HTMLFormElement, dialog);
  });
}
