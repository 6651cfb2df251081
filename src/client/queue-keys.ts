/** `/` goes to the search; arrows (or j and k) go from job to job within the table. */
export function wireQueueKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === '/') {
      event.preventDefault();
      document.querySelector<HTMLInputElement>('input[name=q]')?.select();
    }
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step !== undefined && moveBy(step)) event.preventDefault();
  });
}

function moveBy(step: number): boolean {
  const links = [...document.querySelectorAll<HTMLElement>('[data-rows] a.type')];
  const at = links.findIndex((link) => link.closest('tr')!.contains(document.activeElement));
  if (at < 0) return false;
  links[at + step]?.focus();
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select, dialog *'));
}
