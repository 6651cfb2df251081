import { color } from '../design/color.ts';
import type { Color } from '../design/color.ts';
import type { PaletteRecipe } from '../design/palette.ts';
import { PALETTES, getPalette } from '../design/palettes.ts';

interface NamedColor {
  names: RegExp;
  value: Color;
  /** The house palette that leads with it. */
  palette: string;
  /** Fit for the page's ground rather than for buttons. */
  pale?: boolean;
}

const COLORS: readonly NamedColor[] = [
  named(/\bnavy\b/, [0.34, 0.095, 262], 'navy'),
  named(/\b(?:cream|ivory|off[- ]?white|vanilla|eggshell)\b/, [0.93, 0.03, 88], 'navy', true),
  named(/\b(?:beige|sand|linen|oat)\b/, [0.88, 0.045, 80], 'espresso', true),
  named(/\b(?:white|snow)\b/, [0.98, 0.002, 90], 'graphite', true),
  named(/\b(?:black|charcoal|graphite|monochrome|gr[ae]y ?scale)\b/, [0.26, 0.006, 90], 'graphite'),
  named(/\bgr[ae]y\b/, [0.5, 0.01, 250], 'graphite'),
  named(/\b(?:burgundy|maroon|bordeaux|oxblood|wine red|wine-red)\b/, [0.38, 0.12, 18], 'burgundy'),
  named(/\b(?:red|vermilion|scarlet|crimson)\b/, [0.56, 0.2, 28], 'ink'),
  named(/\b(?:orange|tangerine)\b/, [0.7, 0.17, 52], 'tangerine'),
  named(/\b(?:gold|golden|amber)\b/, [0.76, 0.12, 80], 'marigold'),
  named(/\b(?:yellow|marigold|mustard|sunflower)\b/, [0.82, 0.155, 85], 'marigold'),
  named(/\b(?:olive|khaki)\b/, [0.45, 0.08, 118], 'olive'),
  named(/\bsage\b/, [0.6, 0.06, 145], 'forest'),
  named(/\bmint\b/, [0.78, 0.1, 165], 'mint'),
  named(/\b(?:forest|emerald|moss|dark green|deep green|green)\b/, [0.42, 0.1, 152], 'forest'),
  named(/\b(?:teal|turquoise|cyan|petrol)\b/, [0.5, 0.09, 195], 'teal'),
  named(/\b(?:ocean|sea) ?(?:blue|colou?rs?|tones?)\b/, [0.43, 0.085, 225], 'sea'),
  named(/\b(?:sky blue|sky|light blue|baby blue)\b/, [0.62, 0.12, 238], 'sky'),
  named(/\b(?:blue|cobalt|indigo|electric blue|royal blue)\b/, [0.48, 0.19, 262], 'cobalt'),
  named(/\b(?:lilac|lavender|violet|purple)\b/, [0.5, 0.16, 297], 'lilac'),
  named(/\b(?:plum|aubergine|mauve|magenta)\b/, [0.42, 0.12, 340], 'plum'),
  named(/\b(?:pink|rose|blush|coral|salmon|pastels?)\b/, [0.66, 0.14, 8], 'rose'),
  named(/\b(?:brown|chocolate|caramel|coffee colou?rs?|tan)\b/, [0.42, 0.07, 48], 'espresso'),
  named(/\b(?:terracotta|rust|clay|earth tones?|earthy|warm colou?rs|warm tones|warm palette)\b/, [0.54, 0.13, 40], 'terracotta'),
];

function named(names: RegExp, [l, c, h]: readonly [number, number, number], palette: string, pale = false): NamedColor {
  return { names, value: color(l, c, h), palette, ...(pale ? { pale } : {}) };
}

/** A palette from the colours a text names: a house palette for one, a mix for two or three. */
export function paletteIn(text: string): PaletteRecipe | undefined {
  const lower = text.toLowerCase();
  const byName = PALETTES.find(({ name, id }) => lower.includes(name) || lower.includes(`${id} palette`));
  if (byName) return byName;
  const found = colorsIn(lower);
  const [first] = found;
  if (!first) return undefined;
  if (found.length === 1) return getPalette(first.palette);
  const lead = found.find(({ pale }) => !pale) ?? first;
  const others = found.filter((entry) => entry !== lead);
  const ground = others.find(({ pale }) => pale);
  const base = getPalette(lead.palette);
  const [second, third] = others.map(({ value }) => value);
  return {
    id: 'custom',
    name: found.map(({ word }) => word).join(' and '),
    neutral: ground ? { c: Math.min(ground.value.c, 0.03), h: ground.value.h } : base.neutral,
    main: lead.value,
    second: second && second.l < 0.95 ? second : base.second,
    third: third && third.l < 0.95 ? third : base.third,
  };
}

function colorsIn(text: string): (NamedColor & { word: string; at: number })[] {
  let rest = text;
  const found: (NamedColor & { word: string; at: number })[] = [];
  for (const entry of COLORS) {
    const match = entry.names.exec(rest);
    if (!match) continue;
    found.push({ ...entry, word: match[0], at: match.index });
    rest = rest.replace(match[0], '_'.repeat(match[0].length));
  }
  return found.sort((a, b) => a.at - b.at).slice(0, 3);
}

const WARM = ['terracotta', 'espresso', 'tangerine', 'burgundy', 'marigold', 'rose'];
const COOL = ['sea', 'teal', 'cobalt', 'navy', 'sky', 'mint'];
const SOFT = ['rose', 'sky', 'lilac', 'olive', 'mint'];
const BOLD = ['ink', 'cobalt', 'tangerine', 'lilac', 'marigold'];

/** A house palette in the direction asked for, other than the one in use. */
export function paletteTowards(text: string, current: string): PaletteRecipe | undefined {
  const lower = text.toLowerCase();
  const list = /warm/.test(lower)
    ? WARM
    : /cool|cold/.test(lower)
      ? COOL
      : /soft|calm|muted|pale|gentle|light(?:er)? colou?r/.test(lower)
        ? SOFT
        : /bold|bright|vivid|strong|vibrant|colou?rful|pop/.test(lower)
          ? BOLD
          : /(?:another|other|different|new|change|random|else)\b/.test(lower)
            ? PALETTES.map(({ id }) => id)
            : undefined;
  if (!list) return undefined;
  const at = list.indexOf(current);
  return getPalette(list[(at + 1) % list.length]!);
}
