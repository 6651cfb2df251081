import { send } from './request.ts';

/** Well below the time for which the server keeps a spare that nobody asks for. */
const ASK_EVERY_MS = 20_000;

/**
 * Tells the server that somebody has begun to type, so that it makes a site ready meanwhile; again now and then while they
 * go on. What comes of it is the server's affair: without an answer, creating just takes longer.
 */
export function askForSpareWhileTyping(text: HTMLTextAreaElement): void {
  let askedAtMs = -Infinity;
  const ask = () => {
    if (text.value.trim() === '' || performance.now() - askedAtMs < ASK_EVERY_MS) return;
    askedAtMs = performance.now();
    void send('POST', '/api/projects/spare');
  };
  text.addEventListener('input', ask);
  // A draft that was kept, or an example from a link.
  ask();
}
