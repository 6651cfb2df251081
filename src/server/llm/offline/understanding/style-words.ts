import type { Theme } from '../design/stylesheet.ts';
import type { Layout } from '../sections/section.ts';

const TYPE_WORDS: readonly (readonly [id: string, words: RegExp])[] = [
  ['technical', /\b(?:mono(?:space)?|technical|developer|techy|futuristic|geeky|brutalist)\b/],
  ['bookish', /\b(?:bookish|literary|all serif|serif throughout|old-?fashioned|vintage)\b/],
  ['warm', /\b(?:serif headings?|warm serif|soft serif|rustic|cosy|cozy|homely|fraunces)\b/],
  ['classic', /\b(?:serif|classic|elegant|luxur\w+|traditional|timeless|refined|newsreader)\b/],
  ['lively', /\b(?:playful|fun|quirky|bold|loud|lively|punchy|bricolage)\b/],
  ['friendly', /\b(?:friendly|round(?:ed)?|kids?|soft fonts?|figtree)\b/],
  ['modern', /\b(?:modern|sans(?:-?serif)?|minimal(?:ist|istic)?|clean|swiss|contemporary|sleek)\b/],
];

const LAYOUT_WORDS: readonly (readonly [Layout, RegExp])[] = [
  ['centered', /\bcent(?:er|re|ered|red)\b/],
  ['editorial', /\b(?:editorial|magazine|newspaper|typographic|minimal(?:ist|istic)?)\b/],
  ['poster', /\b(?:poster|bold|loud|punchy|full[- ]bleed|colou?rful hero)\b/],
  ['product', /\b(?:bento|product layout|app layout|saas layout)\b/],
  ['mosaic', /\b(?:mosaic|picture[- ]first|image[- ]heavy|visual|masonry)\b/],
  ['split', /\b(?:split|two[- ]column|side[- ]by[- ]side|picture (?:on the )?right)\b/],
];

export const pairingIdIn = (text: string) => firstOf(TYPE_WORDS, text);
export const layoutIn = (text: string) => firstOf(LAYOUT_WORDS, text);

export function themeIn(text: string): Theme | undefined {
  const lower = text.toLowerCase();
  if (
    /\bdark(?:[- ](?:mode|theme|background|site|design|look|version))\b|\b(?:moody|all dark|in dark|make it dark)\b|,\s*dark\s*(?:$|[,.])/.test(
      lower,
    )
  )
    return 'dark';
  return /\blight(?:[- ](?:mode|theme|only))\b|\bno dark\b/.test(lower) ? 'light' : undefined;
}

function firstOf<T>(table: readonly (readonly [T, RegExp])[], text: string): T | undefined {
  const lower = text.toLowerCase();
  return table.find(([, words]) => words.test(lower))?.[0];
}
