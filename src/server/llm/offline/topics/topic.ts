import type { BackdropName } from '../illustrations/backdrops.ts';
import type { Layout, SectionKind } from '../sections/section.ts';

/**
 * What the builder knows about one kind of business. In every text `{name}`, `{place}` (or "town"), `{in}` (" in Lisbon" or nothing) and `{subject}`
 * are filled in, and `¤` becomes the currency of the place.
 */
export interface Topic {
  id: string;
  /** "coffee roastery": fits after "a". */
  noun: string;
  /** Words that give the topic away; a phrase counts more than a word. */
  words: readonly string[];
  /** Names for when the person gave none. */
  names: readonly string[];
  palettes: readonly string[];
  types: readonly string[];
  layouts: readonly Layout[];
  backdrops: readonly BackdropName[];
  /** Motifs of the leading picture, from left to right. */
  still: readonly string[];
  /** Sections after the hero, in order. */
  sections: readonly SectionKind[];
  /** Words for navigation where the usual ones don't fit. */
  labels?: Partial<Record<SectionKind, string>>;
  tagline: string;
  headlines: readonly string[];
  intros: readonly string[];
  action: readonly [label: string, target: SectionKind];
  second: readonly [label: string, target: SectionKind];
  facts: readonly (readonly [label: string, value: string])[];
  features: { heading: string; text?: string; items: readonly (readonly [title: string, text: string, motif: string])[] };
  story: { heading: string; paragraphs: readonly string[]; signature?: string; motifs: readonly string[] };
  gallery?: { heading: string; text?: string; items: readonly (readonly [motif: string, title: string, text: string])[] };
  menu?: {
    heading: string;
    text?: string;
    groups: readonly (readonly [title: string, items: readonly (readonly [name: string, text: string, price: string])[]])[];
  };
  pricing?: {
    heading: string;
    text?: string;
    action: string;
    plans: readonly (readonly [name: string, price: string, unit: string, text: string, points: readonly string[]])[];
  };
  steps?: { heading: string; text?: string; items: readonly (readonly [title: string, text: string])[] };
  schedule?: {
    heading: string;
    text?: string;
    days: readonly (readonly [title: string, items: readonly (readonly [time: string, name: string, text: string])[]])[];
  };
  quotes: { heading: string; items: readonly (readonly [quote: string, name: string, role: string])[] };
  team?: { heading: string; text?: string; items: readonly (readonly [name: string, role: string, text: string])[] };
  posts?: { heading: string; text?: string; items: readonly (readonly [title: string, text: string, date: string, topic: string])[] };
  faq: { heading: string; items: readonly (readonly [question: string, answer: string])[] };
  letter?: readonly [heading: string, text: string, button: string];
  contact: readonly [heading: string, text: string];
  visit?: readonly [heading: string, text: string, directions: string];
  hours?: readonly (readonly [days: string, time: string])[];
}
