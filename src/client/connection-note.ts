import { onConnection } from './events.ts';
import { send } from './request.ts';

const PATIENCE_MS = 2_500;

/** Says so when the page has stopped being live, and why; takes it back when it is live again. */
export function watchConnection(): void {
  const note = Object.assign(document.createElement('p'), { className: 'connection-note', role: 'status', hidden: true });
  document.body.append(note);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onConnection((connection) => {
    clearTimeout(timer);
    if (connection === 'open') note.hidden = true;
    else timer = setTimeout(() => void explain(note, connection), PATIENCE_MS);
  });
}

async function explain(note: HTMLElement, connection: 'broken' | 'refused'): Promise<void> {
  const answer = connection === 'refused' ? await send('GET', '/api/session') : undefined;
  if (answer?.state === 'refused' && answer.status === 401) {
    const next = encodeURIComponent(location.pathname + location.search);
    const link = Object.assign(document.createElement('a'), { href: `/login?next=${next}`, textContent: 'Sign in' });
    note.replaceChildren('You are signed out. What you typed is kept. ', link);
  } else if (answer?.state === 'ok') {
    note.textContent = 'This page is not live: too many tabs are open. Close one.';
  } else {
    note.textContent = 'Connection lost. Reconnecting…';
  }
  note.hidden = false;
}
