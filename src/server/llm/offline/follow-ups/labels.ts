import type { SectionKind } from '../sections/section.ts';

const TEXTS: Readonly<Record<SectionKind, string>> = {
  hero: 'the hero',
  features: 'features',
  story: 'the about section',
  menu: 'the menu',
  gallery: 'the gallery',
  pricing: 'pricing',
  steps: 'how it works',
  schedule: 'the schedule',
  testimonials: 'testimonials',
  team: 'the team',
  posts: 'the blog',
  faq: 'the FAQ',
  visit: 'opening hours and directions',
  newsletter: 'the newsletter',
  contact: 'contact',
  banner: 'the banner',
};

/** A section as one would say it in a sentence. */
export const labelText = (kind: SectionKind) => TEXTS[kind];
export const startText = (kind: SectionKind) => TEXTS[kind].charAt(0).toUpperCase() + TEXTS[kind].slice(1);
