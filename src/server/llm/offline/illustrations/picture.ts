import type { Random } from '../random.ts';
import { drawBackdrop } from './backdrops.ts';
import type { BackdropName } from './backdrops.ts';
import { INK, TONE, at, circle, ellipse, group, rect, shape } from './kit.ts';
import { drawMotif } from './motifs.ts';

/** The formats that pictures come in, in the units of their view box. */
export const FORMATS = {
  tall: [640, 760],
  wide: [1280, 560],
  scene: [680, 520],
  tile: [480, 420],
  spot: [160, 160],
  portrait: [240, 260],
} as const satisfies Record<string, readonly [number, number]>;
export type Format = keyof typeof FORMATS;

export interface PictureSpec {
  format: Exclude<Format, 'spot' | 'portrait'>;
  backdrop: BackdropName;
  /** From left to right; the middle one is the largest. */
  motifs: readonly string[];
}

/** A still life: objects on a ground, coloured by the site's tokens. */
export function drawPicture(spec: PictureSpec, random: Random): string {
  const [w, h] = FORMATS[spec.format];
  const { art, ground } = drawBackdrop(spec.backdrop, w, h, random, spec.motifs.length > 0);
  return svgFile(w, h, [art, ...placeMotifs(spec, w, h, ground)]);
}

function placeMotifs(spec: PictureSpec, w: number, h: number, ground: number): string[] {
  const count = spec.motifs.length;
  const room = { tall: 0.66, wide: 0.34, scene: 0.56, tile: 0.62 }[spec.format] * w;
  const middle = (count - 1) / 2;
  const placed = spec.motifs.map((name, index) => {
    const away = Math.abs(index - middle);
    const size = Math.min(room, h * 0.72) * (count === 1 ? 1 : 1 - 0.22 * away);
    const spread = Math.min((w * 0.94 - size) / Math.max(1, count - 1), size * 0.86);
    const x = w / 2 + (index - middle) * spread;
    const y = ground + away * h * 0.012;
    const scale = size / 200;
    return { depth: -away, art: group(at(x - size / 2, y - 176 * scale, scale), drawMotif(name)) };
  });
  return placed.sort((a, b) => a.depth - b.depth).map(({ art }) => art);
}

/** One object on a coloured ground that fills the tile. */
export function drawTile(motif: string, random: Random): string {
  const [w, h] = FORMATS.tile;
  const ground = random.pick([TONE.secondGround, TONE.mainSoft, TONE.thirdSoft, INK.sky, TONE.haze]);
  const decor = random.pick([
    () => circle(w * 0.5, h * 0.48, h * 0.36, TONE.haze),
    () => shape(`M0 ${h * 0.7}H${w}V${h}H0Z`, TONE.mainSoft),
    () => shape(`M0 ${h}V${h * 0.5}C${w * 0.3} ${h * 0.3} ${w * 0.6} ${h * 0.9} ${w} ${h * 0.6}V${h}Z`, TONE.secondGround),
    () => shape(`M${w * 0.5} 0H${w}V${h}H${w * 0.5}Z`, TONE.haze),
  ])();
  const scale = 1.42;
  return svgFile(w, h, [rect(0, 0, w, h, ground), decor, group(at(w / 2 - 100 * scale, h * 0.86 - 176 * scale, scale), drawMotif(motif))]);
}

/** A small object on a round ground. */
export function drawSpot(motif: string, random: Random): string {
  const ground = random.pick([
    () => circle(80, 80, 78, INK.sky),
    () => rect(4, 4, 152, 152, INK.sky, 44),
    () => shape('M80 4c52 0 78 30 74 82c-4 44 -34 70 -78 70s-72 -34 -72 -78s26 -74 76 -74Z', INK.sky),
  ])();
  return svgFile(160, 160, [ground, group(at(24, 22, 0.56), drawMotif(motif))]);
}

/** A person, simply. Those drawn from one stream differ by their place in the row. */
export function drawPortrait(random: Random, place = 0): string {
  const inTurn = <T>(choices: readonly T[]): T => random.shuffle(choices)[place % choices.length]!;
  const [w, h] = FORMATS.portrait;
  const skin = inTurn(['oklch(0.84 0.05 60)', 'oklch(0.72 0.075 55)', 'oklch(0.58 0.075 50)', 'oklch(0.46 0.06 48)']);
  const hair = inTurn(['oklch(0.24 0.02 50)', 'oklch(0.38 0.06 45)', 'oklch(0.7 0.08 75)', 'oklch(0.27 0.03 300)', 'oklch(0.72 0.008 80)']);
  const hairs: readonly (() => string)[] = [
    () => shape('M74 116c-6 -56 22 -74 48 -74s52 20 46 74c-6 -26 -16 -34 -46 -38c-26 2 -42 12 -48 38Z', hair),
    () =>
      [
        shape('M66 178c-6 -90 6 -138 54 -138s60 48 54 138c-14 6 -20 6 -24 4v-94H90v94c-4 2 -12 2 -24 -4Z', hair),
        shape('M80 96c0 -30 18 -40 40 -40s40 10 40 40c-30 -4 -50 -10 -58 -22c-4 12 -12 18 -22 22Z', hair),
      ].join('\n'),
    () =>
      [circle(120, 46, 22, hair), shape('M76 104c-2 -40 18 -54 44 -54s46 14 44 54c-8 -18 -22 -26 -44 -26s-36 8 -44 26Z', hair)].join('\n'),
    () => [78, 98, 120, 142, 162].map((x, i) => circle(x, i % 4 === 0 ? 92 : 68 - (i === 2 ? 8 : 0), 22, hair)).join('\n'),
    () => shape('M78 96c-2 -12 2 -40 42 -42c36 -2 48 20 44 44c-6 -10 -10 -18 -22 -20c-22 6 -50 0 -64 18Z', hair),
  ];
  const coat = inTurn([INK.main, INK.second, INK.third, TONE.mainDeep]);
  return svgFile(w, h, [
    rect(0, 0, w, h, inTurn([INK.sky, TONE.secondGround, TONE.mainSoft, TONE.thirdSoft])),
    shape(`M30 ${h}c4 -54 36 -72 90 -72s86 18 90 72Z`, coat),
    rect(100, 150, 40, 44, skin, 18),
    ellipse(120, 112, 42, 52, skin),
    shape('M96 190c10 20 38 20 48 0l10 4c-10 34 -58 34 -68 0Z', INK.paper),
    inTurn(hairs)(),
  ]);
}

/** Lines stay short so that every tool that reads the file shows it whole. */
function svgFile(w: number, h: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}">\n${parts.join('\n').replaceAll('><', '>\n<')}\n</svg>\n`;
}
