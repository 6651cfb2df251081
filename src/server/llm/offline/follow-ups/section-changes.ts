import { SECTION_KINDS } from '../sections/section.ts';
import type { SectionKind } from '../sections/section.ts';
import { TEMPLATES } from '../sections/templates.ts';
import { componentFile } from '../site/compose.ts';
import { withSection } from '../site/nav.ts';
import { insertSection, removeSection as removeTag, reorderSections, sectionsOnPage } from '../site/page-edit.ts';
import { contentOf } from '../site/section-content.ts';
import { contextOf, homeSections, layoutOf } from './context.ts';
import { done, pagePath, problem } from './draft.ts';
import type { Draft, Outcome } from './draft.ts';
import type { Place } from './instruction.ts';
import { labelText, startText } from './labels.ts';
import { listOf } from '../words.ts';

const INDEX = pagePath('index');

export function addSection(draft: Draft, kind: SectionKind, place: Place | undefined): Outcome {
  const present = homeSections(draft);
  const home = draft.pages.get('index')!;
  if (present.includes(kind)) {
    return place
      ? moveSection(draft, kind, place)
      : problem(
          `${startText(kind)} ${are(kind)} on the page already. I can move ${it(kind)}, remove ${it(kind)} or change ${its(kind)} text.`,
        );
  }
  const kept = home[kind] !== undefined;
  const made = contentOf(kind, { ...contextOf(draft), present: [...present, kind] });
  if (!kept) home[kind] = made.content;
  for (const { name, svg } of made.pictures) draft.setSource(`src/assets/${name}.svg`, svg);
  const component = componentFile(kind, layoutOf(draft));
  if (draft.source(component.path) === undefined) draft.setSource(component.path, component.content);
  draft.setSource(INDEX, insertSection(draft.source(INDEX)!, kind, 'home', followerOf(kind, place, present)));
  draft.site.nav = withSection(draft.site.nav, contextOf(draft).topic, kind);
  const order = homeSections(draft);
  const above = order[order.indexOf(kind) - 1];
  return done(`Added ${labelText(kind)}${above ? `, below ${labelText(above)}` : ''}.`);
}

export function removeSection(draft: Draft, kind: SectionKind): Outcome {
  const present = homeSections(draft);
  if (kind === 'hero') return problem('The hero stays: it holds the page’s main heading. I can change its text, picture or layout.');
  if (!present.includes(kind)) {
    return problem(`There is no ${labelText(kind).replace(/^the /, '')} on the home page. It has ${listOf(present.map(labelText))}.`);
  }
  draft.setSource(INDEX, removeTag(draft.source(INDEX)!, kind));
  const home = draft.pages.get('index')!;
  delete home[kind];
  const usedElsewhere = [...draft.pages].some(([slug, content]) => slug !== 'index' && content[kind] !== undefined);
  if (!usedElsewhere) draft.remove(`src/components/${TEMPLATES[kind].component}.astro`);
  dropLinks(
    draft,
    kind,
    present.filter((entry) => entry !== kind),
  );
  return done(`Removed ${labelText(kind)}, with ${its(kind)} text and link.`);
}

/** Links to a section that is gone lead to contact, or to the top. */
function dropLinks(draft: Draft, kind: SectionKind, left: readonly SectionKind[]): void {
  const gone = `/#${kind}`;
  const instead = left.includes('contact') ? '/#contact' : left[1] ? `/#${left[1]}` : '/';
  draft.site.nav = draft.site.nav.filter((link) => link.href !== gone);
  const visit = (value: unknown): void => {
    if (!value || typeof value !== 'object') return;
    for (const [key, entry] of Object.entries(value)) {
      if (key === 'href' && entry === gone) (value as Record<string, unknown>)[key] = instead;
      else visit(entry);
    }
  };
  visit(draft.site);
  for (const page of draft.pages.values()) visit(page);
}

