import { INK, TONE, at, circle, ellipse, group, leaf, rect, ring, shape, stroke } from './kit.ts';
import type { MotifBook } from './motif.ts';

const { main, second, third, paper, dark } = INK;

export const THINGS: MotifBook = {
  vases: () =>
    [
      ellipse(100, 174, 84, 6, TONE.mainSoft),
      shape('M30 176c-14 -24 -6 -50 8 -58V92h24v26c14 8 22 34 8 58Z', main),
      shape('M54 92h8v26c14 8 22 34 8 58H56c10 -26 6 -58 -2 -84Z', TONE.mainDeep),
      shape('M86 62c-4 30 -10 40 -10 66c0 30 8 48 14 48h34c6 0 14 -18 14 -48c0 -26 -6 -36 -10 -66Z', paper),
      shape('M116 62h12c4 30 10 40 10 66c0 30 -8 48 -14 48h-12c10 -30 8 -76 4 -114Z', TONE.paperShade),
      stroke('M78 116h58M77 128h60', main, 4),
      shape('M146 130h40c2 28 -4 46 -10 46h-20c-6 0 -12 -18 -10 -46Z', second),
      stroke('M104 62c-6 -20 -18 -26 -22 -42M110 62c4 -22 14 -28 18 -42', third, 3.5),
      group(at(82, 24, 1, -30), leaf(26, 9, third)),
      group(at(128, 24, 1, 30), leaf(26, 9, third)),
      group(at(96, 44, 1, -64), leaf(22, 8, TONE.thirdDeep)),
    ].join('\n'),
  mug: () =>
    [
      stroke('M132 96c34 -4 34 50 -2 50', TONE.mainDeep, 11),
      shape('M48 72h88v88c0 10 -6 16 -16 16H64c-10 0 -16 -6 -16 -16Z', main),
      shape('M48 72h88v34c-24 14 -64 -12 -88 6Z', paper),
      ellipse(92, 72, 44, 9, TONE.paperShade),
      ellipse(92, 73, 36, 6, TONE.mainDeep),
      stroke('M64 134h0M80 146h0M104 138h0M118 152h0M72 160h0', paper, 4),
    ].join('\n'),
  books: () =>
    [
      rect(30, 148, 140, 26, main, 4),
      rect(40, 122, 122, 26, second, 4),
      rect(26, 98, 132, 24, TONE.thirdDeep, 4),
      stroke('M48 148v26M150 148v26M58 122v26M44 98v24M52 98v24', paper, 3),
      shape('M56 96c14 -12 32 -12 44 -2c12 -10 30 -10 44 2l-8 -56c-12 -8 -26 -6 -36 2c-10 -8 -24 -10 -36 -2Z', paper),
      stroke('M100 42v50M74 54l18 2M72 66l20 2M126 54l-18 2M128 66l-20 2', TONE.paperShade, 3),
    ].join('\n'),
  bicycle: () =>
    [
      ring(48, 136, 36, dark, 5),
      ring(152, 136, 36, dark, 5),
      ...[0, 45, 90, 135].flatMap((turn) => [
        group(at(48, 136, 1, turn), stroke('M-34 0H34', TONE.mainSoft, 1.2)),
        group(at(152, 136, 1, turn), stroke('M-34 0H34', TONE.mainSoft, 1.2)),
      ]),
      stroke('M48 136l30 -58h58l-36 58ZM78 78l22 58M136 78l16 58M136 78l-4 -20h22', main, 7),
      stroke('M72 66h22', TONE.mainDeep, 8),
      circle(100, 136, 9, second),
      stroke('M80 68l4 14', main, 6),
    ].join('\n'),
  shirt: () =>
    [
      stroke('M100 44c0 -10 14 -10 14 -20s-14 -12 -20 -4', TONE.secondDeep, 4),
      shape('M72 46l28 12l28 -12l48 26l-16 34l-20 -10v80H60V96L40 106L24 72Z', main),
      shape('M100 58l28 -12l48 26l-16 34l-20 -10v80h-40Z', TONE.mainDeep),
      stroke('M72 46c6 20 50 20 56 0', second, 5),
      stroke('M100 74v88', second, 2),
    ].join('\n'),
  dress: () =>
    [
      stroke('M66 40c10 -10 58 -10 68 0M100 34v-8c0 -6 10 -6 10 -12', TONE.secondDeep, 4),
      shape('M74 40l14 24h24l14 -24l10 8l-14 42l30 86H48l30 -86l-14 -42Z', main),
      shape('M112 64l14 -24l10 8l-14 42l30 86h-40c4 -40 4 -80 0 -112Z', TONE.mainDeep),
      stroke('M78 92h44', second, 6),
    ].join('\n'),
  house: () =>
    [
      rect(44, 86, 112, 90, paper),
      shape('M100 86h56v90h-56Z', TONE.paperShade),
      shape('M28 90L100 32l72 58Z', main),
      rect(134, 40, 16, 30, TONE.mainDeep),
      rect(86, 122, 28, 54, TONE.mainDeep, 2),
      circle(107, 150, 2.5, second),
      rect(56, 104, 22, 24, second),
      rect(124, 104, 22, 24, second),
      stroke('M67 104v24M56 116h22M135 104v24M124 116h22', paper, 3),
      circle(30, 156, 20, third),
      circle(172, 160, 16, TONE.thirdDeep),
      stroke('M8 176h184', third, 4),
    ].join('\n'),
  tower: () =>
    [
      rect(18, 90, 50, 86, TONE.mainSoft),
      rect(74, 34, 56, 142, main),
      rect(102, 34, 28, 142, TONE.mainDeep),
      rect(136, 70, 48, 106, second),
      ...[0, 1, 2, 3, 4, 5].flatMap((row) => [rect(82, 46 + row * 20, 12, 11, paper), rect(110, 46 + row * 20, 12, 11, second)]),
      ...[0, 1, 2, 3].flatMap((row) => [
        rect(144, 82 + row * 20, 12, 11, paper),
        rect(164, 82 + row * 20, 12, 11, TONE.secondDeep),
        ...(row < 3 ? [rect(28, 104 + row * 22, 12, 12, paper), rect(48, 104 + row * 22, 12, 12, paper)] : []),
      ]),
    ].join('\n'),
  key: () =>
    [
      group(at(100, 100, 1, -40), ring(-44, 0, 28, second, 13), stroke('M-14 0H86M60 0v20M78 0v24', second, 11)),
      rect(112, 112, 44, 56, main, 6),
      circle(122, 122, 4, paper),
      stroke('M124 142h20M124 152h14', paper, 3),
    ].join('\n'),
  bed: () =>
    [
      rect(18, 62, 12, 114, TONE.secondDeep, 4),
      rect(170, 96, 12, 80, TONE.secondDeep, 4),
      rect(24, 122, 152, 32, paper, 6),
      rect(34, 98, 50, 28, TONE.secondSoft, 12),
      shape('M80 112h82c8 0 14 6 14 14v28H66c0 -24 4 -42 14 -42Z', main),
      stroke('M84 118v34M100 114v40M116 114v40M132 114v40M148 114v40', TONE.mainDeep, 2),
      rect(120, 22, 56, 56, TONE.haze, 4),
      circle(150, 50, 14, second),
      stroke('M120 22h56v56h-56Z', TONE.secondDeep, 4),
    ].join('\n'),
  suitcase: () =>
    [
      stroke('M76 62V44c0 -6 4 -8 8 -8h32c4 0 8 2 8 8v18', TONE.mainDeep, 7),
      rect(26, 62, 148, 108, main, 14),
      rect(26, 62, 42, 108, TONE.mainDeep, 14),
      rect(52, 62, 16, 108, second),
      rect(132, 62, 16, 108, second),
      circle(102, 118, 18, paper),
      shape('M102 104l6 12l12 2l-12 6l-6 12l-6 -12l-12 -6l12 -2Z', third),
      rect(44, 168, 16, 8, dark, 3),
      rect(140, 168, 16, 8, dark, 3),
    ].join('\n'),
  compass: () =>
    [
      circle(100, 106, 66, TONE.secondDeep),
      circle(100, 106, 56, paper),
      ring(100, 106, 44, TONE.paperShade, 2),
      group(at(100, 106, 1, 34), shape('M0 -44l13 44h-26Z', main), shape('M0 44l13 -44h-26Z', TONE.mainDeep)),
      circle(100, 106, 6, second),
      ring(100, 30, 9, TONE.secondDeep, 5),
      stroke('M100 54v6M100 152v6M48 106h6M146 106h6', dark, 4),
    ].join('\n'),
  saw: () =>
    [
      rect(12, 148, 176, 16, second, 3),
      stroke('M30 154h60M112 158h50', TONE.secondDeep, 2),
      group(
        at(100, 104, 1, -24),
        shape('M-86 -14h118v34l-118 -12Z', paper),
        stroke('M-84 12l8 6l6 -5l8 6l6 -5l8 6l6 -5l8 6l6 -5l8 6l6 -5l8 6l6 -5l8 6l6 -5l8 6', TONE.paperShade, 3),
        shape('M30 -24h30c14 0 22 10 22 26s-8 26 -22 26H30Z', main),
        rect(44, -8, 22, 22, TONE.mainDeep, 8),
      ),
      rect(24, 164, 14, 14, TONE.secondDeep),
      rect(162, 164, 14, 14, TONE.secondDeep),
    ].join('\n'),
  chair: () =>
    [
      stroke('M62 30v146M138 30v146M62 116l-8 60M138 116l8 60', TONE.secondDeep, 7),
      rect(58, 34, 84, 14, second, 5),
      rect(58, 58, 84, 14, second, 5),
      rect(58, 82, 84, 12, second, 5),
      shape('M54 110h92l8 18H46Z', main),
      stroke('M58 152h84', TONE.secondDeep, 5),
    ].join('\n'),
  hammer: () =>
    [
      group(
        at(100, 110, 1, 38),
        rect(-9, -40, 18, 112, second, 6),
        shape('M-50 -70h78c14 0 22 8 22 18h-16l-10 14h-74Z', TONE.mainDeep),
        rect(-58, -74, 16, 40, main, 4),
      ),
      circle(44, 158, 9, main),
      circle(66, 168, 6, third),
    ].join('\n'),
  scissors: () =>
    [
      group(at(100, 92, 1, 24), shape('M-6 -80c10 10 12 50 8 84h-10Z', paper), ring(-14, 56, 19, main, 8), stroke('M-2 4l-6 34', main, 8)),
      group(
        at(100, 92, 1, -24),
        shape('M6 -80c-10 10 -12 50 -8 84h10Z', TONE.paperShade),
        ring(14, 56, 19, TONE.mainDeep, 8),
        stroke('M2 4l6 34', TONE.mainDeep, 8),
      ),
      circle(100, 94, 5, second),
    ].join('\n'),
  comb: () =>
    [
      rect(20, 70, 160, 26, main, 10),
      ...Array.from({ length: 17 }, (_, i) => rect(28 + i * 8.8, 92, 4.6, 42, i > 9 ? TONE.mainDeep : main, 2)),
      rect(60, 30, 60, 22, second, 8),
      rect(118, 34, 50, 14, TONE.secondDeep, 7),
      rect(40, 150, 120, 14, third, 7),
    ].join('\n'),
  pole: () =>
    [
      rect(72, 30, 56, 14, second, 6),
      rect(78, 44, 44, 110, paper),
      shape('M78 62l44 -18v18l-44 18ZM78 98l44 -18v18l-44 18ZM78 134l44 -18v18l-44 18Z', main),
      shape('M78 80l44 -18v8l-44 18ZM78 116l44 -18v8l-44 18ZM78 150l44 -16v8l-30 12H78Z', third),
      rect(72, 154, 56, 14, second, 6),
      circle(100, 22, 11, second),
    ].join('\n'),
  kettlebell: () =>
    [
      ellipse(100, 174, 56, 6, TONE.mainSoft),
      stroke('M72 96c-12 -60 68 -60 56 0', TONE.mainDeep, 15),
      circle(100, 126, 50, main),
      shape('M100 76a50 50 0 0 1 0 100c22 -22 22 -76 0 -100Z', TONE.mainDeep),
      circle(100, 128, 20, paper),
      stroke('M92 120v16M92 128l10 -8M92 128l10 8', dark, 3.5),
    ].join('\n'),
  barbell: () =>
    [
      stroke('M8 110h184', TONE.secondDeep, 7),
      rect(34, 62, 18, 96, main, 6),
      rect(148, 62, 18, 96, main, 6),
      rect(54, 76, 12, 68, second, 5),
      rect(134, 76, 12, 68, second, 5),
      rect(22, 80, 10, 60, TONE.mainDeep, 4),
      rect(168, 80, 10, 60, TONE.mainDeep, 4),
    ].join('\n'),
  mat: () =>
    [
      rect(22, 150, 132, 22, main, 4),
      circle(152, 150, 24, TONE.mainDeep),
      circle(152, 150, 14, main),
      circle(152, 150, 6, second),
      circle(78, 62, 15, second),
      shape(
        'M60 82h36c8 26 24 38 44 46l-6 12c-28 -6 -36 -16 -42 -26v24c26 0 36 4 36 12H30c0 -10 10 -12 26 -14v-22c-8 10 -18 16 -34 20l-4 -12c22 -6 36 -18 42 -40Z',
        third,
      ),
    ].join('\n'),
  tooth: () =>
    [
      shape(
        'M50 56c16 -18 34 -8 50 -4c16 -4 34 -14 50 4c18 24 4 50 -2 70c-4 20 -6 50 -20 50s-12 -42 -28 -42s-14 42 -28 42s-16 -30 -20 -50c-6 -20 -20 -46 -2 -70Z',
        paper,
      ),
      shape('M128 48c10 -2 16 2 22 8c18 24 4 50 -2 70c-4 20 -6 50 -20 50c16 -34 22 -90 0 -128Z', TONE.paperShade),
      stroke('M72 72c4 -6 10 -6 16 -4', main, 5),
      group(at(156, 40), stroke('M0 -16V16M-16 0H16', second, 5)),
    ].join('\n'),
  heart: () =>
    [
      shape(
        'M100 172C40 130 22 104 22 76c0 -24 18 -40 40 -40c16 0 30 8 38 24c8 -16 22 -24 38 -24c22 0 40 16 40 40c0 28 -18 54 -78 96Z',
        main,
      ),
      stroke('M34 98h34l12 -22l16 46l14 -34l8 10h48', paper, 6),
    ].join('\n'),
  stethoscope: () =>
    [
      stroke('M56 30v36c0 26 16 40 34 40s34 -14 34 -40V30', TONE.mainDeep, 8),
      stroke('M90 106v24c0 26 16 40 36 40s34 -14 34 -36', main, 8),
      circle(160, 122, 17, second),
      circle(160, 122, 8, paper),
      rect(46, 22, 20, 12, dark, 5),
      rect(114, 22, 20, 12, dark, 5),
    ].join('\n'),
  blocks: () =>
    [
      rect(24, 118, 58, 58, main, 6),
      rect(88, 118, 58, 58, second, 6),
      rect(56, 58, 58, 58, third, 6),
      circle(53, 147, 16, paper),
      shape('M117 132l16 30h-32Z', paper),
      rect(72, 74, 26, 26, paper, 4),
      shape('M148 58l26 -28l14 34l-26 22Z', TONE.mainSoft),
      stroke('M162 86c-10 16 12 20 2 34', TONE.mainDeep, 3),
    ].join('\n'),
  kite: () =>
    [
      shape('M110 16l48 52l-48 66L62 68Z', main),
      shape('M110 16l48 52h-48Z', second),
      shape('M110 134V68H62Z', third),
      stroke('M110 134c-14 16 14 22 -4 42', TONE.mainDeep, 3),
      shape('M98 150l14 6l-12 8ZM112 166l-14 2l10 10Z', second),
      ellipse(38, 150, 26, 12, TONE.haze),
      ellipse(164, 156, 22, 10, TONE.haze),
    ].join('\n'),
  rings: () =>
    [
      ring(76, 112, 46, second, 10),
      ring(126, 112, 46, TONE.secondDeep, 10),
      shape('M76 40l18 16l-18 24l-18 -24Z', paper),
      shape('M76 40l18 16H58Z', TONE.mainSoft),
      group(at(150, 172, 1, 30), leaf(40, 12, third)),
      group(at(50, 172, 1, -30), leaf(40, 12, third)),
    ].join('\n'),
  letter: () =>
    [
      rect(22, 56, 156, 112, paper, 6),
      shape('M22 62l78 62l78 -62v-2c0 -2 -2 -4 -6 -4H28c-4 0 -6 2 -6 4Z', TONE.secondSoft),
      stroke('M24 164l54 -56M176 164l-54 -56', TONE.paperShade, 3),
      circle(100, 118, 17, main),
      stroke('M92 118l6 6l12 -12', paper, 4),
    ].join('\n'),
  brush: () =>
    [
      shape(
        'M26 112c0 -40 34 -66 76 -66c44 0 76 26 72 58c-2 20 -22 18 -36 18c-18 0 -18 14 -12 24c6 12 -2 22 -22 22c-44 0 -78 -22 -78 -56Z',
        second,
      ),
      circle(66, 88, 11, main),
      circle(100, 72, 11, third),
      circle(136, 84, 11, paper),
      circle(58, 122, 11, TONE.mainDeep),
      group(
        at(150, 176, 1, 24),
        rect(-5, -126, 10, 84, TONE.secondDeep, 4),
        rect(-6, -48, 12, 14, dark),
        shape('M-7 -34h14c2 18 -2 28 -7 34c-5 -6 -9 -16 -7 -34Z', main),
      ),
    ].join('\n'),
  wrench: () =>
    [
      group(
        at(100, 100, 1, 42),
        rect(-11, -30, 22, 112, second, 10),
        shape('M-30 -80l12 30h36l12 -30c14 12 14 44 -8 56h-44c-22 -12 -22 -44 -8 -56Z', second),
        circle(0, 70, 5, paper),
      ),
      group(
        at(140, 150),
        ...[0, 45, 90, 135].map((turn) => group(at(0, 0, 1, turn), rect(-5, -28, 10, 56, main, 2))),
        circle(0, 0, 20, main),
        circle(0, 0, 9, paper),
      ),
    ].join('\n'),
  clock: () =>
    [
      circle(100, 106, 66, main),
      circle(100, 106, 54, paper),
      stroke('M100 70v36l24 18', dark, 6),
      stroke('M100 60v4M100 148v4M54 106h4M142 106h4', second, 5),
      circle(100, 106, 5, second),
    ].join('\n'),
  ticket: () =>
    [
      group(
        at(100, 108, 1, -10),
        shape('M-82 -40h164v26a14 14 0 0 0 0 28v26h-164v-26a14 14 0 0 0 0 -28Z', main),
        stroke('M34 -34v68', paper, 3),
        stroke('M-56 -14h62M-56 4h44M-56 20h30', paper, 5),
        circle(58, 0, 9, second),
      ),
    ].join('\n'),
  tote: () =>
    [
      stroke('M72 76V58c0 -36 56 -36 56 0v18', TONE.mainDeep, 6),
      shape('M44 70h112l10 106H34Z', second),
      shape('M126 70h30l10 106h-36Z', TONE.secondDeep),
      circle(92, 124, 22, main),
      group(at(92, 138, 1, 0), leaf(30, 10, paper)),
    ].join('\n'),
};
