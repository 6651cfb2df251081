import { INK, TONE, at, circle, ellipse, group, leaf, rect, ring, shape, stroke } from './kit.ts';
import type { MotifBook } from './motif.ts';

const { main, second, third, paper, dark } = INK;

export const NATURE: MotifBook = {
  stones: () =>
    [
      ellipse(100, 172, 76, 8, TONE.mainSoft),
      ellipse(100, 156, 58, 18, TONE.thirdDeep),
      ellipse(96, 126, 44, 15, third),
      ellipse(104, 101, 32, 12, main),
      ellipse(100, 80, 20, 9, second),
      group(at(100, 70, 1, 18), leaf(44, 12, third, paper)),
    ].join('\n'),
  lotus: () =>
    [
      ellipse(100, 160, 82, 10, TONE.thirdSoft),
      ...[-72, -48, 48, 72].map((turn) => group(at(100, 156, 1, turn), leaf(88, 22, TONE.mainSoft))),
      ...[-26, 26].map((turn) => group(at(100, 156, 1, turn), leaf(98, 25, main))),
      group(at(100, 156), leaf(106, 25, second)),
      ellipse(100, 158, 30, 7, third),
    ].join('\n'),
  monstera: () =>
    [
      ...[
        [-52, 82, 24],
        [-24, 108, 28],
        [8, 118, 28],
        [36, 100, 26],
        [60, 76, 22],
      ].map(([turn, length, width], index) =>
        group(at(100, 126, 1, turn), leaf(length!, width!, index % 2 ? third : TONE.thirdDeep, TONE.thirdSoft)),
      ),
      shape('M62 122h76l-8 48c-1 4 -4 6 -8 6H78c-4 0 -7 -2 -8 -6Z', main),
      shape('M116 122h22l-8 48c-1 4 -4 6 -8 6h-14c6 -12 8 -34 8 -54Z', TONE.mainDeep),
      rect(56, 116, 88, 14, TONE.mainDeep, 4),
    ].join('\n'),
  cactus: () =>
    [
      rect(82, 44, 36, 96, third, 18),
      stroke('M62 74v18c0 10 8 14 24 14M138 62v22c0 10 -8 14 -24 14', third, 18),
      stroke('M100 58v66M92 64v50M108 64v50', TONE.thirdDeep, 2),
      group(at(100, 46, 1, -30), leaf(20, 8, second)),
      group(at(100, 46, 1, 30), leaf(20, 8, second)),
      shape('M64 132h72l-8 40c-1 3 -3 4 -6 4H78c-3 0 -5 -1 -6 -4Z', main),
      stroke('M68 148h64', paper, 4),
    ].join('\n'),
  sprout: () =>
    [
      shape('M30 176c0 -30 32 -44 70 -44s70 14 70 44Z', TONE.mainDeep),
      stroke('M100 134c0 -28 0 -48 0 -66', third, 6),
      group(at(100, 104, 1, -58), leaf(62, 22, third, paper)),
      group(at(100, 84, 1, 52), leaf(66, 24, TONE.thirdDeep, paper)),
      group(at(100, 72, 1, -8), leaf(42, 14, second)),
      stroke('M58 160h0M84 150h0M120 158h0M140 166h0', second, 5),
    ].join('\n'),
  tree: () =>
    [
      rect(92, 110, 16, 66, TONE.mainDeep, 4),
      circle(72, 92, 38, TONE.thirdDeep),
      circle(128, 92, 38, third),
      circle(100, 60, 42, third),
      circle(86, 70, 5, second),
      circle(120, 56, 5, second),
      circle(134, 96, 5, second),
      circle(68, 100, 5, second),
      stroke('M100 130l-18 -18M100 120l16 -16', TONE.mainDeep, 5),
    ].join('\n'),
  bouquet: () =>
    [
      ...[-40, -14, 14, 40].map((turn, i) => group(at(100, 116, 1, turn), leaf(90, 14, i % 2 ? third : TONE.thirdDeep))),
      ...(
        [
          [66, 58, 17, main],
          [102, 40, 20, second],
          [138, 60, 17, main],
          [84, 84, 15, TONE.secondSoft],
          [122, 86, 14, TONE.mainSoft],
        ] as const
      ).flatMap(([x, y, r, fill]) => [
        ...[0, 72, 144, 216, 288].map((turn) => group(at(x, y, 1, turn), ellipse(0, -r * 0.6, r * 0.5, r * 0.62, fill))),
        circle(x, y, r * 0.32, TONE.mainDeep),
      ]),
      shape('M74 108h52c-4 20 12 34 6 56c-2 8 -8 12 -14 12H82c-6 0 -12 -4 -14 -12c-6 -22 10 -36 6 -56Z', paper),
      shape('M112 108h14c-4 20 12 34 6 56c-2 8 -8 12 -14 12h-12c14 -18 4 -44 6 -68Z', TONE.paperShade),
    ].join('\n'),
  mountains: () =>
    [
      circle(146, 58, 24, second),
      shape('M4 176L70 62l50 86l-14 28Z', TONE.mainSoft),
      shape('M62 176l66 -116l68 116Z', main),
      shape('M128 60l24 42l-14 -4l-10 12l-10 -12l-14 6Z', paper),
      shape('M128 60l24 42l20 74h-44Z', TONE.mainDeep),
      shape('M128 60l24 42l-14 -4l-10 12Z', TONE.paperShade),
      shape('M0 176c40 -22 90 -22 200 0Z', third),
    ].join('\n'),
  tent: () =>
    [
      circle(152, 54, 16, second),
      shape('M20 174L92 62l26 112Z', main),
      shape('M92 62l88 112h-62Z', TONE.mainDeep),
      shape('M92 62l26 112H70Z', dark),
      stroke('M92 62l-6 -16M92 62l10 -14', TONE.secondDeep, 4),
      stroke('M8 176h184', third, 5),
    ].join('\n'),
  dog: () =>
    [
      ellipse(100, 174, 62, 6, TONE.mainSoft),
      stroke('M142 150c22 2 26 -20 18 -32', second, 11),
      shape('M66 104c0 -10 62 -14 72 24c8 30 6 46 2 46H70c-6 -18 -4 -50 -4 -70Z', second),
      shape('M74 174v-44c12 8 22 22 24 44Z', TONE.secondDeep),
      shape(
        'M54 60c2 -18 20 -26 38 -24c20 2 30 16 28 36c-2 22 -14 36 -34 38c-18 2 -22 -10 -36 -14c-10 -2 -12 -16 -6 -22c4 -4 8 -4 10 -14Z',
        second,
      ),
      shape('M98 40c18 -2 30 16 26 40c-2 12 -14 12 -18 0c-4 -14 -4 -26 -8 -40Z', TONE.secondDeep),
      circle(76, 66, 4.5, dark),
      circle(47, 78, 6.5, dark),
      stroke('M78 110c14 8 30 6 40 -2', main, 8),
      circle(92, 120, 6, third),
    ].join('\n'),
  cat: () =>
    [
      ellipse(100, 174, 56, 6, TONE.mainSoft),
      stroke('M136 166c34 0 36 -34 22 -48', main, 10),
      shape('M66 176c-8 -40 6 -76 34 -76s42 36 34 76Z', main),
      shape('M62 44l18 18c12 -6 28 -6 40 0l18 -18c6 26 4 60 -14 68c-16 6 -32 6 -48 0c-18 -8 -20 -42 -14 -68Z', main),
      shape('M86 176c-4 -26 2 -44 14 -44s18 18 14 44Z', paper),
      circle(84, 82, 5, second),
      circle(116, 82, 5, second),
      shape('M95 94h10l-5 6Z', paper),
      stroke('M66 94l-20 -4M66 100l-18 4M134 94l20 -4M134 100l18 4', TONE.mainDeep, 2),
    ].join('\n'),
  barn: () =>
    [
      shape('M30 98l30 -42l40 -22l40 22l30 42v78H30Z', main),
      shape('M22 100l34 -50l44 -24l44 24l34 50l-10 4l-30 -44l-38 -20l-38 20l-30 44Z', TONE.mainDeep),
      rect(72, 116, 56, 60, paper),
      stroke('M72 116l56 60M128 116l-56 60M72 116h56v60H72Z', TONE.mainDeep, 4),
      rect(88, 66, 24, 26, paper, 2),
      stroke('M100 66v26M88 79h24', TONE.mainDeep, 3),
      stroke('M6 176h188', third, 6),
    ].join('\n'),
  sun: () =>
    [
      circle(100, 100, 40, second),
      ...Array.from({ length: 16 }, (_, i) => group(at(100, 100, 1, i * 22.5), stroke(i % 2 ? 'M0 -54V-66' : 'M0 -54V-78', main, 5))),
    ].join('\n'),
  shell: () =>
    [
      ...[-60, -36, -12, 12, 36, 60].map((turn, i) => group(at(100, 168, 1, turn), leaf(116, 25, i % 2 ? second : main))),
      group(at(100, 168), leaf(122, 22, TONE.secondSoft)),
      shape('M78 158h44l-8 18H86Z', TONE.mainDeep),
    ].join('\n'),
  lighthouse: () =>
    [
      shape('M110 54L196 26v44Z', TONE.secondSoft),
      shape('M84 72h32l14 98H70Z', paper),
      shape('M81 94h38l4 26H77ZM74 144h52l4 26H70Z', main),
      rect(86, 44, 28, 28, second, 2),
      shape('M80 46l20 -22l20 22Z', TONE.mainDeep),
      rect(78, 68, 44, 7, TONE.mainDeep, 3),
      shape('M16 176c20 -20 50 -12 84 -12s64 -8 84 12Z', TONE.thirdDeep),
      ring(100, 58, 7, paper, 2),
    ].join('\n'),
  boat: () =>
    [
      circle(48, 52, 20, second),
      stroke('M100 24v112', TONE.mainDeep, 5),
      shape('M106 30c36 24 50 56 54 92h-54Z', paper),
      shape('M94 44c-26 22 -40 48 -46 78h46Z', main),
      shape('M28 134h146c-8 24 -22 36 -44 36H72c-24 0 -38 -14 -44 -36Z', TONE.mainDeep),
      stroke('M6 176c14 -10 24 -10 36 0s24 10 38 0s26 -10 40 0s24 10 36 0s24 -8 36 0', third, 5),
    ].join('\n'),
  bird: () =>
    [
      shape('M40 96c6 -34 40 -46 66 -30c8 -22 34 -22 42 -4l24 8l-22 8c0 44 -28 72 -66 72c-26 0 -44 -10 -72 -34c16 0 24 -6 28 -20Z', main),
      shape('M66 104c20 -14 44 -10 56 6c-10 22 -36 30 -56 14c-4 -8 -4 -14 0 -20Z', TONE.mainDeep),
      circle(134, 68, 4.5, paper),
      stroke('M92 150v24M108 148v26M84 176h16M100 176h16', TONE.secondDeep, 4),
      group(at(30, 178, 1, 20), leaf(40, 10, third)),
    ].join('\n'),
};
