import { expect, test } from 'vitest';
import { durationAxis, isCrowded, logHeight, PLOT } from '../../src/components/queue/chart-shapes.ts';

const heightsUpTo = (ms: number) => {
  const { fromMs, toMs, steps } = durationAxis([ms]);
  return { steps, heights: steps.map((step) => logHeight(step, fromMs, toMs)) };
};

test('labels that would touch are left out, evenly', () => {
  const { steps, heights } = heightsUpTo(30_000_000);
  const shown = steps.filter((_step, index) => !isCrowded(heights)[index]);
  expect(shown).toEqual([10, 1_000, 60_000, 3_600_000]);
});

test('few labels all have room, from wherever they are counted', () => {
  const { heights } = heightsUpTo(1_000);
  expect(isCrowded(heights)).toEqual([false, false, false]);
  expect(isCrowded([PLOT.top, (PLOT.top + PLOT.bottom) / 2, PLOT.bottom])).toEqual([false, false, false]);
});
