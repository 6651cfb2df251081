import { BANNER, CONTACT, NEWSLETTER, VISIT } from './closing.ts';
import { FEATURES } from './features.ts';
import { HERO } from './hero.ts';
import { FAQ, MENU, SCHEDULE, STEPS } from './lists.ts';
import { TEAM, TESTIMONIALS } from './people.ts';
import type { SectionKind, SectionTemplate } from './section.ts';
import { GALLERY, POSTS, PRICING } from './showcase.ts';
import { STORY } from './story.ts';

export const TEMPLATES: Readonly<Record<SectionKind, SectionTemplate>> = {
  hero: HERO,
  features: FEATURES,
  story: STORY,
  menu: MENU,
  gallery: GALLERY,
  pricing: PRICING,
  steps: STEPS,
  schedule: SCHEDULE,
  testimonials: TESTIMONIALS,
  team: TEAM,
  posts: POSTS,
  faq: FAQ,
  visit: VISIT,
  newsletter: NEWSLETTER,
  contact: CONTACT,
  banner: BANNER,
};
