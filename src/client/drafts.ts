/** What a draft needs of `localStorage`. */
export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface Drafts {
  load(surface: string): string;
  save(surface: string, text: string): void;
  /** Only once the server has said that it has the text. A draft that has changed since `sent` stays. */
  settle(surface: string, sent: string): void;
}

const keyOf = (surface: string) => `doce:draft:${surface}`;

/** Typed text that outlives the tab, one draft per surface. Storage that is refused or full costs the draft, never the typing. */
export function createDrafts(storage: () => DraftStorage): Drafts {
  const attempt = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch {
      return otherwise;
    }
  };
  const load = (surface: string) => attempt(() => storage().getItem(keyOf(surface)) ?? '', '');
  return {
    load,
    save: (surface, text) =>
      attempt(() => (text.trim() === '' ? storage().removeItem(keyOf(surface)) : storage().setItem(keyOf(surface), text)), undefined),
    settle: (surface, sent) =>
      attempt(() => {
        if (load(surface).trim() === sent.trim()) storage().removeItem(keyOf(surface));
      }, undefined),
  };
}
