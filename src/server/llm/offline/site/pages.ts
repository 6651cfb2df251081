import type { SectionKind } from '../sections/section.ts';
import { fill } from './fill.ts';
import { contentOf } from './section-content.ts';
import type { ContentContext } from './section-content.ts';
import type { PageContent, PictureFile } from './site.ts';

/** A page someone asked for. */
export interface PageRequest {
  slug: string;
  label: string;
  kinds: readonly SectionKind[];
}

export interface ComposedPage extends PageRequest {
  content: PageContent;
  pictures: PictureFile[];
}

const OPENINGS: Readonly<Partial<Record<SectionKind, string>>> = {
  story: 'Who we are, how it began, and what we care about.',
  menu: 'Everything we serve, with prices.',
  pricing: 'What it costs, and what is in it.',
  gallery: 'Recent work, and a look around.',
  contact: 'How to reach us, and when we are here.',
  posts: 'Notes, news and things we learnt.',
  schedule: 'What is on, and when.',
  team: 'The people behind {name}.',
  faq: 'Short answers to what people ask us.',
};

/** Content and pictures of another page, in the voice of the site. */
export function composePage(page: PageRequest, context: ContentContext): ComposedPage {
  const sections = page.kinds.map((kind) => contentOf(kind, context));
  const text = fill(OPENINGS[page.kinds[0] ?? 'story'] ?? 'More about {subject}.', context.blanks);
  return {
    ...page,
    content: {
      title: `${page.label} · ${context.blanks.name}`,
      description: `${page.label} of ${context.blanks.name}. ${text}`,
      opening: { heading: page.label, text },
      ...Object.fromEntries(sections.map(({ kind, content }) => [kind, content])),
    },
    pictures: sections.flatMap(({ pictures }) => pictures),
  };
}

/** Pages people ask for by name, and what they hold. */
export const KNOWN_PAGES: readonly (PageRequest & { words: RegExp })[] = [
  page('about', 'About', ['story', 'team'], /\babout(?: us)?\b|\bour story\b/),
  page('menu', 'Menu', ['menu'], /\bmenu\b|\bprice ?list\b/),
  page('pricing', 'Prices', ['pricing', 'faq'], /\bpric(?:es|ing)\b|\bplans\b|\brates\b/),
  page('gallery', 'Gallery', ['gallery'], /\bgallery\b|\bphotos?\b|\bpictures\b/),
  page('work', 'Work', ['gallery', 'testimonials'], /\bwork\b|\bportfolio\b|\bprojects\b|\bcase studies\b/),
  page('services', 'Services', ['features', 'steps'], /\bservices?\b|\boffer(?:ings?)?\b|\btreatments\b/),
  page('blog', 'Journal', ['posts', 'newsletter'], /\bblog\b|\bjournal\b|\bnews\b|\barticles\b/),
  page('schedule', 'Schedule', ['schedule', 'faq'], /\bschedule\b|\btimetable\b|\bprogramme?\b|\bevents\b|\bclasses\b|\bagenda\b/),
  page('team', 'Team', ['team'], /\bteam\b|\bstaff\b|\bpeople\b/),
  page('faq', 'Questions', ['faq'], /\bfaqs?\b|\bquestions\b/),
  page('contact', 'Contact', ['contact', 'visit'], /\bcontact\b|\bget in touch\b/),
  page('visit', 'Visit', ['visit', 'contact'], /\bvisit\b|\blocation\b|\bfind us\b|\bdirections\b|\bhours\b/),
];

function page(slug: string, label: string, kinds: readonly SectionKind[], words: RegExp) {
  return { slug, label, kinds, words };
}
