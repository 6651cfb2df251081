import type { MotifBook } from './motif.ts';
import { FOOD } from './motifs-food.ts';
import { NATURE } from './motifs-nature.ts';
import { THINGS } from './motifs-things.ts';
import { WORK } from './motifs-work.ts';

const ALL: MotifBook = { ...FOOD, ...NATURE, ...WORK, ...THINGS };

export const MOTIF_NAMES: readonly string[] = Object.keys(ALL);

/** @throws Error for a motif nobody has drawn. */
export function drawMotif(name: string): string {
  const motif = ALL[name];
  if (!motif) throw new Error(`There is no motif called ${name}.`);
  return motif();
}
