import type { SectionKind } from '../sections/section.ts';
import type { Topic } from '../topics/topic.ts';
import type { ComposedPage } from './pages.ts';
import type { Link } from './site.ts';

const LABELS: Readonly<Partial<Record<SectionKind, string>>> = {
  features: 'What we do',
  story: 'About',
  menu: 'Menu',
  gallery: 'Gallery',
  pricing: 'Prices',
  steps: 'How it works',
  schedule: 'Schedule',
  testimonials: 'Words',
  team: 'Team',
  posts: 'Journal',
  faq: 'Questions',
  visit: 'Visit',
  newsletter: 'Letter',
  contact: 'Contact',
};

/** Which sections earn a place in the navigation first. */
const RANK: readonly SectionKind[] = [
  'menu',
  'schedule',
  'pricing',
  'features',
  'gallery',
  'story',
  'team',
  'posts',
  'visit',
  'contact',
  'faq',
  'steps',
];

const ROOM = 5;

export function labelOf(topic: Topic, kind: SectionKind): string {
  return topic.labels?.[kind] ?? LABELS[kind] ?? kind;
}

/** Pages first come last: the sections of the home page in page order, then the other pages. */
export function navOf(topic: Topic, kinds: readonly SectionKind[], pages: readonly ComposedPage[]): Link[] {
  const room = Math.max(1, ROOM - pages.length);
  const covered = new Set(pages.flatMap((page) => page.kinds));
  const chosen = RANK.filter((kind) => kinds.includes(kind) && !covered.has(kind)).slice(0, room);
  return [
    ...(pages.length > 0 ? [{ label: 'Home', href: '/' }] : []),
    ...kinds.filter((kind) => chosen.includes(kind)).map((kind) => ({ label: labelOf(topic, kind), href: `/#${kind}` })),
    ...pages.map((page) => ({ label: page.label, href: `/${page.slug}` })),
  ];
}

/** The navigation after a section came to the home page: in it when there is room. */
export function withSection(nav: readonly Link[], topic: Topic, kind: SectionKind): Link[] {
  const href = `/#${kind}`;
  if (!LABELS[kind] || nav.length > ROOM || nav.some((link) => link.href === href) || !RANK.includes(kind)) return [...nav];
  const link = { label: labelOf(topic, kind), href };
  const contact = nav.findIndex((entry) => entry.href.endsWith('contact') || !entry.href.startsWith('/#'));
  return contact > 0 ? [...nav.slice(0, contact), link, ...nav.slice(contact)] : [...nav, link];
}
