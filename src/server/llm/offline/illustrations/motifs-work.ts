import { INK, TONE, at, circle, group, mix, rect, ring, shape, stroke } from './kit.ts';
import type { MotifBook } from './motif.ts';

const { main, second, third, paper, dark } = INK;
const mixed = mix(paper, 25, dark);

export const WORK: MotifBook = {
  window: () =>
    [
      rect(14, 40, 172, 128, paper, 10),
      shape('M14 62V50c0 -6 4 -10 10 -10h152c6 0 10 4 10 10v12Z', TONE.paperShade),
      circle(28, 51, 4, main),
      circle(41, 51, 4, second),
      circle(54, 51, 4, third),
      rect(26, 76, 34, 8, main, 4),
      rect(26, 92, 28, 6, TONE.paperShade, 3),
      rect(26, 104, 32, 6, TONE.paperShade, 3),
      rect(26, 116, 24, 6, TONE.paperShade, 3),
      rect(74, 76, 46, 34, TONE.mainSoft, 5),
      rect(128, 76, 46, 34, TONE.secondSoft, 5),
      stroke('M78 152l20 -18l18 8l22 -22l30 10', main, 4),
      stroke('M74 158h100', TONE.paperShade, 3),
    ].join('\n'),
  phone: () =>
    [
      rect(56, 18, 88, 160, TONE.mainDeep, 18),
      rect(63, 26, 74, 144, paper, 12),
      rect(88, 31, 24, 6, TONE.mainDeep, 3),
      rect(71, 46, 58, 46, second, 8),
      circle(114, 62, 9, paper),
      shape('M71 84l18 -18l16 16l8 -6l16 12v4H71Z', main),
      rect(71, 101, 40, 7, main, 3),
      rect(71, 114, 56, 5, TONE.paperShade, 2),
      rect(71, 124, 48, 5, TONE.paperShade, 2),
      rect(71, 142, 58, 18, third, 9),
    ].join('\n'),
  terminal: () =>
    [
      rect(14, 42, 172, 128, TONE.mainDeep, 10),
      rect(14, 42, 172, 22, dark, 10),
      rect(14, 54, 172, 10, dark),
      circle(28, 53, 4, main),
      circle(41, 53, 4, second),
      circle(54, 53, 4, third),
      stroke('M32 84l10 8l-10 8', second, 4),
      stroke('M54 92h58M54 112h84M54 130h36', paper, 4.5),
      stroke('M100 130h26', third, 4.5),
      rect(32, 146, 10, 14, second),
    ].join('\n'),
  chart: () =>
    [
      rect(30, 116, 24, 60, TONE.mainSoft, 4),
      rect(64, 92, 24, 84, third, 4),
      rect(98, 104, 24, 72, TONE.mainSoft, 4),
      rect(132, 60, 24, 116, main, 4),
      stroke('M34 92l40 -30l34 14l50 -48', second, 5),
      shape('M146 22l22 -4l-4 22Z', second),
      stroke('M20 178h160', dark, 4),
    ].join('\n'),
  nodes: () =>
    [
      stroke('M50 60l50 44l50 -44M100 104v54M50 60v70l50 28l50 -28V60', TONE.mainSoft, 4),
      circle(50, 60, 18, main),
      circle(150, 60, 18, second),
      circle(100, 104, 24, TONE.mainDeep),
      circle(50, 132, 13, third),
      circle(150, 132, 13, third),
      circle(100, 162, 14, main),
      stroke('M91 104l6 7l12 -14', paper, 4),
    ].join('\n'),
  layers: () =>
    [
      shape('M100 108l80 34l-80 34l-80 -34Z', TONE.mainDeep),
      shape('M100 76l80 34l-80 34l-80 -34Z', main),
      shape('M100 44l80 34l-80 34l-80 -34Z', second),
      shape('M100 60l42 18l-42 18l-42 -18Z', TONE.secondSoft),
    ].join('\n'),
  shield: () =>
    [
      shape('M100 22l66 24v50c0 40 -26 66 -66 82c-40 -16 -66 -42 -66 -82V46Z', main),
      shape('M100 22l66 24v50c0 40 -26 66 -66 82Z', TONE.mainDeep),
      stroke('M70 98l22 24l40 -46', paper, 11),
    ].join('\n'),
  camera: () =>
    [
      shape('M70 62l10 -18h40l10 18h40c8 0 12 4 12 12v90c0 8 -4 12 -12 12H30c-8 0 -12 -4 -12 -12V74c0 -8 4 -12 12 -12Z', TONE.mainDeep),
      rect(18, 88, 164, 20, main),
      circle(100, 118, 44, paper),
      circle(100, 118, 36, dark),
      circle(100, 118, 25, third),
      circle(100, 118, 12, dark),
      circle(90, 106, 7, paper),
      rect(146, 70, 24, 10, second, 4),
      rect(34, 50, 24, 12, second, 3),
    ].join('\n'),
  frames: () =>
    [
      rect(22, 36, 82, 108, TONE.secondDeep, 3),
      rect(30, 44, 66, 92, paper),
      circle(74, 70, 12, second),
      shape('M30 136V108l22 -22l26 30l18 -12v32Z', main),
      rect(118, 66, 62, 62, dark, 3),
      rect(125, 73, 48, 48, paper),
      circle(149, 97, 16, third),
      shape('M149 81a16 16 0 0 1 0 32Z', main),
      rect(118, 140, 44, 34, main, 3),
      rect(124, 146, 32, 22, TONE.secondSoft),
    ].join('\n'),
  nib: () =>
    [
      rect(24, 30, 116, 146, paper, 4),
      stroke('M42 58h78M42 78h78M42 98h56M42 118h66M42 138h38', TONE.paperShade, 5),
      group(
        at(130, 150, 1, 38),
        shape('M-14 -110h28v62l-14 44l-14 -44Z', main),
        shape('M0 -110h14v62l-14 44Z', TONE.mainDeep),
        rect(-14, -120, 28, 14, second),
        circle(0, -44, 4, paper),
        stroke('M0 -40v28', paper, 2),
      ),
    ].join('\n'),
  scales: () =>
    [
      stroke('M100 40v130M44 58h112', TONE.mainDeep, 6),
      circle(100, 38, 11, second),
      stroke('M44 60l-22 52M44 60l22 52M156 60l-22 52M156 60l22 52', second, 3),
      shape('M14 110h60c-4 22 -14 30 -30 30s-26 -8 -30 -30Z', main),
      shape('M126 110h60c-4 22 -14 30 -30 30s-26 -8 -30 -30Z', main),
      shape('M60 176c4 -14 20 -16 40 -16s36 2 40 16Z', TONE.mainDeep),
    ].join('\n'),
  column: () =>
    [
      shape('M18 70L100 24l82 46Z', main),
      circle(100, 54, 9, second),
      rect(22, 72, 156, 12, TONE.mainDeep),
      ...[36, 76, 116, 156].flatMap((x) => [
        rect(x - 9, 86, 18, 70, paper),
        stroke(`M${x - 3} 90v62M${x + 4} 90v62`, TONE.paperShade, 2.5),
      ]),
      rect(22, 156, 156, 8, TONE.mainDeep),
      rect(12, 165, 176, 11, main),
    ].join('\n'),
  papers: () =>
    [
      group(at(96, 104, 1, -8), rect(-56, -68, 104, 138, TONE.secondSoft, 4)),
      rect(52, 36, 104, 140, paper, 4),
      rect(68, 54, 44, 9, main, 4),
      stroke('M70 84h68M70 98h68M70 112h46', TONE.paperShade, 5),
      rect(70, 130, 18, 30, TONE.mainSoft),
      rect(92, 120, 18, 40, main),
      circle(136, 146, 17, second),
      stroke('M128 146l6 6l10 -12', paper, 4),
    ].join('\n'),
  handshake: () =>
    [
      circle(70, 66, 24, second),
      circle(134, 60, 24, main),
      shape('M26 176c0 -46 16 -76 44 -76s44 30 44 76Z', TONE.secondDeep),
      shape('M86 176c0 -50 18 -82 48 -82s46 32 46 82Z', TONE.mainDeep),
      shape('M86 176c0 -22 4 -40 12 -54c10 12 16 30 16 54Z', main),
    ].join('\n'),
  bulb: () =>
    [
      circle(100, 82, 50, second),
      shape('M72 118h56l-8 30H80Z', second),
      rect(80, 142, 40, 10, TONE.mainDeep, 4),
      rect(84, 156, 32, 10, TONE.mainDeep, 4),
      rect(90, 168, 20, 8, dark, 4),
      stroke('M84 88c6 14 8 24 8 44M116 88c-6 14 -8 24 -8 44M84 88l16 10l16 -10', TONE.mainDeep, 3.5),
    ].join('\n'),
  calendar: () =>
    [
      rect(28, 42, 144, 134, paper, 10),
      shape('M28 78V52c0 -6 4 -10 10 -10h124c6 0 10 4 10 10v26Z', main),
      stroke('M62 30v24M138 30v24', TONE.mainDeep, 7),
      ...[0, 1, 2, 3, 4].flatMap((col) =>
        [0, 1, 2].map((row) =>
          rect(44 + col * 24, 92 + row * 27, 15, 15, col === 2 && row === 1 ? second : col === 4 && row === 0 ? third : TONE.paperShade, 4),
        ),
      ),
    ].join('\n'),
  badge: () =>
    [
      stroke('M64 6l34 58M136 6l-34 58', main, 9),
      rect(50, 64, 100, 112, paper, 10),
      shape('M50 92V74c0 -6 4 -10 10 -10h80c6 0 10 4 10 10v18Z', second),
      rect(86, 72, 28, 7, paper, 3),
      circle(100, 118, 15, TONE.mainSoft),
      shape('M76 150c2 -14 10 -18 24 -18s22 4 24 18Z', main),
      stroke('M80 162h40', TONE.paperShade, 5),
    ].join('\n'),
  stage: () =>
    [
      shape('M22 14h20l46 130H8Z', TONE.secondSoft),
      shape('M178 14h-20l-46 130h80Z', TONE.mainSoft),
      rect(8, 140, 184, 36, TONE.mainDeep, 3),
      rect(80, 96, 40, 46, second, 3),
      shape('M72 92h56l-6 12H78Z', TONE.secondDeep),
      stroke('M100 92V72', dark, 4),
      circle(100, 66, 8, dark),
      rect(14, 6, 36, 12, dark, 4),
      rect(150, 6, 36, 12, dark, 4),
    ].join('\n'),
  microphone: () =>
    [
      stroke('M52 92c0 34 18 52 48 52s48 -18 48 -52M100 144v30M66 176h68', TONE.mainDeep, 8),
      rect(70, 20, 60, 106, main, 30),
      stroke('M82 48h36M82 64h36M82 80h36M82 96h36', TONE.mainDeep, 4),
      circle(164, 44, 8, second),
      stroke('M26 60v40M14 70v20M174 66v32M188 74v16', second, 5),
    ].join('\n'),
  wave: () =>
    [26, 60, 96, 44, 120, 76, 138, 58, 104, 34, 70, 22]
      .map((height, i) => rect(14 + i * 14.8, 100 - height / 2, 9, height, i % 4 === 2 ? second : i % 4 === 0 ? third : main, 4.5))
      .join('\n'),
  headphones: () =>
    [
      stroke('M40 122V98c0 -38 24 -66 60 -66s60 28 60 66v24', TONE.mainDeep, 11),
      rect(26, 108, 36, 60, main, 14),
      rect(138, 108, 36, 60, main, 14),
      rect(50, 112, 14, 52, second, 7),
      rect(136, 112, 14, 52, second, 7),
    ].join('\n'),
  guitar: () =>
    [
      group(
        at(100, 108, 1, 28),
        rect(-6, -106, 12, 104, TONE.secondDeep),
        rect(-11, -124, 22, 24, TONE.mainDeep, 4),
        shape('M-28 0c-2 -22 14 -28 28 -28s30 6 28 28c-2 12 14 16 14 40c0 26 -18 38 -42 38s-42 -12 -42 -38c0 -24 16 -28 14 -40Z', main),
        circle(0, 18, 13, dark),
        ring(0, 18, 17, second, 3),
        rect(-16, 50, 32, 7, dark, 3),
        stroke('M-3 -100V50M3 -100V50', paper, 1.4),
      ),
    ].join('\n'),
  record: () =>
    [
      rect(14, 44, 118, 122, main, 4),
      shape('M14 166L132 44v122Z', TONE.mainDeep),
      circle(126, 105, 58, dark),
      ring(126, 105, 46, mixed, 1.5),
      ring(126, 105, 36, mixed, 1.5),
      circle(126, 105, 20, second),
      circle(126, 105, 4, paper),
    ].join('\n'),
  globe: () =>
    [
      circle(100, 94, 64, TONE.thirdSoft),
      shape(
        'M60 54c20 -14 34 -2 30 14c-4 14 -24 8 -28 26c-4 14 -18 4 -22 -8c0 -14 8 -24 20 -32ZM112 84c20 -8 44 -2 48 14c0 22 -14 40 -28 48c-12 -6 -6 -24 -18 -32c-10 -8 -14 -24 -2 -30Z',
        third,
      ),
      stroke('M52 26c-40 34 -42 98 0 132M100 158v16M72 176h56', TONE.mainDeep, 5),
      circle(128, 40, 5, main),
    ].join('\n'),
};
