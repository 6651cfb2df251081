import { color, contrast, cssOf, readableOn } from './color.ts';
import type { Color } from './color.ts';

/** What a palette is mixed from: a tint for the neutrals and up to three colours for everything else. */
export interface PaletteRecipe {
  id: string;
  /** As a person would say it: "olive and clay". */
  name: string;
  neutral: { c: number; h: number };
  main: Color;
  second: Color;
  third: Color;
  /** How light the page is in the light theme. */
  page?: number;
}

/** One value per theme. */
export interface Pair {
  light: Color;
  dark: Color;
}

export type PaletteTokens = Record<(typeof TOKEN_NAMES)[number], Pair>;

export const TOKEN_NAMES = [
  'page',
  'raised',
  'line',
  'ink',
  'muted',
  'accent',
  'band',
  'on-band',
  'art-sky',
  'art-main',
  'art-second',
  'art-third',
  'art-paper',
  'art-dark',
] as const;

/** Text and the grounds it is set on: each keeps 4.5:1 in both themes. */
export const TEXT_PAIRS: readonly (readonly [text: (typeof TOKEN_NAMES)[number], ground: (typeof TOKEN_NAMES)[number]])[] = [
  ['ink', 'page'],
  ['ink', 'raised'],
  ['muted', 'page'],
  ['muted', 'raised'],
  ['accent', 'page'],
  ['accent', 'raised'],
  ['on-band', 'band'],
];

const RATIO = 4.6;

/** Mixes a recipe into tokens. Lightness gives way where the recipe's own would be hard to read. */
export function mixPalette(recipe: PaletteRecipe): PaletteTokens {
  const { c, h } = recipe.neutral;
  const page = pair(color(recipe.page ?? 0.984, c * 0.55, h), color(0.185, Math.min(c * 0.5, 0.01), h));
  const raised = pair(color(page.light.l - 0.03, c, h), color(0.228, Math.min(c * 0.6, 0.012), h));
  const band = pair(bandOf(recipe.main), bandOf({ ...recipe.main, l: Math.max(Math.min(recipe.main.l, 0.72) - 0.04, 0.42) }));
  return {
    page,
    raised,
    line: pair(color(page.light.l - 0.105, c * 1.25, h), color(0.335, Math.min(c * 0.7, 0.014), h)),
    ink: pair(color(0.235, Math.min(c * 1.7, 0.04), h), color(0.94, Math.min(c * 0.7, 0.014), h)),
    muted: pair(
      readableOn(color(0.475, Math.min(c * 1.7, 0.035), h), [page.light, raised.light], RATIO, -0.01),
      readableOn(color(0.74, Math.min(c, 0.02), h), [page.dark, raised.dark], RATIO, 0.01),
    ),
    accent: pair(
      readableOn(recipe.main, [page.light, raised.light], RATIO, -0.01),
      readableOn({ ...recipe.main, l: Math.max(recipe.main.l, 0.72), c: recipe.main.c * 0.85 }, [page.dark, raised.dark], RATIO, 0.01),
    ),
    band,
    'on-band': pair(onBand(band.light), onBand(band.dark)),
    'art-sky': pair(
      color(page.light.l - 0.06, Math.min(Math.max(recipe.second.c * 0.3, c), 0.045), recipe.second.h),
      color(0.29, Math.min(recipe.second.c * 0.25, 0.03), recipe.second.h),
    ),
    'art-main': pair(recipe.main, { ...recipe.main, l: Math.max(recipe.main.l * 0.93, 0.42) }),
    'art-second': pair(recipe.second, { ...recipe.second, l: recipe.second.l * 0.9 }),
    'art-third': pair(recipe.third, { ...recipe.third, l: recipe.third.l * 0.93 }),
    'art-paper': pair(color(0.985, c * 0.4, h), color(0.88, Math.min(c * 0.8, 0.02), h)),
    'art-dark': pair(color(0.29, Math.min(Math.max(c, recipe.main.c * 0.28), 0.05), recipe.main.h), color(0.15, 0.015, recipe.main.h)),
  };
}

/** The tokens as declarations for Tailwind's `@theme`, two spaces in. */
export function paletteCss(recipe: PaletteRecipe): string {
  const tokens = mixPalette(recipe);
  const lines = TOKEN_NAMES.map((name) => `  --color-${name}: light-dark(${cssOf(tokens[name].light)}, ${cssOf(tokens[name].dark)});`);
  return [`  /* Palette: ${recipe.name} */`, ...lines].join('\n');
}

const pair = (light: Color, dark: Color): Pair => ({ light, dark });

const nearWhite = color(0.985, 0.004, 90);
const nearBlack = (h: number) => color(0.2, 0.02, h);

/** A colour one can set text on: light ones keep dark text, the middle ones darken until white reads well. */
function bandOf(main: Color): Color {
  if (contrast(main, nearBlack(main.h)) >= 6.5) return main;
  return readableOn(main, [nearWhite], RATIO, -0.01);
}

function onBand(band: Color): Color {
  return contrast(band, nearWhite) >= 4.5 ? nearWhite : nearBlack(band.h);
}