export function moveSection(draft: Draft, kind: SectionKind, place: Place): Outcome {
  const present = homeSections(draft);
  if (!present.includes(kind))
    return problem(
      `There is no ${labelText(kind).replace(/^the /, '')} on the home page to move. It has ${listOf(present.map(labelText))}.`,
    );
  if (kind === 'hero') return problem('The hero stays first: it holds the page’s main heading.');
  const rest = present.filter((entry) => entry !== kind);
  const at = indexFor(kind, place, present, rest);
  if (at === undefined) return problem(`I could not tell where to put ${labelText(kind)}: that section is not on the page.`);
  const order = [...rest.slice(0, at), kind, ...rest.slice(at)];
  if (order.join() === present.join()) return problem(`${startText(kind)} ${are(kind)} there already: ${listOf(present.map(labelText))}.`);
  return orderSections(draft, order, `Moved ${labelText(kind)} below ${labelText(order[order.indexOf(kind) - 1]!)}.`);
}

function indexFor(kind: SectionKind, place: Place, present: readonly SectionKind[], rest: readonly SectionKind[]): number | undefined {
  const now = present.indexOf(kind);
  if (place === 'first') return 1;
  if (place === 'last') return rest.length;
  if (place === 'up') return Math.max(1, now - 1);
  if (place === 'down') return Math.min(rest.length, now + 1);
  const at = rest.indexOf('before' in place ? place.before : place.after);
  if (at < 0) return undefined;
  return Math.max(1, 'before' in place ? at : at + 1);
}

export function swapSections(draft: Draft, [a, b]: readonly [SectionKind, SectionKind]): Outcome {
  const present = homeSections(draft);
  if (!present.includes(a) || !present.includes(b))
    return problem(`Both need to be on the page to swap. It has ${listOf(present.map(labelText))}.`);
  const order = present.map((kind) => (kind === a ? b : kind === b ? a : kind));
  return orderSections(draft, order, `Swapped ${labelText(a)} and ${labelText(b)}.`);
}

/** The sections named first and in that order, the others after them as they were. */
export function arrangeSections(draft: Draft, kinds: readonly SectionKind[]): Outcome {
  const present = homeSections(draft);
  const named = kinds.filter((kind) => present.includes(kind) && kind !== 'hero');
  if (named.length < 2) return problem(`I need at least two sections that are on the page: ${listOf(present.map(labelText))}.`);
  const order = [
    ...present.filter((kind) => kind === 'hero'),
    ...named,
    ...present.filter((kind) => kind !== 'hero' && !named.includes(kind)),
  ];
  return orderSections(draft, order, `The order is now ${listOf(order.map(labelText))}.`);
}

function orderSections(draft: Draft, order: readonly SectionKind[], text: string): Outcome {
  const source = draft.source(INDEX)!;
  draft.setSource(INDEX, reorderSections(source, order));
  const rank = (href: string) => sectionsOnPage(draft.source(INDEX)!).findIndex((kind) => href === `/#${kind}`);
  const anchors = draft.site.nav.filter((link) => rank(link.href) >= 0).sort((a, b) => rank(a.href) - rank(b.href));
  let next = 0;
  draft.site.nav = draft.site.nav.map((link) => (rank(link.href) >= 0 ? anchors[next++]! : link));
  return done(text);
}

/** The section that a new one goes in front of. */
function followerOf(kind: SectionKind, place: Place | undefined, present: readonly SectionKind[]): SectionKind | undefined {
  if (place === 'last') return undefined;
  if (place === 'first' || place === 'up') return present[1];
  if (place && typeof place === 'object') {
    if ('before' in place) return place.before === 'hero' ? present[1] : place.before;
    return present[present.indexOf(place.after) + 1];
  }
  const rank = SECTION_KINDS.indexOf(kind);
  return (
    present.find(
      (entry) => entry !== 'hero' && SECTION_KINDS.indexOf(entry) > rank && SECTION_KINDS.indexOf(entry) >= SECTION_KINDS.indexOf('faq'),
    ) ?? present.find((entry) => SECTION_KINDS.indexOf(entry) > rank && entry === 'contact')
  );
}

const PLURAL: ReadonlySet<SectionKind> = new Set(['features', 'testimonials', 'visit']);
const are = (kind: SectionKind) => (PLURAL.has(kind) ? 'are' : 'is');
const it = (kind: SectionKind) => (PLURAL.has(kind) ? 'them' : 'it');
const its = (kind: SectionKind) => (PLURAL.has(kind) ? 'their' : 'its');
