import { Idiomorph } from 'idiomorph';

/** Attributes that belong to the browser once the page is there: what is open, and where the preview has gone. */
function browserOwns(element: Element, attribute: string): boolean {
  if (attribute === 'open') return element instanceof HTMLDetailsElement || element instanceof HTMLDialogElement;
  return attribute === 'src' && element instanceof HTMLIFrameElement;
}

/** Makes `target`'s children equal to `html`, moving as little as possible: focus, selection, open folds and typed text stay. */
export function morphInto(target: Element, html: string): void {
  Idiomorph.morph(target, html, {
    morphStyle: 'innerHTML',
    callbacks: {
      beforeAttributeUpdated: (attribute: string, element: Element) => !browserOwns(element, attribute),
      beforeNodeMorphed: (oldNode: Node, newNode: Node) => !keepsStream(oldNode, newNode) && !keepsField(oldNode) && !isOwn(oldNode),
    },
  });
}

/** What is inside was made by the page itself, and the server knows nothing of it. */
const isOwn = (node: Node) => node instanceof HTMLElement && 'own' in node.dataset;

/** Text that is still streaming in is at least as new as a snapshot of it, as long as it is the longer one. */
function keepsStream(oldNode: Node, newNode: Node): boolean {
  if (!(oldNode instanceof HTMLElement) || !(newNode instanceof HTMLElement) || !oldNode.id.startsWith('part-')) return false;
  if ('complete' in newNode.dataset || 'complete' in oldNode.dataset) return false;
  const streamed = (element: HTMLElement) => element.querySelector('.streamed')?.textContent.length ?? -1;
  return streamed(newNode) >= 0 && streamed(oldNode) >= streamed(newNode);
}

/**
 * What a person is typing into, or has typed into an open dialog or menu, is theirs. Idiomorph's own `ignoreActiveValue` would also
 * leave the words of a focused button old.
 */
function keepsField(node: Node): boolean {
  if (!(node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement || node instanceof HTMLSelectElement)) return false;
  if (node === document.activeElement || node.closest('dialog[open]') !== null) return true;
  // Of a menu that stays open only what was typed: its hidden fields and choices follow what is true.
  return !(node instanceof HTMLSelectElement) && node.value !== node.defaultValue && node.closest(':popover-open') !== null;
}
