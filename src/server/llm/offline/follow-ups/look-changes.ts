import { withPairing, withPalette, withRadius, withTheme } from '../design/stylesheet-edit.ts';
import type { PaletteRecipe } from '../design/palette.ts';
import type { Theme } from '../design/stylesheet.ts';
import { RADII } from '../design/stylesheet.ts';
import { PAIRINGS, getPairing } from '../design/typography.ts';
import { drawSpot } from '../illustrations/picture.ts';
import { createRandom } from '../random.ts';
import { LAYOUTS, SECTION_KINDS, sourceFor } from '../sections/section.ts';
import type { Layout, SectionKind } from '../sections/section.ts';
import { TEMPLATES } from '../sections/templates.ts';
import { componentFile, favicon, shellFiles } from '../site/compose.ts';
import { contentOf, heroPictures } from '../site/section-content.ts';
import { THEME_SWITCH } from '../sections/theme-switch.ts';
import { paletteTowards } from '../understanding/colour-words.ts';
import { contextOf, homeSections, layoutOf } from './context.ts';
import { STYLES, done, problem } from './draft.ts';
import type { Draft, Outcome } from './draft.ts';

const HEADER = 'src/components/SiteHeader.astro';
const SWITCH = 'src/components/ThemeSwitch.astro';
const noStyles = () => problem('I could not read `src/styles/global.css`, so colours and type stay as they are.');

export function changePalette(draft: Draft, palette: PaletteRecipe): Outcome {
  const css = draft.source(STYLES);
  if (!css) return noStyles();
  const changed = withPalette(css, palette);
  if (changed === css) return problem(`The palette is ${palette.name} already. Name other colours, for example “navy and cream”.`);
  draft.setSource(STYLES, changed);
  draft.setSource('public/favicon.svg', favicon(draft.site.name, palette));
  if (draft.site.design) draft.site.design.palette = palette.id;
  return done(`The palette is ${palette.name} now, in light and dark; the pictures follow it.`);
}

export function movePalette(draft: Draft, words: string): Outcome {
  const palette = paletteTowards(words, draft.site.design?.palette ?? '');
  return palette
    ? changePalette(draft, palette)
    : problem('Name the colours you would like, for example “olive”, “navy and cream” or “warmer”.');
}

export function changeTheme(draft: Draft, theme: Theme): Outcome {
  const css = draft.source(STYLES);
  if (!css) return noStyles();
  draft.setSource(STYLES, withTheme(css, theme));
  if (draft.site.design) draft.site.design.theme = theme;
  if (theme === 'system') return done('Light and dark follow the visitor’s system.');
  return done(`The site is ${theme} for everyone now. “Follow the system” brings both back.`);
}

export function changeThemeSwitch(draft: Draft, wanted: boolean): Outcome {
  const header = draft.source(HEADER);
  if (!header) return problem('I could not read the header, so no switch was added.');
  const has = header.includes('<ThemeSwitch />');
  if (wanted === has)
    return problem(wanted ? 'The header has a light and dark switch already.' : 'There is no light and dark switch to remove.');
  if (!wanted) {
    draft.setSource(
      HEADER,
      header
        .split('\n')
        .filter((line) => !/ThemeSwitch/.test(line))
        .join('\n'),
    );
    draft.remove(SWITCH);
    return done('Removed the light and dark switch; the system decides.');
  }
  const lines = header.split('\n');
  const menu = lines.findIndex((line) => line.includes('<details'));
  const at = menu >= 0 ? menu : lines.findIndex((line) => line.includes('</header>'));
  lines.splice(at, 0, '    <ThemeSwitch />');
  const imports = lines.findIndex((line) => line.startsWith('import '));
  lines.splice(imports + 1, 0, "import ThemeSwitch from './ThemeSwitch.astro';");
  draft.setSource(HEADER, lines.join('\n'));
  draft.setSource(SWITCH, sourceFor(THEME_SWITCH, 'split'));
  return done('Added a switch for light and dark to the header; it remembers the choice.');
}

