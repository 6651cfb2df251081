/** A text and the server's name for it. */
export interface StoredText {
  hash: string;
  text: string;
}

/** Text that was typed and not saved, and what it was typed over. */
export interface CodeDraft {
  baseHash: string;
  text: string;
}

/**
 * What to do when the file is (perhaps) not what the editor began with.
 *
 * `keep`: nothing new. `take`: show theirs, nothing is lost. `settled`: both wrote the same. `conflict`: a person decides.
 */
export type Reconciled = 'keep' | 'take' | 'settled' | 'conflict';

/** @param theirs Undefined when the file is gone. */
export function reconcile(base: StoredText, text: string, theirs: StoredText | undefined): Reconciled {
  if (!theirs) return 'conflict';
  if (theirs.hash === base.hash) return 'keep';
  if (theirs.text === text) return 'settled';
  return text === base.text ? 'take' : 'conflict';
}

/** What an editor that opens a file shows when a draft of it was kept. */
export function resume(stored: StoredText, draft: CodeDraft | undefined): { text: string; state: 'clean' | 'edited' | 'conflict' } {
  if (!draft || draft.text === stored.text) return { text: stored.text, state: 'clean' };
  return { text: draft.text, state: draft.baseHash === stored.hash ? 'edited' : 'conflict' };
}

/** @returns Undefined for what is no draft. */
export function parseDraft(kept: string): CodeDraft | undefined {
  try {
    const draft = JSON.parse(kept) as Partial<CodeDraft>;
    return typeof draft.text === 'string' && typeof draft.baseHash === 'string'
      ? { text: draft.text, baseHash: draft.baseHash }
      : undefined;
  } catch {
    return undefined;
  }
}
