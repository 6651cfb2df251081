import { createRandom } from '../random.ts';
import { LAYOUTS } from '../sections/section.ts';
import type { Layout, SectionKind } from '../sections/section.ts';
import type { ContentContext } from '../site/section-content.ts';
import { getTopic } from '../understanding/topic-match.ts';
import type { Design } from '../site/site.ts';
import type { Draft } from './draft.ts';
import { sectionsOnPage } from '../site/page-edit.ts';
import { pagePath } from './draft.ts';

/** What new sections are written and drawn from: the site's own topic, name, place and layout. */
export function contextOf(draft: Draft): ContentContext {
  const { site } = draft;
  const design: Partial<Design> = site.design ?? {};
  return {
    topic: getTopic(design.topic ?? ''),
    blanks: { name: site.name, subject: design.subject || site.name, ...(design.place ? { place: design.place } : {}) },
    layout: layoutOf(draft),
    random: createRandom(design.seed ?? site.name),
    present: homeSections(draft),
  };
}

export function layoutOf({ site }: Draft): Layout {
  return LAYOUTS.find((layout) => layout === site.design?.layout) ?? 'split';
}

export const homeSections = (draft: Draft): SectionKind[] => sectionsOnPage(draft.source(pagePath('index')) ?? '');