export function changeFonts(draft: Draft, wanted: string): Outcome {
  const css = draft.source(STYLES);
  if (!css) return noStyles();
  const current = PAIRINGS.findIndex(({ name }) => css.includes(`/* Type: ${name} */`));
  const type = wanted === 'other' ? PAIRINGS[(current + 1) % PAIRINGS.length]! : getPairing(wanted);
  const changed = withPairing(css, type);
  if (changed === css) return problem(`The type is ${type.name} already. Try “more playful”, “technical” or “different fonts”.`);
  draft.setSource(STYLES, changed);
  if (draft.site.design) draft.site.design.type = type.id;
  return done(`The type is ${type.name} now.`);
}

export function changeCorners(draft: Draft, round: boolean): Outcome {
  const css = draft.source(STYLES);
  if (!css) return noStyles();
  draft.setSource(STYLES, withRadius(css, round ? '1.75rem' : '0px'));
  return done(round ? 'Corners are round now.' : 'Corners are square now.');
}

export function changeLayout(draft: Draft, wanted: Layout | 'other', scope: 'hero' | 'site'): Outcome {
  const current = layoutOf(draft);
  const layout = wanted === 'other' ? LAYOUTS[(LAYOUTS.indexOf(current) + 1) % LAYOUTS.length]! : wanted;
  if (scope === 'hero') {
    rebuildHero(draft, layout);
    return done(`The hero is ${NAMES[layout]} now. “${capital(layout)} layout for the whole site” changes the other sections too.`);
  }
  if (draft.site.design) draft.site.design.layout = layout;
  const used = SECTION_KINDS.filter((kind) => [...draft.pages.values()].some((page) => page[kind] !== undefined));
  const hadSwitch = draft.source(HEADER)?.includes('<ThemeSwitch />') ?? false;
  for (const file of [...shellFiles(layout), ...used.map((kind) => componentFile(kind, layout))]) draft.setSource(file.path, file.content);
  if (hadSwitch) changeThemeSwitch(draft, true);
  rebuildHero(draft, layout);
  drawFeatureSpots(draft, used);
  const css = draft.source(STYLES);
  if (css) draft.setSource(STYLES, withRadius(css, RADII[layout]));
  return done(
    `The whole site is ${NAMES[layout]} now. Components were written anew, text stayed; edits made by hand inside components are in the version before.`,
  );
}

const NAMES: Readonly<Record<Layout, string>> = {
  split: 'split, text beside a tall picture',
  centered: 'centred above a wide picture',
  editorial: 'editorial, large type over a wide picture',
  poster: 'a poster in the main colour',
  product: 'a product page with the picture below',
  mosaic: 'a mosaic of pictures under a short statement',
};

function rebuildHero(draft: Draft, layout: Layout): void {
  draft.setSource(`src/components/${TEMPLATES.hero.component}.astro`, sourceFor(TEMPLATES.hero, layout));
  redrawHero(draft, layout);
}

function redrawHero(draft: Draft, layout: Layout): void {
  const hero = draft.pages.get('index')?.hero as Record<string, unknown> | undefined;
  if (!hero) return;
  hero.pictures = heroPictures({ ...contextOf(draft), layout }, (name, svg) => {
    draft.setSource(`src/assets/${name}.svg`, svg);
    return name;
  });
}

/** Layouts with spots beside each feature need them drawn. */
function drawFeatureSpots(draft: Draft, used: readonly SectionKind[]): void {
  const features = draft.pages.get('index')?.features as { items?: { picture?: string }[] } | undefined;
  if (!used.includes('features') || !features?.items) return;
  const { topic, random } = contextOf(draft);
  features.items.forEach((item, index) => {
    const motif = topic.features.items[index % topic.features.items.length]![2];
    item.picture = `spot-${motif}`;
    draft.setSource(`src/assets/spot-${motif}.svg`, drawSpot(motif, random.fork(`spot ${motif}`)));
  });
}

/** New drawings from another seed; the subjects stay. */
export function redrawPictures(draft: Draft): Outcome {
  const { design } = draft.site;
  if (!design) return problem('I do not know what the pictures were drawn from, so they stay.');
  design.seed = String(Math.floor(createRandom(`${design.seed} again`).next() * 1e9));
  const context = contextOf(draft);
  redrawHero(draft, layoutOf(draft));
  for (const kind of homeSections(draft)) {
    if (kind === 'hero') continue;
    for (const { name, svg } of contentOf(kind, context).pictures) draft.setSource(`src/assets/${name}.svg`, svg);
  }
  return done('The pictures are drawn anew. Palette and subjects stayed.');
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
