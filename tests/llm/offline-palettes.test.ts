import { describe, expect, test } from 'vitest';
import { contrast } from '#server/llm/offline/design/color.ts';
import { TEXT_PAIRS, mixPalette } from '#server/llm/offline/design/palette.ts';
import { PALETTES } from '#server/llm/offline/design/palettes.ts';
import { paletteIn } from '#server/llm/offline/understanding/colour-words.ts';

const asked = [
  'navy and cream',
  'yellow',
  'pink and green',
  'black and white',
  'lilac and mustard',
  'orange, teal and ivory',
  'mint',
  'white',
].map((words) => paletteIn(words)!);

describe('palettes', () => {
  test('there are at least ten, each with its own name', () => {
    expect(PALETTES.length).toBeGreaterThanOrEqual(10);
    expect(new Set(PALETTES.map(({ id }) => id)).size).toBe(PALETTES.length);
  });

  test.each([...PALETTES, ...asked].map((palette) => [palette.name, palette] as const))(
    '%s keeps 4.5:1 for text in both themes',
    (_, palette) => {
      const tokens = mixPalette(palette);
      for (const [text, ground] of TEXT_PAIRS) {
        for (const theme of ['light', 'dark'] as const) {
          expect(contrast(tokens[text][theme], tokens[ground][theme]), `${text} on ${ground}, ${theme}`).toBeGreaterThanOrEqual(4.5);
        }
      }
    },
  );

  test('two colours are mixed, one is looked up', () => {
    expect(paletteIn('make it navy and cream')?.id).toBe('navy');
    expect(paletteIn('use pink and green')?.name).toBe('pink and green');
    expect(paletteIn('something green')?.id).toBe('forest');
    expect(paletteIn('add a team section')).toBeUndefined();
  });

  test('black on white is as far apart as it gets', () => {
    expect(contrast({ l: 0, c: 0, h: 0 }, { l: 1, c: 0, h: 0 })).toBeCloseTo(21, 1);
  });
});
