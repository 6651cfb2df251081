import { onConnection } from './events.ts';

const PATIENCE_MS = 2_500;

/** Says so when the page has stopped being live, and takes it back when it is again. */
export function watchConnection(): void {
  const note = Object.assign(document.createElement('p'), { className: 'connection-note', role: 'status', hidden: true });
  note.textContent = 'Connection lost. Reconnecting…';
  document.body.append(note);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onConnection((connected) => {
    clearTimeout(timer);
    if (connected) note.hidden = true;
    else timer = setTimeout(() => (note.hidden = false), PATIENCE_MS);
  }, new AbortController().signal);
}
