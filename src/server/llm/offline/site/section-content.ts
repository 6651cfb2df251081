import { drawPicture, drawPortrait, drawSpot, drawTile } from '../illustrations/picture.ts';
import type { Random } from '../random.ts';
import type { Layout, SectionKind } from '../sections/section.ts';
import type { Topic } from '../topics/topic.ts';
import { GENERIC } from '../topics/generic.ts';
import { fill } from './fill.ts';
import type { Blanks } from './fill.ts';
import type { PictureFile, SectionContent } from './site.ts';

export interface ContentContext {
  topic: Topic;
  blanks: Blanks;
  layout: Layout;
  random: Random;
  /** Sections of the page, so that links lead somewhere. */
  present: readonly SectionKind[];
}

/** Copy and pictures for one section, in the voice of the topic. */
export function contentOf(kind: SectionKind, context: ContentContext): SectionContent {
  const pictures: PictureFile[] = [];
  const draw = (name: string, svg: string) => {
    pictures.push({ name, svg });
    return name;
  };
  const content = fill(MAKERS[kind](context, draw), context.blanks);
  return { kind, content, pictures };
}

type Draw = (name: string, svg: string) => string;
type Maker = (context: ContentContext, draw: Draw) => Record<string, unknown>;

const MAKERS: Readonly<Record<SectionKind, Maker>> = {
  hero: (context, draw) => {
    const { topic, random, layout } = context;
    const pick = random.fork('hero');
    return {
      eyebrow: context.blanks.place
        ? `${sentence(topic === GENERIC ? '{Subject}' : topic.noun)}, {place}`
        : sentence(topic === GENERIC ? '{Subject}' : topic.noun),
      heading: pick.pick(topic.headlines),
      text: pick.pick(topic.intros),
      primary: linkTo(topic.action, context),
      secondary: linkTo(topic.second, context),
      pictures: heroPictures(context, draw),
      facts: layout === 'centered' ? [] : topic.facts.map(([label, value]) => ({ label, value })),
    };
  },
  features: ({ topic, random, layout }, draw) => ({
    heading: topic.features.heading,
    text: topic.features.text,
    items: evenly(topic.features.items, layout).map(([title, text, motif]) => ({
      title,
      text,
      ...(USES_SPOTS.has(layout) ? { picture: draw(`spot-${motif}`, drawSpot(motif, random.fork(`spot ${motif}`))) } : {}),
    })),
  }),
  story: ({ topic, random }, draw) => ({
    heading: topic.story.heading,
    paragraphs: topic.story.paragraphs,
    signature: topic.story.signature,
    picture: {
      name: draw(
        'story',
        drawPicture(
          { format: 'scene', backdrop: random.fork('story').pick(topic.backdrops), motifs: topic.story.motifs },
          random.fork('story art'),
        ),
      ),
      alt: describe(topic.story.motifs),
    },
  }),
  menu: ({ topic }) => {
    const menu = topic.menu ?? {
      heading: 'What it costs',
      text: 'Every price is agreed before anything starts.',
      groups: [['Prices', topic.features.items.map(([title, text]) => [title, firstSentence(text), 'on request'] as const)]] as const,
    };
    return {
      heading: menu.heading,
      text: menu.text,
      groups: menu.groups.map(([title, items]) => ({ title, items: items.map(([name, text, price]) => ({ name, text, price })) })),
    };
  },
  gallery: ({ topic, random }, draw) => {
    const gallery = topic.gallery ?? {
      heading: 'A look around',
      items: [...new Set([...topic.still, ...topic.story.motifs, ...topic.features.items.map(([, , motif]) => motif)])]
        .slice(0, 6)
        .map((motif) => [motif, sentence(motif), ''] as const),
    };
    return {
      heading: gallery.heading,
      text: gallery.text,
      items: gallery.items.map(([motif, title, text], index) => ({
        picture: draw(`gallery-${index + 1}`, drawTile(motif, random.fork(`tile ${index} ${motif}`))),
        title,
        text,
      })),
    };
  },
  pricing: ({ topic, present }) => {
    const pricing = topic.pricing ?? GENERIC.pricing!;
    return {
      heading: pricing.heading,
      text: pricing.text,
      plans: pricing.plans.map(([name, price, unit, text, points], index) => ({
        name,
        price,
        unit,
        text,
        points,
        featured: index === 1,
        action: { label: pricing.action, href: hrefTo(present.includes('contact') ? 'contact' : 'faq', present) },
      })),
    };
  },
  steps: ({ topic }) => {
    const steps = topic.steps ?? GENERIC.steps!;
    return { heading: steps.heading, text: steps.text, items: steps.items.map(([title, text]) => ({ title, text })) };
  },
  schedule: ({ topic }) => {
    const schedule = topic.schedule ?? {
      heading: 'Coming up',
      days: [
        [
          'This month',
          [
            ['First Tue', 'Open evening', 'Come by, ask anything, stay as long as you like'],
            ['Third Sat', 'Morning visit', 'A tour, then coffee'],
          ],
        ],
        [
          'Next month',
          [
            ['First Tue', 'Open evening', 'The same, with soup'],
            ['Last Fri', 'A talk', 'Forty minutes, then questions'],
          ],
        ],
      ] as const,
    };
    return {
      heading: schedule.heading,
      text: 'text' in schedule ? schedule.text : undefined,
      days: schedule.days.map(([title, items]) => ({ title, items: items.map(([time, name, text]) => ({ time, name, text })) })),
    };
  },
  testimonials: ({ topic }) => ({
    heading: topic.quotes.heading,
    items: topic.quotes.items.map(([quote, name, role]) => ({ quote, name, role })),
  }),
  team: ({ topic, random }, draw) => {
    const team = topic.team ?? {
      heading: 'Who you will meet',
      items: [
        ['Noor Haddad', 'Founder', 'Started it, still answers the phone.'],
        ['Ben Lindqvist', 'Day to day', 'Knows where everything is.'],
        ['Célia Moreau', 'Making', 'Patient, exact, usually humming.'],
        ['Kofi Asante', 'Visitors', 'Your first email goes to him.'],
      ] as const,
    };
    return {
      heading: team.heading,
      text: team.text,
      items: team.items.map(([name, role, text], index) => ({
        name,
        role,
        text,
        picture: draw(`person-${index + 1}`, drawPortrait(random.fork('people'), index)),
      })),
    };
  },
  posts: ({ topic }) => {
    const posts = topic.posts ?? {
      heading: 'From the notebook',
      items: [
        [
          'Where we are, and where we go',
          'A short look back at the year with {subject}, and three things we will do differently.',
          '4 May',
          'News',
        ],
        ['Five questions we hear most', 'Asked by visitors, answered in full, with the odd drawing.', '16 March', 'Questions'],
        ['Notes from a quiet week', 'What we read, what we mended, and one mistake worth sharing.', '2 February', 'Notes'],
      ] as const,
    };
    return {
      heading: posts.heading,
      text: posts.text,
      items: posts.items.map(([title, text, date, kind]) => ({ title, text, date, topic: kind })),
    };
  },
  faq: ({ topic }) => ({ heading: topic.faq.heading, items: topic.faq.items.map(([question, answer]) => ({ question, answer })) }),
  visit: ({ topic, random }, draw) => {
    const [heading, text, directions] = topic.visit ?? GENERIC.visit!;
    const motif = topic.still[0]!;
    return {
      heading,
      text,
      directions,
      picture: {
        name: draw('visit', drawPicture({ format: 'scene', backdrop: 'town', motifs: [] }, random.fork(`visit ${motif}`))),
        alt: 'Houses along the street, under an evening sun',
      },
    };
  },
  newsletter: ({ topic }) => {
    const [heading, text, button] = topic.letter ?? GENERIC.letter!;
    return { heading, text, button };
  },
  contact: ({ topic }) => ({ heading: topic.contact[0], text: topic.contact[1] }),
  banner: (context) => {
    const { topic, random } = context;
    const used = random.fork('hero').pick(topic.headlines);
    return {
      heading: topic.headlines.find((headline) => headline !== used) ?? topic.contact[0],
      text: topic.tagline,
      action: linkTo(topic.action, context),
    };
  },
};

