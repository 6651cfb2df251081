import { color } from './color.ts';
import type { PaletteRecipe } from './palette.ts';

/** The house palettes. `second` and `third` live mostly in pictures. */
export const PALETTES: readonly PaletteRecipe[] = [
  recipe('terracotta', 'terracotta and sage', [0.016, 65], [0.53, 0.13, 38], [0.78, 0.1, 72], [0.52, 0.055, 150]),
  recipe('espresso', 'espresso and caramel', [0.017, 70], [0.4, 0.06, 48], [0.73, 0.115, 66], [0.57, 0.075, 45]),
  recipe('olive', 'olive and clay', [0.018, 105], [0.42, 0.065, 125], [0.68, 0.11, 50], [0.8, 0.09, 92]),
  recipe('forest', 'forest and moss', [0.012, 150], [0.38, 0.07, 158], [0.74, 0.1, 118], [0.62, 0.12, 48]),
  recipe('sea', 'deep sea and sand', [0.012, 215], [0.43, 0.085, 225], [0.84, 0.06, 82], [0.67, 0.09, 200]),
  recipe('ink', 'ink and vermilion', [0.007, 80], [0.57, 0.2, 30], [0.83, 0.05, 80], [0.4, 0.04, 255]),
  recipe('navy', 'navy and cream', [0.024, 88], [0.34, 0.095, 262], [0.83, 0.085, 82], [0.58, 0.1, 248]),
  recipe('plum', 'plum and rose', [0.014, 345], [0.4, 0.115, 345], [0.78, 0.085, 20], [0.55, 0.09, 300]),
  recipe('marigold', 'marigold and charcoal', [0.014, 88], [0.82, 0.155, 80], [0.6, 0.15, 42], [0.38, 0.03, 250]),
  recipe('rose', 'powder rose and wine', [0.018, 25], [0.46, 0.125, 12], [0.83, 0.07, 25], [0.63, 0.07, 130]),
  recipe('lilac', 'lilac and citron', [0.015, 300], [0.5, 0.16, 295], [0.87, 0.13, 108], [0.72, 0.1, 330]),
  recipe('cobalt', 'cobalt and coral', [0.006, 260], [0.48, 0.21, 264], [0.73, 0.15, 32], [0.85, 0.07, 225]),
  recipe('teal', 'teal and apricot', [0.012, 190], [0.46, 0.085, 190], [0.81, 0.105, 62], [0.62, 0.1, 165]),
  recipe('graphite', 'graphite and paper', [0.003, 90], [0.26, 0.006, 90], [0.8, 0.008, 90], [0.56, 0.008, 90]),
  recipe('mint', 'mint and aubergine', [0.014, 165], [0.44, 0.095, 168], [0.87, 0.08, 160], [0.42, 0.09, 325]),
  recipe('burgundy', 'burgundy and gold', [0.015, 60], [0.36, 0.11, 18], [0.76, 0.1, 82], [0.5, 0.07, 40]),
  recipe('sky', 'sky and sunflower', [0.01, 235], [0.52, 0.13, 242], [0.87, 0.14, 92], [0.74, 0.1, 165]),
  recipe('tangerine', 'tangerine and teal', [0.014, 70], [0.7, 0.17, 52], [0.5, 0.08, 195], [0.88, 0.08, 85]),
];

type Triple = [l: number, c: number, h: number];

function recipe(id: string, name: string, neutral: [c: number, h: number], main: Triple, second: Triple, third: Triple): PaletteRecipe {
  return { id, name, neutral: { c: neutral[0], h: neutral[1] }, main: color(...main), second: color(...second), third: color(...third) };
}

/** @throws Error for an id that is not in the house. */
export function getPalette(id: string): PaletteRecipe {
  const found = PALETTES.find((palette) => palette.id === id);
  if (!found) throw new Error(`There is no palette called ${id}.`);
  return found;
}
