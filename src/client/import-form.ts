import { goToLogin } from './request.ts';

const LARGEST_BYTES = 10 * 1024 * 1024;

interface Answered {
  project?: { slug: string };
  error?: { message?: string };
}

/** The dialog that imports a site: says which file was chosen, shows how far it is, and what was refused, in place. */
class ImportForm extends HTMLElement {
  #sending: XMLHttpRequest | undefined;

  connectedCallback(): void {
    const { form, file, url, drop, cancel } = this.#parts();
    file.addEventListener('change', () => this.#chosen());
    url.addEventListener('input', () => {
      if (url.value.trim() === '' || file.value === '') return;
      file.value = '';
      this.#chosen();
    });
    for (const name of ['dragenter', 'dragover']) drop.addEventListener(name, () => (drop.dataset.over = ''));
    for (const name of ['dragleave', 'drop']) drop.addEventListener(name, () => delete drop.dataset.over);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    cancel.addEventListener('click', (event) => {
      event.preventDefault();
      this.#dialog.close();
    });
    this.#dialog.addEventListener('close', () => this.#sending?.abort());
    if (this.#dialog.open) this.open();
  }

  open(): void {
    this.#dialog.close();
    this.#dialog.showModal();
  }

  get #dialog(): HTMLDialogElement {
    return this.closest('dialog')!;
  }

  #parts() {
    const part = <T extends HTMLElement>(selector: string) => this.querySelector<T>(selector)!;
    return {
      form: part<HTMLFormElement>('form'),
      file: part<HTMLInputElement>('[name=file]'),
      url: part<HTMLInputElement>('[name=gitUrl]'),
      drop: part('[data-drop]'),
      fileName: part('[data-file-name]'),
      cancel: part('[data-cancel]'),
      submit: part<HTMLButtonElement>('[type=submit]'),
      underWay: part('[data-under-way]'),
      progress: part<HTMLProgressElement>('[data-progress]'),
      words: part('[data-words]'),
      problem: part('[data-problem]'),
    };
  }

  #chosen(): void {
    const { file, url, fileName } = this.#parts();
    const chosen = file.files?.[0];
    fileName.textContent = chosen?.name ?? 'Drop a ZIP here, or choose one';
    if (chosen) url.value = '';
    this.#refuse('');
  }

  #submit(): void {
    const { file, url } = this.#parts();
    const chosen = file.files?.[0];
    const gitUrl = url.value.trim();
    if (this.#sending) return;
    if (chosen && chosen.size > LARGEST_BYTES)
      return this.#refuse('That ZIP is larger than 10 MiB. Leave large files out, or import from a git address.');
    if (chosen) return this.#send(`filename=${encodeURIComponent(chosen.name)}`, 'application/zip', chosen, 'Sending the file');
    if (gitUrl === '') return this.#refuse('Choose a ZIP, or give the address of a repository.');
    this.#send('', 'application/json', JSON.stringify({ gitUrl }), 'Looking for the repository');
  }

  #send(query: string, type: string, body: XMLHttpRequestBodyInit, doing: string): void {
    const { progress, words } = this.#parts();
    const request = new XMLHttpRequest();
    this.#sending = request;
    this.#refuse('');
    this.#show(true);
    progress.removeAttribute('value');
    words.textContent = doing;
    if (type === 'application/zip')
      request.upload.addEventListener('progress', ({ loaded, total, lengthComputable }) => {
        if (lengthComputable) progress.value = loaded / total;
        if (loaded === total) words.textContent = 'Looking into the file';
      });
    request.addEventListener('loadend', () => this.#ended(request));
    request.open('POST', `/api/projects/import?${query}`);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('content-type', type);
    request.send(body);
  }

  #ended(request: XMLHttpRequest): void {
    this.#sending = undefined;
    const { project, error } = parse(request.responseText);
    if (request.status === 401) return goToLogin();
    if (project) return location.assign(`/projects/${project.slug}`);
    this.#show(false);
    if (!this.#dialog.open) return;
    const unreachable = 'doce did not answer. Check that it is running, then try again.';
    this.#refuse(
      error?.message ?? (request.status === 0 ? unreachable : `The server answered with an error (${request.status}). Try again.`),
    );
  }

  #show(isUnderWay: boolean): void {
    const { underWay, submit } = this.#parts();
    underWay.hidden = !isUnderWay;
    submit.ariaDisabled = isUnderWay ? 'true' : null;
  }

  #refuse(message: string): void {
    const { problem } = this.#parts();
    problem.textContent = message;
    problem.classList.toggle('note', message !== '');
    problem.classList.toggle('bad', message !== '');
  }
}

function parse(text: string): Answered {
  try {
    return JSON.parse(text) as Answered;
  } catch {
    return {};
  }
}

customElements.define('import-form', ImportForm);

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('[data-import-open]') : null;
  const form = link && document.querySelector<ImportForm>('import-form');
  if (!form) return;
  event.preventDefault();
  form.open();
});