const USES_SPOTS: ReadonlySet<Layout> = new Set(['split', 'centered', 'poster', 'product']);

/** The pictures a hero wants in its layout: one that leads, or three side by side. */
export function heroPictures(context: ContentContext, draw: Draw): { name: string; alt: string }[] {
  const { topic, layout, random } = context;
  const backdrop = random.fork('backdrop').pick(topic.backdrops);
  const tall = layout === 'split' || layout === 'poster';
  const motifs = tall ? topic.still.slice(0, 2) : layout === 'mosaic' ? topic.still.slice(0, 2) : topic.still;
  const format = tall ? 'tall' : layout === 'mosaic' ? 'scene' : 'wide';
  const lead = { name: draw('hero', drawPicture({ format, backdrop, motifs }, random.fork('hero art'))), alt: describe(motifs) };
  if (layout !== 'mosaic') return [lead];
  const rest = [...topic.still.slice(2), ...topic.story.motifs, ...topic.features.items.map(([, , motif]) => motif)];
  const others = [...new Set(rest)]
    .filter((motif) => !motifs.includes(motif))
    .slice(0, 2)
    .map((motif, index) => ({
      name: draw(`hero-${index + 2}`, drawTile(motif, random.fork(`hero tile ${index}`))),
      alt: describe([motif]),
    }));
  return [lead, ...others];
}

