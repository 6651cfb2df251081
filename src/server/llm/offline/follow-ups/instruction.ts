import type { PaletteRecipe } from '../design/palette.ts';
import type { Theme } from '../design/stylesheet.ts';
import type { Layout, SectionKind } from '../sections/section.ts';
import type { PageRequest } from '../site/pages.ts';
import type { SiteContent } from '../site/site.ts';

export type Field = 'name' | 'heading' | 'text' | 'eyebrow' | 'tagline' | 'button' | 'email' | 'phone' | 'address';

export type Place = 'first' | 'last' | 'up' | 'down' | { before: SectionKind } | { after: SectionKind };

/** One thing asked for. */
export type Instruction = Change | Talk;

/** What changes no file. */
export type Talk = { do: 'undo' } | { do: 'help' } | { do: 'start-over' } | { do: 'unknown'; text: string };

export type Change =
  | { do: 'replace'; from: string; to: string }
  | { do: 'set'; field: Field; value: string }
  | { do: 'set-heading'; section: SectionKind; value: string }
  | { do: 'hours'; hours: SiteContent['hours'] }
  | { do: 'add-section'; kind: SectionKind; place?: Place }
  | { do: 'remove-section'; kind: SectionKind }
  | { do: 'move'; kind: SectionKind; place: Place }
  | { do: 'order'; kinds: SectionKind[] }
  | { do: 'swap'; kinds: [SectionKind, SectionKind] }
  | { do: 'palette'; palette: PaletteRecipe }
  | { do: 'palette-towards'; words: string }
  | { do: 'theme'; theme: Theme }
  | { do: 'theme-switch'; wanted: boolean }
  | { do: 'fonts'; pairing: string | 'other' }
  | { do: 'corners'; round: boolean }
  | { do: 'layout'; layout: Layout | 'other'; scope: 'hero' | 'site' }
  | { do: 'pictures' }
  | { do: 'add-page'; page: PageRequest }
  | { do: 'remove-page'; slug: string }
  | { do: 'price'; item: string; price: string }
  | { do: 'add-item'; name: string; price?: string }
  | { do: 'add-question'; question: string; answer?: string }
  | { do: 'add-quote'; quote: string; name: string }
  | { do: 'add-person'; name: string; role: string }
  | { do: 'remove-item'; name: string };
