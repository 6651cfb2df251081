import { leaveFor } from './leave.ts';
import { goToLogin, send } from './request.ts';
import type { Answer } from './request.ts';

/**
 * A form that posts to our API without leaving the page. Without scripts the form posts as it is.
 *
 * `data-then`: a path to go to, `close` for the dialog around it, `stay` in an open popover, or nothing (what changed arrives by
 * events).
 * A button's own `formaction` counts. A refusal is shown in `[data-problem]`, and beside the fields that the server names; nothing typed is lost.
 */
class ApiForm extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('submit', this.#onSubmit);
  }

  disconnectedCallback(): void {
    this.removeEventListener('submit', this.#onSubmit);
  }

  #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    if (form.ariaBusy !== 'true') void this.#send(form, event.submitter);
  };

  async #send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    const data = new FormData(form, submitter);
    const body = form.enctype === 'multipart/form-data' ? data : nested(Object.fromEntries(data) as Record<string, string>);
    const action = new URL(submitter?.hasAttribute('formaction') ? (submitter as HTMLButtonElement).formAction : form.action);
    this.#show(form, undefined);
    form.ariaBusy = 'true';
    if (submitter) submitter.ariaDisabled = 'true';
    const answer = await send(action.searchParams.get('_method') ?? 'POST', action.pathname, body);
    const leaving = answer.state === 'ok' && this.#finish(form, answer);
    if (leaving) return;
    form.ariaBusy = null;
    if (submitter) submitter.ariaDisabled = null;
    if (answer.state === 'ok') return;
    // On the login form itself a 401 is about the password.
    if (answer.state === 'refused' && answer.code === 'unauthenticated') goToLogin();
    else this.#show(form, answer);
  }

  #finish(form: HTMLFormElement, answer: Answer): boolean {
    const then = this.dataset.then;
    this.dispatchEvent(new CustomEvent('api-form-done', { bubbles: true, detail: answer }));
    if (then !== 'stay') form.closest<HTMLElement>('[popover]')?.hidePopover();
    if (then === 'close') form.closest('dialog')?.close();
    if (!then?.startsWith('/')) return false;
    leaveFor(then);
    return true;
  }

  #show(form: HTMLFormElement, answer: Exclude<Answer, { state: 'ok' }> | undefined): void {
    const issues = answer?.state === 'refused' ? answer.issues : [];
    for (const field of form.querySelectorAll<HTMLInputElement>('input:not([type=hidden]), select, textarea')) {
      const issue = issues.find(({ path }) => path === field.name);
      field.toggleAttribute('aria-invalid', false);
      field.parentElement?.querySelector(':scope > .issue')?.remove();
      if (!issue) continue;
      field.setAttribute('aria-invalid', 'true');
      field.insertAdjacentElement(
        'afterend',
        Object.assign(document.createElement('p'), { className: 'issue', textContent: issue.message }),
      );
    }
    const box = form.querySelector('[data-problem]');
    if (!box) return;
    const named = issues.length > 0 && issues.every(({ path }) => form.elements.namedItem(path));
    box.textContent = answer && !named ? answer.message : '';
    if ('problemBox' in (box as HTMLElement).dataset) box.classList.toggle('note', box.textContent !== '');
    box.classList.toggle('bad', box.textContent !== '');
    form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }
}

/** `{ 'llm.baseUrl': x }` is `{ llm: { baseUrl: x } }`, as the API has it. */
function nested(fields: Record<string, string>): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const [outer, inner] = name.split('.') as [string, string | undefined];
    if (inner === undefined) body[outer] = value;
    else body[outer] = { ...(body[outer] as object | undefined), [inner]: value };
  }
  return body;
}

customElements.define('api-form', ApiForm);
