import { getPalette } from '../design/palettes.ts';
import type { PaletteRecipe } from '../design/palette.ts';
import type { Theme } from '../design/stylesheet.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import type { SectionKind } from '../sections/section.ts';
import { capitalise } from '../site/fill.ts';
import { KNOWN_PAGES } from '../site/pages.ts';
import type { PageRequest } from '../site/pages.ts';
import type { Design, SiteContent } from '../site/site.ts';
import type { Topic } from '../topics/topic.ts';
import { contactIn, hoursIn } from './details.ts';
import { findName, slugOf } from './names.ts';
import { findPlace } from './places.ts';
import { sectionsIn } from './section-words.ts';
import { subjectOf } from './subject.ts';
import { paletteIn } from './colour-words.ts';
import { layoutIn, pairingIdIn, themeIn } from './style-words.ts';
import { matchTopic } from './topic-match.ts';

/** Everything the builder took from a prompt, the choices it left open made. */
export interface Brief {
  topic: Topic;
  name: string;
  /** Whether the person gave the name. */
  named: boolean;
  place: string | undefined;
  subject: string;
  sections: SectionKind[];
  pages: PageRequest[];
  contact: SiteContent['contact'];
  hours: SiteContent['hours'] | undefined;
  palette: PaletteRecipe;
  design: Design;
}

/** Reads a prompt for a new site. The same prompt gives the same brief. */
export function readBrief(prompt: string): Brief {
  const random = createRandom(prompt.trim().toLowerCase().replaceAll(/\s+/g, ' '));
  const place = findPlace(prompt);
  const topic = matchTopic(prompt);
  const subject = subjectOf(prompt, topic);
  const given = findName(prompt, place);
  const name = given ?? inventName(topic, subject, random.fork('name'));
  const palette = paletteIn(withoutSubject(prompt, given)) ?? getPalette(random.fork('palette').pick(topic.palettes));
  const design: Design = {
    topic: topic.id,
    subject,
    ...(place ? { place } : {}),
    layout: layoutIn(prompt) ?? random.fork('layout').pick(topic.layouts),
    palette: palette.id,
    type: pairingIdIn(prompt) ?? random.fork('type').pick(topic.types),
    theme: themeIn(prompt) ?? ('system' satisfies Theme),
    seed: String(Math.floor(random.fork('seed').next() * 1e9)),
  };
  const pages = pagesIn(prompt);
  return {
    topic,
    name,
    named: given !== undefined,
    place,
    subject,
    sections: sectionOrder(topic, sectionsIn(withoutPages(prompt))),
    pages,
    contact: contactIn(prompt, slugOf(name), place),
    hours: hoursIn(prompt),
    palette,
    design,
  };
}

/** A name such as "Green Door" is no wish for green. */
const withoutSubject = (prompt: string, name: string | undefined) => (name ? prompt.replace(name, ' ') : prompt);

function inventName(topic: Topic, subject: string, random: Random): string {
  if (topic.id !== 'generic') return random.pick(topic.names);
  const words = subject.split(' ').slice(-2).map(capitalise).join(' ');
  return random.pick([`The ${words} Room`, `${words} & Co`, `Plain ${words}`, `${words} Quarterly`, `House of ${words}`]);
}

/** The topic's own sections with those asked for among them, contact last. */
function sectionOrder(topic: Topic, asked: readonly SectionKind[]): SectionKind[] {
  const order = [...topic.sections];
  for (const kind of asked) {
    if (order.includes(kind) || kind === 'hero') continue;
    const before = order.findIndex((entry) => entry === 'faq' || entry === 'visit' || entry === 'newsletter' || entry === 'contact');
    order.splice(before < 0 ? order.length : before, 0, kind);
  }
  return order;
}

const PAGE_LIST =
  /\b(?:with|and|plus|has|have|needs?|including|add(?:ing)?)?\s*(?:an?|the|separate|its own|own|\d|two|three|four)?\s*((?:[\w' ]+?(?:,| and | & |\/)\s*)*[\w' ]+?)\s+(?:sub)?pages?\b/gi;

function pagesIn(prompt: string): PageRequest[] {
  const found = new Map<string, PageRequest>();
  for (const match of prompt.toLowerCase().matchAll(PAGE_LIST)) {
    if (/\b(?:landing|home|one|single|web|front)$/.test(match[1]!.trim())) continue;
    for (const { words, ...request } of KNOWN_PAGES)
      if (words.test(match[1]!.split(/\b(?:with|for)\b/).at(-1)!)) found.set(request.slug, request);
  }
  return [...found.values()];
}

const withoutPages = (prompt: string) =>
  prompt.replaceAll(PAGE_LIST, (match) => (/landing|home|one|single|web/i.test(match) ? match : ' '));
