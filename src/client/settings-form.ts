import './api-form.ts';
import { morphInto } from './morph.ts';
import { goToLogin, send } from './request.ts';
import type { Answer } from './request.ts';

interface ProviderTest {
  ok: boolean;
  message: string;
  /** In the provider's own words. */
  providerMessage?: string;
}

const SAID_MS = 4_000;

/**
 * After a saved form: says so, and shows the page as the server has it (the new key's last four, other models). A new key has
 * been tried by then: the provider's own words are shown.
 */
async function afterSaving(form: Element, test: ProviderTest | undefined): Promise<void> {
  const said = form.querySelector('[data-said]');
  const page = await fetch(location.pathname, { headers: { accept: 'text/html' } }).catch(() => undefined);
  const place = document.querySelector('[data-settings]')!;
  if (page?.ok && !page.redirected) {
    const fresh = new DOMParser().parseFromString(await page.text(), 'text/html').querySelector('[data-settings]');
    if (fresh) morphInto(place, fresh.innerHTML);
  }
  if (test) showTest(test);
  if (!said) return;
  said.textContent = 'Saved';
  setTimeout(() => (said.textContent = ''), SAID_MS);
}

async function testProvider(button: HTMLElement): Promise<void> {
  if (button.ariaDisabled === 'true') return;
  const fields = new FormData(button.closest('form')!);
  const given = { baseUrl: fields.get('llm.baseUrl') ?? undefined, apiKey: fields.get('llm.apiKey') || undefined };
  button.ariaDisabled = 'true';
  show('', 'Asking the provider…');
  const answer = await send<ProviderTest>('POST', '/api/settings/test', given);
  button.ariaDisabled = null;
  if (answer.state === 'refused' && answer.code === 'unauthenticated') goToLogin();
  else if (answer.state !== 'ok') show('bad', answer.message);
  else showTest(answer.body);
}

function showTest({ ok, message, providerMessage }: ProviderTest): void {
  if (ok) show('good', message);
  else show('bad', message, providerMessage);
}

function show(tone: 'good' | 'bad' | '', message: string, words?: string): void {
  const note = Object.assign(document.createElement('div'), { className: `note ${tone}` });
  note.append(Object.assign(document.createElement('p'), { textContent: message }));
  if (words) note.append(Object.assign(document.createElement('blockquote'), { textContent: words }));
  document.querySelector('[data-test-answer]')!.replaceChildren(note);
}

document.addEventListener('api-form-done', (event) => {
  const form = event.target instanceof Element && event.target.matches('[data-keeps-place]') ? event.target : undefined;
  const answer = (event as CustomEvent<Answer<{ test?: ProviderTest }>>).detail;
  if (form) void afterSaving(form, answer.state === 'ok' ? answer.body.test : undefined);
});
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-test-provider]') : null;
  if (button) void testProvider(button);
});
