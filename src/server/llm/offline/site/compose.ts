import { cssOf } from '../design/color.ts';
import { mixPalette } from '../design/palette.ts';
import type { PaletteRecipe } from '../design/palette.ts';
import { stylesheet } from '../design/stylesheet.ts';
import { getPairing } from '../design/typography.ts';
import { createRandom } from '../random.ts';
import { FRAME } from '../sections/frame.ts';
import { sourceFor } from '../sections/section.ts';
import type { Layout, SectionKind } from '../sections/section.ts';
import { FOOTER, HEADER, PAGE_HEADER, PICTURE } from '../sections/shell.ts';
import { TEMPLATES } from '../sections/templates.ts';
import { GENERIC } from '../topics/generic.ts';
import type { Brief } from '../understanding/brief.ts';
import { fill } from './fill.ts';
import { navOf } from './nav.ts';
import { BASE_SOURCE, contentFile, pageSource } from './page-source.ts';
import { composePage } from './pages.ts';
import { contentOf, hrefTo } from './section-content.ts';
import type { PageContent, SiteContent, SiteFile } from './site.ts';

/** The whole site for a brief, in the order the files should be written: what a page needs comes before the page. */
export function composeSite(brief: Brief): SiteFile[] {
  const random = createRandom(brief.design.seed);
  const { topic, design } = brief;
  const blanks = { name: brief.name, subject: brief.subject, ...(brief.place ? { place: brief.place } : {}) };
  const kinds: SectionKind[] = ['hero', ...brief.sections];
  const context = { topic, blanks, layout: design.layout, random, present: kinds };
  const sections = kinds.map((kind) => contentOf(kind, context));
  const pages = brief.pages.map((page) => composePage(page, context));
  const tagline = fill(topic.tagline, blanks);
  const site: SiteContent = {
    name: brief.name,
    tagline,
    contact: brief.contact,
    hours: brief.hours ?? (topic.hours ?? GENERIC.hours!).map(([days, time]) => ({ days, time })),
    nav: navOf(topic, kinds, pages),
    action: { label: fill(topic.action[0], blanks), href: hrefTo(topic.action[1], kinds) },
    design,
  };
  const home: PageContent = {
    title: `${brief.name} · ${tagline.replace(/\.$/, '')}`,
    description: String(sections[0]!.content.text),
    ...Object.fromEntries(sections.map(({ kind, content }) => [kind, content])),
  };
  const used = [...new Set([...kinds, ...pages.flatMap((page) => page.kinds)])];
  const pictures = new Map(
    [...sections.flatMap(({ pictures }) => pictures), ...pages.flatMap((page) => page.pictures)].map(({ name, svg }) => [name, svg]),
  );
  return [
    { path: 'src/styles/global.css', content: stylesheet({ ...design, palette: brief.palette, type: getPairing(design.type) }) },
    json('src/content/site.json', site),
    json('src/content/home.json', home),
    ...[...pictures].map(([name, svg]) => ({ path: `src/assets/${name}.svg`, content: svg })),
    { path: 'public/favicon.svg', content: favicon(brief.name, brief.palette) },
    ...shellFiles(design.layout),
    ...used.map((kind) => componentFile(kind, design.layout)),
    ...(pages.length > 0 ? [{ path: 'src/components/PageHeader.astro', content: sourceFor(PAGE_HEADER, design.layout) }] : []),
    { path: 'src/layouts/Base.astro', content: BASE_SOURCE },
    ...pages.flatMap((page) => [
      json(`src/content/${contentFile(page.slug)}`, page.content),
      { path: `src/pages/${page.slug}.astro`, content: pageSource(page.slug, page.kinds) },
    ]),
    { path: 'src/pages/index.astro', content: pageSource('index', kinds) },
  ];
}

export function componentFile(kind: SectionKind, layout: Layout): SiteFile {
  const template = TEMPLATES[kind];
  return { path: `src/components/${template.component}.astro`, content: sourceFor(template, layout) };
}

export function shellFiles(layout: Layout): SiteFile[] {
  return [PICTURE, FRAME, HEADER, FOOTER].map((template) => ({
    path: `src/components/${template.component}.astro`,
    content: sourceFor(template, layout),
  }));
}

export const json = (path: string, value: unknown): SiteFile => ({ path, content: `${JSON.stringify(value, null, 2)}\n` });

/** The first letter on the colour of the band. */
export function favicon(name: string, palette: PaletteRecipe): string {
  const tokens = mixPalette(palette);
  const letter = (/[\p{L}\p{N}]/u.exec(name)?.[0] ?? 'a').toUpperCase();
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${cssOf(tokens.band.light)}"/><text x="16" y="22.5" font-family="Georgia, serif" font-size="19" font-weight="700" text-anchor="middle" fill="${cssOf(tokens['on-band'].light)}">${letter}</text></svg>\n`;
}
