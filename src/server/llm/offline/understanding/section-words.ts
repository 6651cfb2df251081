import type { SectionKind } from '../sections/section.ts';

/** How people call the sections. The first that matches a stretch of text takes it. */
export const SECTION_WORDS: readonly (readonly [SectionKind, RegExp])[] = [
  ['testimonials', /\b(?:testimonials?|reviews?|quotes?|customer stories|what (?:people|customers|clients) say|recommendations)\b/],
  ['faq', /\b(?:faqs?|f\.a\.q\.?|questions(?: and answers)?|q ?& ?a|q and a)\b/],
  ['newsletter', /\b(?:newsletter|mailing list|sign[- ]?up(?: form)?|subscribe|subscription form|email list)\b/],
  ['pricing', /\b(?:pricing(?: table| plans?)?|plans|price plans|packages|tiers|memberships?|prices?)\b/],
  ['menu', /\b(?:menus?|price ?list|food list|drinks list|rates|treatments list)\b/],
  ['gallery', /\b(?:gallery|photo(?:s| gallery)?|pictures|portfolio(?: grid)?|images|showcase|selected work)\b/],
  ['team', /\b(?:team|staff|people|our people|crew|instructors|teachers|speakers|founders)\b/],
  ['schedule', /\b(?:schedules?|timetable|programme?|agenda|calendar|classes|tour dates|gigs|events?|line-?up)\b/],
  ['posts', /\b(?:blog(?: posts?)?|posts|articles|journal|news)\b/],
  ['visit', /\b(?:opening hours|hours|opening times|location|map|directions|find us|visit(?: us)?)\b/],
  ['steps', /\b(?:how it works|process|steps|how it goes)\b/],
  ['story', /\b(?:about(?: us)?|our story|story|history|biography|bio)\b/],
  ['contact', /\b(?:contact(?: (?:form|details|info|information|us))?|get in touch)\b/],
  ['features', /\b(?:features?|services?|benefits|offerings?|what we (?:do|offer)|products|highlights|amenities)\b/],
  ['banner', /\b(?:call[- ]to[- ]action|cta|banner)\b/],
  ['hero', /\b(?:hero|header image|top section|intro(?:duction)?|headline section)\b/],
];

/** Sections named in a text, in the order they are named. */
export function sectionsIn(text: string): SectionKind[] {
  let rest = text.toLowerCase();
  const found: { kind: SectionKind; at: number }[] = [];
  for (const [kind, words] of SECTION_WORDS) {
    const match = words.exec(rest);
    if (!match) continue;
    found.push({ kind, at: match.index });
    rest = rest.replaceAll(new RegExp(words, 'g'), (hit) => '_'.repeat(hit.length));
  }
  return found.sort((a, b) => a.at - b.at).map(({ kind }) => kind);
}
