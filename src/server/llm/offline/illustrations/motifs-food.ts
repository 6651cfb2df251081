import { INK, TONE, at, circle, ellipse, group, leaf, rect, ring, shape, stroke } from './kit.ts';
import type { MotifBook } from './motif.ts';

const { main, second, third, paper, dark } = INK;

const steam = (x: number, y: number) =>
  stroke(`M${x} ${y}c-8 -10 8 -16 0 -28M${x + 18} ${y - 6}c-8 -10 8 -16 0 -28M${x - 18} ${y - 6}c-8 -10 8 -16 0 -28`, TONE.mainSoft, 3.5);

export const FOOD: MotifBook = {
  cup: () =>
    [
      ellipse(100, 171, 70, 9, second),
      ellipse(100, 168, 46, 5, TONE.secondDeep),
      stroke('M140 108c30 -8 32 34 -6 36', paper, 9),
      shape('M54 92h92c2 48 -16 76 -46 76s-48 -28 -46 -76Z', paper),
      shape('M118 92h28c2 48 -16 76 -46 76c20 -8 24 -40 18 -76Z', TONE.paperShade),
      ellipse(100, 92, 46, 10, TONE.paperShade),
      ellipse(100, 93, 40, 7.5, TONE.mainDeep),
      steam(100, 72),
    ].join('\n'),
  bag: () =>
    [
      shape('M58 52h84l8 124H50Z', main),
      shape('M116 52h26l8 124h-30Z', TONE.mainDeep),
      shape('M58 34h84v20H58Z', TONE.mainDeep),
      stroke('M58 44h84', main, 2),
      rect(74, 86, 52, 58, paper, 3),
      circle(100, 108, 12, second),
      stroke('M84 130h32M90 137h20', dark, 2.2),
    ].join('\n'),
  dripper: () =>
    [
      shape('M66 120h68l12 46c2 6 -2 10 -8 10H62c-6 0 -10 -4 -8 -10Z', TONE.haze),
      shape('M60 146h80l6 20c2 6 -2 10 -8 10H62c-6 0 -10 -4 -8 -10Z', TONE.mainDeep),
      rect(60, 112, 80, 9, second, 4),
      shape('M48 58h104l-36 54H84Z', paper),
      shape('M120 58h32l-36 54h-10Z', TONE.paperShade),
      ellipse(100, 58, 52, 9, second),
      ellipse(100, 59, 42, 6, TONE.mainDeep),
      stroke('M146 128c26 -4 24 34 -2 34', third, 6),
      stroke('M100 18c-4 10 4 16 0 28', TONE.mainSoft, 4),
    ].join('\n'),
  beans: () =>
    [
      [62, 150, -24],
      [104, 158, 18],
      [144, 148, -50],
      [82, 118, 40],
      [124, 116, -12],
      [102, 84, 62],
    ]
      .map(([x, y, turn], index) =>
        group(
          at(x!, y!, 1.1, turn),
          ellipse(0, 0, 23, 15, index % 3 ? main : TONE.mainDeep),
          stroke('M-20 2c12 -10 26 8 40 -3', index % 3 ? TONE.mainDeep : main, 3),
        ),
      )
      .join('\n'),
  loaf: () =>
    [
      ellipse(100, 168, 84, 9, TONE.mainSoft),
      shape('M18 142c0 -46 34 -70 82 -70s82 24 82 70c0 20 -14 28 -34 28H52c-20 0 -34 -8 -34 -28Z', second),
      shape('M18 142c0 20 14 28 34 28h96c20 0 34 -8 34 -28c-20 12 -144 14 -164 0Z', TONE.secondDeep),
      stroke('M56 124c6 -18 12 -28 24 -36M92 122c4 -18 10 -30 22 -38M128 124c4 -14 8 -24 18 -32', paper, 6),
      stroke('M36 150h0M66 156h0M102 158h0M140 154h0M164 146h0', paper, 3),
    ].join('\n'),
  croissant: () =>
    [
      ellipse(100, 160, 76, 9, TONE.mainSoft),
      shape('M18 142c-6 -26 12 -46 34 -58c10 20 8 46 -2 66c-12 8 -28 6 -32 -8Z', TONE.secondDeep),
      shape('M182 142c6 -26 -12 -46 -34 -58c-10 20 -8 46 2 66c12 8 28 6 32 -8Z', TONE.secondDeep),
      shape('M48 88c10 -14 20 -20 32 -24c8 26 4 62 -8 86c-10 4 -20 4 -26 0c8 -20 8 -44 2 -62Z', second),
      shape('M152 88c-10 -14 -20 -20 -32 -24c-8 26 -4 62 8 86c10 4 20 4 26 0c-8 -20 -8 -44 -2 -62Z', second),
      shape('M76 64c16 -8 32 -8 48 0c10 28 4 66 -8 86c-10 6 -22 6 -32 0c-12 -20 -18 -58 -8 -86Z', TONE.secondSoft),
      stroke('M92 78c-4 20 -2 44 4 62M112 78c4 18 2 40 -2 56', second, 3),
    ].join('\n'),
  wheat: () =>
    [-22, 0, 22]
      .map((turn, stem) =>
        group(
          at(100, 180, 1, turn),
          stroke('M0 0V-118', third, 4),
          ...[0, 1, 2, 3, 4].flatMap((row) => [
            group(at(0, -62 - row * 15, 1, 34), leaf(25, 8, stem === 1 ? second : TONE.secondDeep)),
            group(at(0, -62 - row * 15, 1, -34), leaf(25, 8, stem === 1 ? TONE.secondDeep : second)),
          ]),
          group(at(0, -132, 1, 0), leaf(26, 8, second)),
        ),
      )
      .join('\n'),
  plate: () =>
    [
      circle(100, 108, 68, paper),
      ring(100, 108, 48, TONE.paperShade, 3),
      group(at(92, 126, 1, -38), leaf(58, 18, third, paper)),
      group(at(108, 128, 1, 24), leaf(52, 16, TONE.thirdDeep, paper)),
      circle(86, 122, 11, main),
      circle(112, 130, 9, TONE.mainDeep),
      circle(102, 112, 7, second),
      stroke('M16 62v34c0 12 12 12 12 0V62M22 62v108', second, 4.5),
      shape('M176 58c14 10 14 46 2 60v50c0 4 -6 4 -6 0V60Z', second),
    ].join('\n'),
  bowl: () =>
    [
      ellipse(100, 172, 50, 7, TONE.mainSoft),
      circle(72, 92, 20, third),
      circle(104, 82, 24, second),
      circle(134, 94, 18, main),
      group(at(88, 92, 1, -20), leaf(46, 14, TONE.thirdDeep, paper)),
      shape('M26 98h148c0 46 -30 74 -74 74s-74 -28 -74 -74Z', paper),
      shape('M130 98h44c0 46 -30 74 -74 74c30 -10 38 -44 30 -74Z', TONE.paperShade),
      stroke('M40 118h92', main, 4),
      stroke('M134 60l36 -40M146 66l38 -34', TONE.secondDeep, 4),
    ].join('\n'),
  wine: () =>
    [
      shape('M52 30h22v38c0 12 12 16 12 34v66c0 5 -3 8 -8 8H48c-5 0 -8 -3 -8 -8v-66c0 -18 12 -22 12 -34Z', TONE.mainDeep),
      rect(51, 20, 24, 24, second, 3),
      rect(40, 112, 46, 38, paper),
      stroke('M50 124h26M54 134h18', main, 3),
      shape('M112 78h56c4 36 -8 56 -28 56s-32 -20 -28 -56Z', TONE.haze),
      shape('M112 98h57c0 22 -10 36 -29 36s-29 -14 -28 -36Z', main),
      stroke('M140 134v38M120 174h40', paper, 4.5),
    ].join('\n'),
  glass: () =>
    [
      shape('M40 54h120l-60 66Z', TONE.haze),
      shape('M56 72h88l-44 48Z', second),
      stroke('M100 120v52M72 174h56', paper, 5),
      circle(150, 48, 20, main),
      circle(150, 48, 13, TONE.secondSoft),
      stroke('M150 36v24M138 48h24', main, 2),
      stroke('M112 74L82 24', third, 4),
    ].join('\n'),
  cake: () =>
    [
      ellipse(100, 170, 76, 8, TONE.paperShade),
      rect(42, 118, 116, 50, second, 6),
      rect(58, 76, 84, 46, paper, 6),
      shape('M42 124c0 -10 116 -10 116 0v12c-8 14 -16 0 -24 4s-12 12 -22 2s-14 10 -24 0s-18 8 -26 -2s-16 4 -20 -6Z', main),
      stroke('M80 76V52M100 76V48M120 76V52', third, 5),
      ...[80, 100, 120].map((x, index) => group(at(x, index === 1 ? 46 : 50), leaf(16, 6, TONE.secondDeep))),
    ].join('\n'),
  cone: () =>
    [
      shape('M64 96h72l-36 84Z', second),
      stroke('M76 104l36 46M92 100l28 34M124 104l-36 46M108 100l-28 34', TONE.secondDeep, 2.5),
      circle(78, 80, 30, main),
      circle(124, 80, 30, TONE.secondSoft),
      circle(100, 50, 30, third),
      rect(60, 88, 80, 12, TONE.secondDeep, 6),
    ].join('\n'),
  pot: () =>
    [
      shape('M40 92h120v58c0 16 -10 26 -26 26H66c-16 0 -26 -10 -26 -26Z', main),
      shape('M128 92h32v58c0 16 -10 26 -26 26h-20c12 -16 16 -50 14 -84Z', TONE.mainDeep),
      rect(30, 84, 140, 12, TONE.mainDeep, 6),
      stroke('M40 112H22M160 112h18', TONE.mainDeep, 9),
      shape('M52 84c4 -22 92 -22 96 0Z', second),
      circle(100, 60, 8, TONE.mainDeep),
      steam(100, 44),
    ].join('\n'),
  crate: () =>
    [
      group(at(62, 104, 1, -14), leaf(46, 16, third, TONE.thirdDeep)),
      group(at(84, 104, 1, 8), leaf(56, 16, TONE.thirdDeep, third)),
      circle(116, 96, 24, main),
      stroke('M116 74c0 -8 6 -12 10 -12', third, 4),
      circle(148, 104, 20, second),
      circle(60, 108, 16, second),
      rect(28, 108, 144, 18, TONE.secondDeep, 3),
      rect(28, 131, 144, 18, TONE.secondDeep, 3),
      rect(28, 154, 144, 22, TONE.secondDeep, 3),
      rect(36, 108, 12, 68, second),
      rect(152, 108, 12, 68, second),
    ].join('\n'),
};