/** Rows fill up: three beside three, or two beside two. */
function evenly<T>(items: readonly T[], layout: Layout): readonly T[] {
  if (layout === 'product') return items.length >= 5 ? items.slice(0, 5) : items.slice(0, 2);
  if (layout === 'split' || layout === 'centered') return items.slice(0, items.length >= 6 ? 6 : 3);
  return items.slice(0, 4);
}

export function hrefTo(target: SectionKind, present: readonly SectionKind[]): string {
  const found = present.includes(target) ? target : (['contact', 'features'] as const).find((kind) => present.includes(kind));
  return found ? `/#${found}` : '/';
}

function linkTo([label, target]: readonly [string, SectionKind], { present }: ContentContext) {
  return { label, href: hrefTo(target, present) };
}

export const article = (noun: string) => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);
const SEEN: Readonly<Record<string, string>> = {
  frames: 'pictures in frames',
  nib: 'a pen and a written page',
  papers: 'a stack of papers',
  stones: 'balanced stones with a leaf',
  mat: 'a person seated on a mat',
  saw: 'a saw on a workbench',
  wave: 'a sound wave',
  nodes: 'connected points',
  beans: 'coffee beans',
  scales: 'a pair of scales',
  column: 'a building with columns',
  handshake: 'two people side by side',
  mountains: 'mountains',
  vases: 'vases and a cup',
  books: 'a stack of books',
  scissors: 'scissors',
  headphones: 'headphones',
  layers: 'stacked sheets',
  window: 'an app window',
  bag: 'a paper bag',
  tote: 'a shopping bag',
  wheat: 'ears of wheat',
  bowl: 'a full bowl',
  crate: 'a crate of vegetables',
  house: 'a house with a garden',
  tower: 'tall buildings',
  rings: 'two rings',
  pole: 'a barber’s pole',
  blocks: 'building blocks',
  wine: 'a bottle and a glass of wine',
  cone: 'an ice cream cone',
  chart: 'a rising chart',
};

/** What a picture with these objects shows, for those who cannot see it. */
export function describe(motifs: readonly string[]): string {
  const things = motifs.map((motif) => SEEN[motif] ?? article(motif));
  const list = things.length > 1 ? `${things.slice(0, -1).join(', ')} and ${things.at(-1)}` : (things[0] ?? 'a quiet landscape');
  return `Illustration: ${list}`;
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const firstSentence = (text: string) => text.split(/(?<=\.)\s/)[0] ?? text;
